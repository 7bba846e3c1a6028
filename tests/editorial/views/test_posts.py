import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from editorial.actions import approval
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import Delivery, Post
from editorial.views import presenting
from tests.factories import ApprovalFactory, DeliveryFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

NEW = "/redaktion/beitraege/neu/"


def content(**changes):
    slot = timezone.localtime() + dt.timedelta(days=2)
    return {
        "text": "Unser Servicecenter hilft Ihnen weiter.",
        "topic": "dienstleistungen",
        "audiences": ["stadtgesellschaft"],
        "source_url": "https://www.jobcenter-bremen.de/service",
        "twin_url": "https://www.jobcenter-bremen.de/service",
        "slot": f"{slot:%Y-%m-%dT%H:%M}",
        **changes,
    }


def step(client, post, slug, **data):
    return client.post(f"/redaktion/beitraege/{post.pk}/schritt/{slug}/", data)


def codes_on(page):
    return [objection.code for objection in page.context["refused"]]


def test_a_post_without_a_buttons_name_saves_and_shows_the_reading_page(login):
    answer = login().post(NEW, content())
    post = Post.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/redaktion/beitraege/{post.pk}/")
    assert (post.state, post.kind, post.topic.slug) == (PostState.DRAFT, "post", "dienstleistungen")


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ({}, "Der Entwurf ist gespeichert."),
        ({"idee": "1"}, "Die Idee ist abgelegt."),
        ({"einreichen": "1"}, "Gespeichert. Der Beitrag wartet auf die Freigabe."),
    ],
)
def test_after_saving_a_sentence_says_what_came_of_it(login, button, sentence):
    assert sentence in login().post(NEW, content(**button), follow=True).content.decode()


def test_saving_what_is_approved_unchanged_says_so_and_leaves_the_approval(login):
    client = login()
    client.post(NEW, content())
    post = approval.submit(Post.objects.get(), by=client.person)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    answer = client.post(f"/redaktion/beitraege/{post.pk}/bearbeiten/", content(), follow=True)
    assert "Es hat sich nichts geändert." in answer.content.decode()
    assert Post.objects.get().state == PostState.APPROVED


def test_what_is_deleted_from_the_channel_is_no_longer_linked_there(login):
    delivery = DeliveryFactory(published=True)
    Delivery.objects.update(external_url="https://x.com/demo/status/1")
    client, page = login(), f"/redaktion/beitraege/{delivery.post_id}/"
    assert "Auf dem Kanal ansehen" in client.get(page).content.decode()
    Delivery.objects.update(state=DeliveryState.DELETED)
    assert "Auf dem Kanal ansehen" not in client.get(page).content.decode()


def test_an_empty_draft_saves(login):
    assert login().post(NEW, {}).status_code == 302
    assert Post.objects.get().text == ""


def test_saving_and_handing_in_at_once(login):
    login().post(NEW, content(einreichen="1"))
    assert Post.objects.get().state == PostState.IN_REVIEW


def test_handing_in_what_is_incomplete_saves_it_and_says_what_is_missing(login):
    answer = login().post(NEW, content(einreichen="1", topic=""))
    assert answer.status_code == 409
    assert codes_on(answer) == ["topic.missing"]
    assert "Bitte wählen Sie ein Thema." in answer.content.decode()
    assert Post.objects.get().state == PostState.DRAFT


