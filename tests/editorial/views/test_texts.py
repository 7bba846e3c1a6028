"""Settings: the public texts and the channels' data, edited by PRÖ, read by the directors and the administration."""

import datetime as dt

import pytest

from editorial.enums import Role
from editorial.models import AuditEntry, Channel, PublicPage
from tests.factories import person

pytestmark = pytest.mark.django_db
SETTINGS = "/redaktion/einstellungen/"
TEXT = SETTINGS + "texte/impressum/"
CHANNEL = SETTINGS + "kanaele/x/"


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def page():
    return PublicPage.objects.get(slug="impressum")


def typed(page, **changes):
    return {"body": "Neuer Text.", "is_draft": "on", "seen_number": page.current.number, **changes}


def channel_data(**changes):
    return {"handle": "@jc_bremen", "profile_url": "https://x.example/jc", "unit": "PRÖ", **changes}


# --- Who may what -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [SETTINGS, TEXT, TEXT + "1/", CHANNEL])
@pytest.mark.parametrize(
    ("role", "status"), [(Role.PROE, 200), (Role.GF, 200), (Role.ADMIN, 200), (Role.FACH, 403), (Role.DSB, 403)]
)
def test_who_may_read_the_settings(login, path, role, status):
    assert login(role).get(path).status_code == status


@pytest.mark.parametrize("path", [TEXT, TEXT + "vorschau/", TEXT + "1/", CHANNEL])
@pytest.mark.parametrize("role", [Role.GF, Role.ADMIN, Role.FACH, Role.DSB])
def test_only_proe_changes_anything(login, page, path, role):
    assert login(role).post(path, typed(page) | channel_data()).status_code == 403
    assert (page.versions.count(), Channel.objects.get().handle, AuditEntry.objects.count()) == (1, "", 0)


