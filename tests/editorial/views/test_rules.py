import pytest
from django.utils import timezone

from editorial.actions import rule_changes
from editorial.enums import Role
from editorial.models import RuleChange
from editorial.rules.register import REGISTER
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

RULES = "/redaktion/regeln/"
RULE = f"{RULES}figures_have_a_source/"


def test_the_page_lists_every_rule_with_clause_strength_and_count(login, django_assert_max_num_queries):
    DeliveryFactory(slot=timezone.now(), rule_results={"house_style": ["text.style"]})
    client = login()
    with django_assert_max_num_queries(10):
        page = client.get(RULES)
    text = page.content.decode()
    assert all(about.sentence in text for about in REGISTER.values())
    assert "„mit echten Fakten und Daten seriöse Ansprache“" in text
    rows = {row["name"]: row for _, _, part in page.context["parts"] for row in part}
    assert (rows["house_style"]["count"], rows["house_style"]["blocks"]) == (1, False)
    assert (rows["figures_have_a_source"]["count"], rows["figures_have_a_source"]["blocks"]) == (0, True)


def test_a_change_is_proposed_agreed_to_and_ended(login):
    proe, director = login(), login(Role.GF)
    page = proe.post(RULE, {"reason": "Erprobung bis Ostern"}, follow=True).content.decode()
    assert "Die Geschäftsführung muss noch zustimmen." in page
    change = RuleChange.objects.get()
    assert "Erprobung bis Ostern" in director.get(RULES).content.decode()
    director.post(f"{RULES}aenderungen/{change.pk}/", {"zustimmen": "1"})
    rows = {row["name"]: row for _, _, part in proe.get(RULES).context["parts"] for row in part}
    assert (rows["figures_have_a_source"]["blocks"], rows["figures_have_a_source"]["is_changed"]) == (False, True)
    page = proe.post(f"{RULES}aenderungen/{change.pk}/", {"beenden": "1"}, follow=True).content.decode()
    assert "Beenden kann das nur die Geschäftsführung." in page
    director.post(f"{RULES}aenderungen/{change.pk}/", {"beenden": "1"})
    assert not RuleChange.objects.not_ended().exists()


def test_an_exception_names_its_beitrag(login):
    post, client = PostFactory(), login()
    client.post(RULE, {"post": str(post.pk), "reason": "Nur hier"})
    assert RuleChange.objects.get().post == post
    assert f"Beitrag {post.pk}</a>" in client.get(RULE).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "Bitte nennen Sie den Grund."),
        ({"reason": "Darum", "post": "999999"}, "Diesen Beitrag gibt es nicht."),
        ({"reason": "Darum", "post": "9" * 30}, "Diesen Beitrag gibt es nicht."),
        ({"reason": "Darum", "post": "abc"}, "nur die Nummer"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_stays_there(login, typed, sentence):
    answer = login().post(RULE, typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert typed["reason"] in answer.content.decode()


def test_a_second_proposal_is_refused_with_a_sentence(login):
    rule_changes.ask("figures_have_a_source", reason="x", by=person())
    answer = login().post(RULE, {"reason": "Noch einmal"})
    assert answer.status_code == 409
    assert "schon eine Änderung" in answer.content.decode()
    assert "Noch einmal" in answer.content.decode()


def test_what_is_fixed_has_no_form_and_takes_none(login):
    client, where = login(), f"{RULES}everyone_shown_has_consented/"
    page = client.get(where).content.decode()
    assert "Die Stärke lässt sich nicht ändern." in page
    assert "Vorschlagen" not in page
    assert client.post(where, {"reason": "x"}).status_code == 409
    assert not RuleChange.objects.exists()


def test_the_administration_reads_only(login):
    client = login(Role.ADMIN)
    assert client.get(RULES).status_code == 200
    assert client.post(RULE, {"reason": "x"}).status_code == 403


def test_a_rule_that_does_not_exist_is_not_found(login):
    assert login().get(f"{RULES}gibt_es_nicht/").status_code == 404