@pytest.mark.parametrize(
    ("slot", "sentence"),
    [
        ("2027-03-28T02:30", "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ("2026-10-25T02:30", "Diese Uhrzeit gibt es an diesem Tag zweimal"),
        ("morgen", "Bitte geben Sie Tag und Uhrzeit an"),
    ],
)
def test_a_slot_the_clock_does_not_show_is_refused_at_the_field_and_nothing_typed_is_lost(login, slot, sentence):
    answer = login().post(NEW, content(slot=slot))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "Unser Servicecenter hilft Ihnen weiter." in page
    assert Post.objects.count() == 0


def test_an_address_that_is_none_is_refused_at_its_field(login):
    answer = login().post(NEW, content(source_url="kein link"))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_too_long_a_text_saves_as_a_draft_but_is_not_handed_in(login):
    client = login()
    client.post(NEW, content(text="ä" * 281))
    post = Post.objects.get()
    answer = step(client, post, "einreichen")
    assert (answer.status_code, codes_on(answer)) == (409, ["text.too_long"])
    assert "um 1 Zeichen zu lang" in answer.content.decode()


def test_a_slot_in_the_past_is_refused_when_handed_in(login):
    client = login()
    client.post(NEW, content(slot="2026-01-05T09:00"))
    answer = step(client, Post.objects.get(), "einreichen")
    assert (answer.status_code, codes_on(answer)) == (409, ["slot.past"])


def test_the_slot_is_berlin_time(login):
    login().post(NEW, content(slot="2027-07-01T09:00"))
    post = Post.objects.get()
    assert (post.slot, post.slot_wall) == (dt.datetime(2027, 7, 1, 7, tzinfo=dt.UTC), "2027-07-01T09:00")


def test_a_day_clicked_in_the_plan_is_the_slot_of_the_new_draft(login):
    page = login().get(NEW + "?slot=2027-07-01T09:00").content.decode()
    assert 'value="2027-07-01T09:00"' in page
    assert login().get(NEW + "?slot=unsinn").status_code == 200


def test_the_whole_way_to_the_approval_by_hand(login):
    proe, gf = login(), login(Role.GF)
    proe.post(NEW, content())
    post = Post.objects.get()
    assert step(proe, post, "einreichen").status_code == 302
    page = gf.get(f"/redaktion/beitraege/{post.pk}/")
    assert f'name="digest" value="{page.context["digest"]}"' in page.content.decode()
    answer = step(gf, post, "freigeben", digest=page.context["digest"])
    assert (answer.status_code, answer["Location"]) == (302, f"/redaktion/beitraege/{post.pk}/")
    assert post.deliveries.get().state == DeliveryState.SCHEDULED


def test_an_approval_of_an_older_text_is_refused_with_the_page(login):
    post = approval.submit(PostFactory(), by=person())
    answer = step(login(Role.GF), post, "freigeben", digest="0" * 64)
    assert (answer.status_code, codes_on(answer)) == (409, ["approval.changed_since"])


def test_ones_own_work_is_refused(login):
    gf = login(Role.GF)
    post = approval.submit(PostFactory(written_by=gf.person), by=person())
    answer = step(gf, post, "freigeben", digest=post.digest())
    assert (answer.status_code, codes_on(answer)) == (409, ["approval.own_work"])


@pytest.mark.parametrize(
    ("role", "slug", "status"),
    [
        (Role.PROE, "freigeben", 403),
        (Role.GF, "eilfreigeben", 403),
        (Role.GF, "zurueckziehen", 403),
        (Role.PROE, "ablehnen", 403),
        (Role.FACH, "einreichen", 403),
        (Role.ADMIN, "freigeben", 403),
        (Role.DSB, "freigeben", 403),
        (Role.GF, "ablehnen", 409),
        (Role.PROE, "unsinn", 404),
    ],
)
def test_a_wrong_role_is_told_so_and_an_unknown_step_is_not_found(login, role, slug, status):
    post = approval.submit(PostFactory(), by=person())
    assert step(login(role), post, slug).status_code == status


def test_without_a_log_in_the_step_leads_to_the_log_in_page(client):
    answer = step(client, PostFactory(), "einreichen")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/anmelden/?next=")


def test_an_unknown_beitrag_is_not_found(login):
    assert login().get("/redaktion/beitraege/999/").status_code == 404
    assert login().post("/redaktion/beitraege/999/schritt/einreichen/").status_code == 404


def test_a_step_is_taken_by_post_only(login):
    post = PostFactory()
    assert login().get(f"/redaktion/beitraege/{post.pk}/schritt/einreichen/").status_code == 405


def test_rescheduling_asks_for_a_real_moment(login):
    post = ApprovalFactory().post
    answer = step(login(), post, "verschieben", slot="2027-03-28T02:30")
    assert (answer.status_code, codes_on(answer)) == (409, ["slot.not_existing"])
    assert step(login(), post, "verschieben", slot="2027-03-28T03:30").status_code == 302
    assert Post.objects.get().state == PostState.IN_REVIEW


def test_every_step_possible_now_is_a_form_on_the_page(login):
    post = approval.submit(PostFactory(), by=person())
    page = login(Role.GF).get(f"/redaktion/beitraege/{post.pk}/").content.decode()
    for slug in ("freigeben", "aendern-lassen", "ablehnen", "verschieben"):
        assert f'action="/redaktion/beitraege/{post.pk}/schritt/{slug}/"' in page


def test_copying_makes_a_new_draft_without_a_date(login):
    delivery = DeliveryFactory(published=True, slot=timezone.now() - dt.timedelta(days=1))
    answer = login().post(f"/redaktion/beitraege/{delivery.post_id}/kopieren/")
    copied = Post.objects.latest("pk")
    assert answer["Location"] == reverse("editorial:post_edit", args=[copied.pk])
    assert (copied.slot, copied.text) == (None, delivery.post.text)


def test_a_null_byte_is_refused_with_a_sentence(login):
    answer = login().post(NEW, content(text="a\x00b"))
    assert answer.status_code == 422


def test_line_ends_count_once(login):
    login().post(NEW, content(text="eins\r\nzwei"))
    assert Post.objects.get().text == "eins\nzwei"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(login, rows, django_assert_num_queries):
    for _ in range(rows):
        DeliveryFactory()
    client = login()
    client.get("/redaktion/beitraege/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/redaktion/beitraege/")


LIST_QUERIES = 8


def test_the_list_is_paged_and_searched(login):
    for number in range(31):
        PostFactory(text=f"Beitrag mit Wort{number}wort")
    client = login()
    assert len(client.get("/redaktion/beitraege/").context["rows"]) == 30
    assert len(client.get("/redaktion/beitraege/?seite=2").context["rows"]) == 1
    assert len(client.get("/redaktion/beitraege/?q=Wort7wort").context["rows"]) == 1
    assert "Nichts gefunden" in client.get("/redaktion/beitraege/?q=gibtesnicht").content.decode()


def test_pages_show_pictures_with_their_alt_text(login):
    post = PostFactory(media=[MediumFactory(alt_text="Ein gelbes Haus")])
    assert 'alt="Ein gelbes Haus"' in login().get(f"/redaktion/beitraege/{post.pk}/").content.decode()


@pytest.mark.parametrize("number", ["9" * 30, "-1", "x", "٣"])
def test_odd_numbers_are_answered_not_crashed_on(login, number):
    client = login()
    assert client.post(NEW, content(media=[number])).status_code == 422
    assert client.post("/redaktion/beitraege/pruefen/", content(post=number)).status_code == 200
    assert client.get(f"/redaktion/beitraege/{'9' * 30}/").status_code == 404


def test_pictures_offered_are_shown_with_the_chosen_one_marked(login):
    chosen, other = MediumFactory(), MediumFactory()
    post = PostFactory(media=[chosen])
    page = login().get(f"/redaktion/beitraege/{post.pk}/bearbeiten/").content.decode()
    assert f'value="{chosen.pk}" id="id_media_{chosen.pk}" checked' in page
    assert f'value="{other.pk}" id="id_media_{other.pk}">' in page


def test_what_was_sent_or_withdrawn_offers_no_composer_in_which_words_would_be_lost(login):
    sent = DeliveryFactory(published=True, slot=timezone.now() - dt.timedelta(days=1)).post
    gone = PostFactory(withdrawn=True)
    client = login()
    for post, code in ((sent, "post.already_sent"), (gone, "step.wrong_state")):
        edit = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
        assert f'href="{edit}">' not in client.get(f"/redaktion/beitraege/{post.pk}/").content.decode()
        answer = client.get(edit)
        assert (answer.status_code, codes_on(answer)) == (409, [code])


def test_an_approval_without_a_date_shows_the_slot_it_was_planned_for(login):
    post = approval.submit(PostFactory(slot=None), by=person())
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    client = login()
    assert "Noch kein Termin" in client.get(f"/redaktion/beitraege/{post.pk}/").content.decode()
    assert step(client, post, "einplanen", slot="2027-07-01T09:00").status_code == 302
    page = client.get(f"/redaktion/beitraege/{post.pk}/")
    assert page.context["shown_slot"] == page.context["preview"]["at"] == dt.datetime(2027, 7, 1, 7, tzinfo=dt.UTC)
    assert "Noch kein Termin" not in page.content.decode()


def test_a_refused_step_shows_the_beitrag_as_it_stands_now(login):
    post = approval.submit(PostFactory(), by=person())
    proe = login()
    approval.withdraw(post, by=person())
    answer = step(proe, post, "verschieben", slot="2027-07-01T09:00")
    assert (answer.status_code, answer.context["shown_state"]) == (409, PostState.WITHDRAWN)


def test_handing_in_again_what_is_in_review_just_saves_it(login):
    post = approval.submit(PostFactory(), by=person())
    edit = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    assert login().post(edit, content(text="Neuer Text.", einreichen="1")).status_code == 302
    assert (Post.objects.get().state, Post.objects.get().text) == (PostState.IN_REVIEW, "Neuer Text.")


def test_what_the_browser_saved_by_itself_can_still_be_filed_as_an_idea(login):
    client = login()
    address = client.post(NEW, content(), headers={"X-Autosave": "1"}).json()["url"]
    assert client.post(address, content(idee="1")).status_code == 302
    post = Post.objects.get()
    assert (post.state, presenting.history(post)[-1]["title"]) == (PostState.IDEA, "Als Idee abgelegt")


def test_an_idea_that_is_complete_can_be_handed_in_as_it_is(login):
    client = login()
    client.post(NEW, content(idee="1"))
    post = Post.objects.get()
    assert post.state == PostState.IDEA
    assert client.post(f"/redaktion/beitraege/{post.pk}/bearbeiten/", content(einreichen="1")).status_code == 302
    assert Post.objects.get().state == PostState.IN_REVIEW


def test_what_was_typed_with_a_refused_step_stands_in_its_form_again(login):
    post = approval.submit(PostFactory(), by=person())
    answer = step(login(Role.GF), post, "verschieben", slot="2027-03-28T02:30", reason="")
    offered = {one["slug"]: one for one in answer.context["steps"]}
    assert offered["verschieben"]["open"]
    assert 'name="slot" id="step-' in answer.content.decode()
    assert 'value="2027-03-28T02:30"' in answer.content.decode()
    assert "open" not in offered["ablehnen"]
