import pytest

from editorial.enums import Role
from editorial.models import AuditEntry, Election, GlossaryTerm, PublishedContact, TrustedSite
from editorial.rules.known import Known

pytestmark = pytest.mark.django_db

TERMS = "/redaktion/einstellungen/listen/abkuerzungen/"
CONTACTS = "/redaktion/einstellungen/listen/kontaktdaten/"
SITES = "/redaktion/einstellungen/listen/websites/"
ELECTIONS = "/redaktion/einstellungen/listen/wahlen/"


def steps():
    return list(AuditEntry.objects.order_by("position").values_list("step", "note"))


def test_a_new_abbreviation_is_listed_and_recorded(login):
    client = login()
    page = client.post(TERMS, {"short": "XYZ", "meaning": "Drei Buchstaben"}, follow=True)
    assert "Gespeichert: XYZ." in page.content.decode()
    assert GlossaryTerm.objects.get(short="XYZ").meaning == "Drei Buchstaben"
    assert steps() == [("keep_entry", "XYZ")]


def test_an_entry_is_changed_and_removed(login):
    client, term = login(), GlossaryTerm.objects.get(short="BuT")
    where = f"{TERMS}{term.pk}/"
    assert "Bildung und Teilhabe" in client.get(where).content.decode()
    client.post(where, {"short": "BuT", "meaning": "Bildung und Teilhabe", "spell_out": ""})
    assert not GlossaryTerm.objects.get(pk=term.pk).spell_out
    client.post(where, {"entfernen": "1"})
    assert not GlossaryTerm.objects.filter(pk=term.pk).exists()
    assert steps() == [("keep_entry", "BuT"), ("remove_entry", "BuT")]


def test_saving_the_same_changes_nothing(login):
    term = GlossaryTerm.objects.get(short="SGB")
    page = login().post(f"{TERMS}{term.pk}/", {"short": "SGB", "meaning": term.meaning}, follow=True)
    assert "Es hat sich nichts geändert." in page.content.decode()
    assert steps() == []


@pytest.mark.parametrize(
    ("where", "typed", "sentence"),
    [
        (TERMS, {"short": "SGB", "meaning": "x"}, "Diese Abkürzung steht schon in der Liste."),
        (TERMS, {"short": "z. B.", "meaning": "x"}, "nur aus Buchstaben"),
        (CONTACTS, {"value": "anrufen", "purpose": "x"}, "keine Telefonnummer und keine E-Mail-Adresse"),
        (CONTACTS, {"value": "a@b", "purpose": "x"}, "E-Mail"),
        (SITES, {"domain": "iab.de", "name": "x", "reason": "y"}, "Diese Website steht schon in der Liste."),
        (SITES, {"domain": "keine", "name": "x", "reason": "y"}, "kein Name einer Website"),
        (ELECTIONS, {"name": "x", "quiet_from": "2027-06-01", "day": "2027-05-09"}, "beginnt vor dem Wahltag"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_stays_there(login, where, typed, sentence):
    answer = login().post(where, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert all(f'value="{value}"' in page or f">\n{value}</textarea>" in page for value in typed.values())


def test_a_number_is_kept_as_it_is_dialled(login):
    client = login()
    client.post(CONTACTS, {"value": "+49 (0)421 12-34 56", "purpose": "Anmeldung"})
    client.post(CONTACTS, {"value": "Messe@Partner.example", "purpose": "Anmeldung"})
    assert set(PublishedContact.objects.values_list("value", flat=True)) == {"0421123456", "messe@partner.example"}


def test_an_election_is_kept(login):
    login().post(ELECTIONS, {"name": "Landtag", "quiet_from": "2027-04-01", "day": "2027-05-09"})
    assert str(Election.objects.get().day) == "2027-05-09"


def test_a_site_is_trusted_once_it_is_listed_and_no_longer_when_it_is_removed(login):
    client, page = login(), "https://www.zeitung.example/artikel"
    assert not Known().is_trusted(page)
    client.post(SITES, {"domain": "https://Zeitung.example/x", "name": "Zeitung", "reason": "Frei zu lesen."})
    site = TrustedSite.objects.get(domain="zeitung.example")
    assert Known().is_trusted(page)
    assert not site.is_own
    client.post(f"{SITES}{site.pk}/", {"entfernen": "1"})
    assert not Known().is_trusted(page)


def test_our_own_site_is_no_entry_that_could_be_removed(login):
    own = TrustedSite.objects.get(is_own=True)
    client = login()
    assert f"{SITES}{own.pk}/" not in client.get(SITES).content.decode()
    assert client.post(f"{SITES}{own.pk}/", {"entfernen": "1"}).status_code == 404


@pytest.mark.parametrize("role", [Role.GF, Role.ADMIN])
def test_others_read_but_do_not_change(login, role):
    client = login(role)
    page = client.get(TERMS)
    assert page.status_code == 200
    assert "Neuer Eintrag" not in page.content.decode()
    assert client.post(TERMS, {"short": "XYZ", "meaning": "x"}).status_code == 403


def test_a_list_that_does_not_exist_is_not_found(login):
    assert login().get("/redaktion/einstellungen/listen/gibt-es-nicht/").status_code == 404


def test_the_list_is_paged_and_needs_few_queries(login, django_assert_max_num_queries):
    client = login()
    with django_assert_max_num_queries(10):
        page = client.get(TERMS).content.decode()
    assert "Seite 1 von 2" in page


def test_the_settings_lead_to_the_lists(login):
    page = login().get("/redaktion/einstellungen/").content.decode()
    assert all(where in page for where in (TERMS, CONTACTS, SITES, ELECTIONS))