@pytest.mark.parametrize("path", [SETTINGS, TEXT, TEXT + "1/", CHANNEL])
def test_without_log_in_the_way_leads_to_it(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/konto/anmelden/?next={path}")


def test_who_only_reads_gets_no_form(login):
    for path in (TEXT, CHANNEL):
        page = text_of(login(Role.GF).get(path))
        assert "<textarea" not in page
        assert "Speichern" not in page
    assert "Diese Fassung wieder einsetzen" not in text_of(login(Role.GF).get(TEXT + "1/"))


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_settings_list_texts_with_gaps_and_channels_with_what_is_missing(login):
    page = text_of(login().get(SETTINGS))
    for text in PublicPage.objects.all():
        assert f'<a href="{SETTINGS}texte/{text.slug}/">{text.title}</a>' in page
    assert "7 Angaben" in page
    assert "Telefonnummer" in page
    assert "mitgelieferter Text" in page
    assert "Startdatum" in page


@pytest.mark.parametrize("versions", [1, 3])
def test_the_settings_need_the_same_few_queries_however_much_was_saved(
    login, page, django_assert_num_queries, versions
):
    client = login()
    for number in range(versions):
        client.post(TEXT, typed(page, body=f"Text {number}"))
    client.get(SETTINGS)  # shows the messages, which lie in the session
    with django_assert_num_queries(6):
        client.get(SETTINGS)


# --- Editing a text ---------------------------------------------------------------------------------------------------


def test_a_saved_text_stands_on_the_website_at_once(login, page, client):
    answer = login().post(TEXT, typed(page, body="## Anschrift\n\nStraße 1"), follow=True)
    assert "Gespeichert als Fassung 2." in text_of(answer)
    assert '<h2 id="abschnitt-anschrift">Anschrift</h2>' in text_of(client.get("/impressum/"))
    assert page.versions.count() == 2


def test_the_editor_names_the_gaps_and_explains_the_marks(login):
    page = text_of(login().get(TEXT))
    assert "7 Lücken" in page
    assert "Bitte ergänzen: Telefonnummer</mark>" in page
    assert "<code>## Überschrift</code>" in page
    assert "<code>{{kanaele}}</code>" in page


def test_the_panel_shows_while_typing_how_the_text_will_look(login):
    panel = text_of(login().post(TEXT + "vorschau/", {"body": "## Neu\n\n{{falsch}} <script>alert(1)</script>"}))
    assert "<h2" in panel
    assert "Der Platzhalter {{falsch}} ist nicht bekannt." in panel
    assert "<script>" not in panel
    assert "<html" not in panel


def test_a_text_with_gaps_stays_a_draft_and_nothing_typed_is_lost(login, page):
    answer = login().post(TEXT, {"body": "Tel. [[Bitte ergänzen: Nummer]]", "seen_number": page.current.number})
    assert answer.status_code == 422
    assert "Der Text hat noch eine Lücke. Solange bleibt er ein Entwurf." in text_of(answer)
    assert "Tel. [[Bitte ergänzen: Nummer]]</textarea>" in text_of(answer)
    assert page.versions.count() == 1


@pytest.mark.parametrize("body", ["", "  \n ", "\x00", "x" * 40_001])
def test_an_empty_or_endless_text_is_refused(login, page, body):
    answer = login().post(TEXT, typed(page, body=body))
    assert (answer.status_code, page.versions.count()) == (422, 1)
    assert 'aria-invalid="true"' in text_of(answer)


def test_two_who_write_at_once_learn_of_each_other_and_lose_nothing(login, page):
    begun = typed(page, body="Von der anderen")
    login(user=person(first_name="Erika", last_name="Beispiel")).post(TEXT, typed(page, body="Von der einen"))
    late = login()
    answer = late.post(TEXT, begun)
    shown = text_of(answer)
    assert answer.status_code == 409
    assert "Erika Beispiel hat inzwischen Fassung 2 gespeichert." in shown
    assert "Von der anderen</textarea>" in shown
    assert 'name="seen_number" value="2"' in shown
    late.post(TEXT, begun | {"seen_number": "2"})
    assert list(page.versions.values_list("number", "body"))[:2] == [(3, "Von der anderen"), (2, "Von der einen")]


def test_nothing_is_published_by_itself_while_typing(login, page):
    answer = login().post(TEXT, typed(page), headers={"x-autosave": "1"})
    assert (answer.status_code, page.versions.count()) == (422, 1)
    assert answer.json() == {"message": "Noch nicht veröffentlicht. Ihr Text ist in diesem Browser gesichert."}


def test_an_old_version_stays_readable_and_can_be_put_back(login, page, client):
    original = page.current.body
    proe = login()
    proe.post(TEXT, typed(page))
    old = text_of(proe.get(TEXT + "1/"))
    assert "Wer diese Seiten anbietet" in old
    assert "Diese Fassung wieder einsetzen" in old
    answer = proe.post(TEXT + "1/", follow=True)
    assert "Fassung 1 gilt wieder, als Fassung 3 und als Entwurf." in text_of(answer)
    assert page.current.body == original
    assert "Wer diese Seiten anbietet" in text_of(client.get("/impressum/"))


@pytest.mark.parametrize("path", [SETTINGS + "texte/gibt-es-nicht/", TEXT + "99/", SETTINGS + "kanaele/gibt-es-nicht/"])
def test_what_does_not_exist_is_not_found(login, path):
    assert login().get(path).status_code == 404


# --- Channels ---------------------------------------------------------------------------------------------------------


def test_channel_data_is_public_as_soon_as_it_is_saved(login, client):
    answer = login().post(CHANNEL, channel_data(readable_without_login="on"))
    assert answer["Location"] == SETTINGS
    page = text_of(client.get("/kanaele/"))
    assert '<a href="https://x.example/jc">@jc_bremen</a>' in page
    assert "Ja. Sie können dort alles lesen" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("handle", "zwei Wörter", "Ein Kontoname hat keine Leerzeichen und keine Sonderzeichen."),
        ("handle", "<script>", "Ein Kontoname hat keine Leerzeichen und keine Sonderzeichen."),
        ("profile_url", "http://x.example/jc", "Die Adresse beginnt mit https://."),
        ("profile_url", "javascript:alert(1)", "gültige Adresse"),
        ("unit", "", "Dieses Feld ist zwingend erforderlich."),
        ("started_on", "2099-01-01", "Dieser Tag liegt in der Zukunft."),
        ("started_on", "gestern", "gültiges Datum"),
    ],
)
def test_wrong_channel_data_is_refused_at_its_field(login, field, value, sentence):
    answer = login().post(CHANNEL, channel_data(**{field: value}, start_is_right="on"))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert Channel.objects.get().handle == ""


def test_the_start_date_needs_a_confirmation_and_is_then_locked(login):
    proe = login()
    first = proe.post(CHANNEL, channel_data(started_on="2021-11-02"))
    assert (first.status_code, Channel.objects.get().started_on) == (422, None)
    assert "Bitte bestätigen Sie das Startdatum. Es steht danach fest." in text_of(first)
    proe.post(CHANNEL, channel_data(started_on="2021-11-02", start_is_right="on"))
    assert Channel.objects.get().started_on == dt.date(2021, 11, 2)
    page = text_of(proe.get(CHANNEL))
    assert 'name="started_on"' not in page
    assert "Gestartet am <strong>Di, 2. November 2021</strong>" in page
    late = proe.post(CHANNEL, channel_data(started_on="2022-01-01", start_is_right="on"))
    assert (late.status_code, Channel.objects.get().started_on) == (422, dt.date(2021, 11, 2))
    assert "Es steht fest." in text_of(late)
