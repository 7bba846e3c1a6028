"""What the Fachberatung reads of the Beiträge, wherever Beiträge stand: nothing confidential (K-37)."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from editorial.actions import approval, drafting
from editorial.enums import ConsultationState, PostState, Role
from editorial.models import Post, Topic
from editorial.views import plan
from tests.factories import (
    ConsentFactory,
    ConsultationFactory,
    DeliveryFactory,
    DepartmentFactory,
    MediumFactory,
    OfferFactory,
    PostFactory,
    person,
)

pytestmark = pytest.mark.django_db
SOON = timezone.now() + dt.timedelta(minutes=90)
STYLES = [f"plan/?ansicht={style}&datum={{day}}" for style in ("monat", "woche", "liste")]
LISTS = [*STYLES, "plan.csv?von={day}&bis={day}", "plan.ics?von={day}&bis={day}", "beitraege/", "beitraege.csv"]


@pytest.fixture
def expert():
    return person(Role.FACH)


def client_of(somebody):
    client = Client()
    client.force_login(somebody)
    return client


def story(**fields):
    topic = Topic.objects.get(slug="vorzeigegeschichten")
    return PostFactory(topic=topic, consents=[ConsentFactory()], slot=SOON, **fields)


def everything(expert):
    """Of each kind one, by the word that stands in its text: those the Fachberatung reads, and those she does not."""
    DeliveryFactory(approval__post__text="Freigegebenes", slot=SOON)
    DeliveryFactory(approval__post__text="Veröffentlichtes", slot=SOON, published=True)
    asked = PostFactory(text="Gefragtes", slot=SOON)
    ConsultationFactory(post=asked, person=expert)
    of_department = PostFactory(text="Abteilungssache", slot=SOON)
    ConsultationFactory(post=of_department, person=None, department=DepartmentFactory(members=[expert]))
    PostFactory(text="Ideechen", slot=SOON, state=PostState.IDEA, written_by=expert)
    shown = ["Freigegebenes", "Veröffentlichtes", "Gefragtes", "Abteilungssache", "Ideechen"]
    PostFactory(text="Unfertiges", slot=SOON)
    PostFactory(text="Wartendes", slot=SOON, in_review=True)
    PostFactory(text="Zurückgezogenes", slot=SOON, withdrawn=True)
    PostFactory(text="Fremdidee", slot=SOON, state=PostState.IDEA)
    ConsultationFactory(post=PostFactory(text="Andernorts", slot=SOON))
    taken_back = PostFactory(text="Zurückgenommenes", slot=SOON)
    ConsultationFactory(post=taken_back, person=expert, state=ConsultationState.WITHDRAWN)
    ConsultationFactory(post=story(text="Lebensgeschichte"), person=expert)
    hidden = ["Unfertiges", "Wartendes", "Zurückgezogenes", "Fremdidee", "Andernorts", "Zurückgenommenes"]
    return shown, [*hidden, "Lebensgeschichte"]


@pytest.mark.parametrize("where", LISTS)
def test_lists_and_plan_show_what_is_approved_her_ideas_and_what_she_was_asked_about(expert, where, monkeypatch):
    monkeypatch.setattr(plan, "MOST_IN_MONTH", 20)  # else the month would leave some out for want of room
    shown, hidden = everything(expert)
    path = f"/redaktion/{where}".format(day=timezone.localdate(SOON))
    page = client_of(expert).get(path).content.decode()
    assert [word for word in [*shown, *hidden] if word in page] == shown


def test_the_editors_read_everything(expert):
    shown, hidden = everything(expert)
    page = client_of(person()).get("/redaktion/beitraege/").content.decode()
    assert [word for word in [*shown, *hidden] if word not in page] == []


def test_the_numbers_at_the_tabs_count_only_what_is_read(expert):
    everything(expert)
    tabs = client_of(expert).get("/redaktion/beitraege/").context["tabs"]
    assert {tab["label"]: tab["count"] for tab in tabs} == {
        "Alle": 5,
        "Ideen": 1,
        "Entwürfe": 2,
        "In Freigabe": 0,
        "Freigegeben": 2,
        "Zurückgezogen": 0,
    }


def test_the_page_of_a_beitrag_opens_for_those_only(expert):
    shown, _ = everything(expert)
    client = client_of(expert)
    opened = {
        post.text for post in Post.objects.all() if client.get(f"/redaktion/beitraege/{post.pk}/").status_code == 200
    }
    assert opened == set(shown)
    refused = Post.objects.get(text="Unfertiges")
    assert client.get(f"/redaktion/beitraege/{refused.pk}/").status_code == 403


def test_a_success_story_is_read_once_it_is_approved(expert):
    post = story(text="Lebensgeschichte", written_by=person())
    page = f"/redaktion/beitraege/{post.pk}/"
    assert client_of(expert).get(page).status_code == 403
    Post.objects.update(state=PostState.APPROVED)
    assert client_of(expert).get(page).status_code == 200


def test_reasons_of_the_house_stand_in_no_page_of_hers(expert):
    proe, other, gf = person(), person(), person(Role.GF)
    post = approval.submit(PostFactory(slot=SOON, written_by=proe), by=proe)
    post = approval.request_changes(post, "Zu nah an einem Einzelfall.", by=gf)
    post = approval.submit(drafting.save(post, {"text": "Jetzt allgemein."}, by=proe), by=proe)
    approval.approve_express(post, by=other, seen_digest=post.digest(), reason="Anruf aus dem Rathaus.")
    page = f"/redaktion/beitraege/{post.pk}/"
    seen, known = (client_of(one).get(page).content.decode() for one in (expert, gf))
    for reason in ("Zu nah an einem Einzelfall.", "Anruf aus dem Rathaus."):
        assert (reason in seen, reason in known) == (False, True)
    assert "Änderungen erbeten" in seen


def test_a_file_is_seen_with_a_beitrag_that_is_read_or_asked_about(expert):
    approved, asked, draft, unused = MediumFactory.create_batch(4)
    PostFactory(approved=True, media=[approved])
    ConsultationFactory(post=story(media=[asked]), person=expert)
    PostFactory(media=[draft])
    client = client_of(expert)
    found = [
        client.get(f"/redaktion/medien/{medium.pk}/datei/").status_code for medium in (approved, asked, draft, unused)
    ]
    assert found == [200, 200, 403, 403]


def test_a_register_names_no_draft(expert):
    offer = OfferFactory()
    PostFactory(text="Unfertiges", entry=offer.entry_ptr)
    PostFactory(text="Freigegebenes", entry=offer.entry_ptr, approved=True)
    page = client_of(expert).get(f"/redaktion/register/serviceangebote/{offer.pk}/").content.decode()
    assert ("Freigegebenes" in page, "Unfertiges" in page) == (True, False)


def test_what_collides_is_said_to_the_editors_only(expert):
    PostFactory(text="Unfertiges", slot=SOON), PostFactory(text="Unfertiges", slot=SOON)
    path = f"/redaktion/plan/?ansicht=woche&datum={timezone.localdate(SOON)}"
    assert client_of(expert).get(path).context["collisions"] == []
    assert client_of(person()).get(path).context["collisions"] != []
