"""Concept, channels and texts of responsibility as anybody reads them (K-01, K-07, K-43, K-80, G-01, G-04, G-12)."""

import datetime as dt
import hashlib
import re
from html import unescape

import pytest

from editorial.enums import ChannelStatus
from editorial.models import Channel, ConceptVersion, PublicPage

pytestmark = pytest.mark.django_db
TEXTS = ["kanaele", "impressum", "datenschutz", "netiquette", "barrierefreiheit", "kontakt"]


def text_of(answer):
    return answer.content.decode()


def words(html):
    """What is read, without marks and with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def later_version(stand="2026-03", valid_from=dt.date(2026, 3, 1)):
    blocks = [
        {"kind": "heading", "text": "Neu", "clauses": []},
        {"kind": "paragraph", "text": "B", "clauses": ["K-82"]},
    ]
    return ConceptVersion.objects.create(
        stand=stand, title="Nutzungskonzept für X", valid_from=valid_from, text="Neu\n\nB", blocks=blocks
    )


# --- The concept ------------------------------------------------------------------------------------------------------


def test_the_concept_is_served_word_for_word(client):
    """K-80: what is read is the text whose hash stands beside it."""
    version = ConceptVersion.objects.get()
    page = text_of(client.get("/nutzungskonzept/"))
    start, end = page.index('<div class="app-concept__text">'), page.index('<aside class="app-concept__side"')
    marks = r'<span class="app-concept__clauses">.*?</a></span>'
    read = words(re.sub(marks, "", page[start:end]))
    head = f"{version.title} Stand: September 2021 "
    assert head + read == " ".join(re.sub(r"(?m)^- ", "", version.text).split())
    assert version.title in words(page)
    assert version.sha256 == hashlib.sha256(version.text.encode()).hexdigest()
    assert version.sha256 in page


def test_headings_and_lists_of_the_concept_are_intact(client):
    page = text_of(client.get("/nutzungskonzept/"))
    assert [words(found) for found in re.findall(r"<h2 id=.*?</h2>", page)] == [
        "Präambel",
        "Ziele/Gründe für die Entscheidung",
        "Verantwortlichkeiten/Regeln",
        "Charakter des Accounts",
        "Themen der Tweets/Retweets:",
        "Evaluation",
        "Transparenz",
    ]
    (topics,) = re.findall(r'<ul class="app-concept__list">(.*?)</ul>', page, re.DOTALL)
    assert topics.count("<li") == 10


def test_each_clause_of_the_concept_is_an_anchor(client):
    page = text_of(client.get("/nutzungskonzept/"))
    anchors = re.findall(r'id="(K-\d\d)"', page)
    assert sorted(anchors) == [f"K-{number:02}" for number in range(1, 82)]


def test_the_valid_version_is_shown_and_the_old_one_stays_readable(client):
    later_version()
    now, before = text_of(client.get("/nutzungskonzept/")), text_of(client.get("/nutzungskonzept/2021-09/"))
    assert "Nutzungskonzept für X" in now
    assert "Gültige Fassung" in now
    assert "Frühere Fassung" in before
    assert "galt bis Sa, 28. Februar 2026" in before
    assert "gültig ab 01.09.2021 bis 28.02.2026" in now
    assert '<a href="/nutzungskonzept/2021-09/">Stand September 2021</a>' in now


def test_a_version_is_public_only_from_its_first_day(client):
    later_version(stand="2099-01", valid_from=dt.date(2099, 1, 1))
    assert "2099" not in text_of(client.get("/nutzungskonzept/"))
    assert client.get("/nutzungskonzept/2099-01/").status_code == 404


def test_a_version_that_never_was_is_not_found(client):
    answer = client.get("/nutzungskonzept/2020-01/")
    assert (answer.status_code, "Diese Seite gibt es nicht" in text_of(answer)) == (404, True)


def test_the_concept_needs_two_queries_however_many_versions_there_are(client, django_assert_num_queries):
    later_version()
    with django_assert_num_queries(2):
        client.get("/nutzungskonzept/")


# --- Texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", TEXTS)
def test_each_text_is_there_and_says_that_it_is_a_draft(client, slug):
    answer = client.get(f"/{slug}/")
    assert answer.status_code == 200
    page = text_of(answer)
    assert f'<h1 class="kern-heading-large">{PublicPage.objects.get(slug=slug).title}</h1>' in page
    assert "Entwurf, noch nicht geprüft." in page


@pytest.mark.parametrize("slug", TEXTS)
def test_the_public_never_reads_what_is_still_to_be_filled_in(client, slug):
    page = text_of(client.get(f"/{slug}/"))
    assert "Bitte ergänzen" not in page
    assert "[[" not in page
    assert "{{" not in page


def test_a_gap_shows_as_a_neutral_mark(client):
    assert '<mark class="app-gap">Angabe folgt</mark>' in text_of(client.get("/impressum/"))


def test_a_finished_text_is_no_draft(client):
    page = PublicPage.objects.get(slug="kontakt")
    page.versions.create(number=2, body="Rufen Sie an.", is_draft=False, saved_at="2026-11-25T08:00Z")
    shown = text_of(client.get("/kontakt/"))
    assert "Rufen Sie an." in shown
    assert "Entwurf" not in shown


def test_the_impressum_covers_every_channel_and_names_the_law_in_force(client):
    """K-43; § 5 DDG replaced § 5 TMG."""
    Channel.objects.update(handle="jc_bremen", profile_url="https://x.example/jc_bremen")
    Channel.objects.create(slug="m", name="Mastodon", handle="jc", profile_url="https://m.example/@jc")
    page = text_of(client.get("/impressum/"))
    assert '<a href="https://x.example/jc_bremen">@jc_bremen</a>' in page
    assert '<a href="https://m.example/@jc">@jc</a>' in page
    assert "TMG" not in page
    for slug in ("datenschutz", "netiquette", "barrierefreiheit"):
        assert f'href="/{slug}/"' in page


@pytest.mark.parametrize(("slug", "number"), [("netiquette", 3), ("impressum", 4), ("kanaele", 4)])
def test_a_text_needs_few_queries(client, django_assert_num_queries, slug, number):
    with django_assert_num_queries(number):
        client.get(f"/{slug}/")


# --- Channels ---------------------------------------------------------------------------------------------------------


def test_each_channel_is_listed_with_all_the_public_must_know(client):
    """K-07, G-12."""
    Channel.objects.update(
        handle="@jc_bremen",
        profile_url="https://x.example/jc_bremen",
        started_on=dt.date(2021, 11, 2),
        readable_without_login=True,
        interaction="Sie können uns antworten.\nWir lesen werktags.",
    )
    page = text_of(client.get("/kanaele/"))
    assert '<a href="https://x.example/jc_bremen">@jc_bremen</a>' in page
    read = words(page)
    assert "Gestartet am Di, 2. November 2021" in read
    assert "Zuständige Stelle PRÖ, Jobcenter Bremen" in read
    assert "Ohne Anmeldung lesbar Ja." in read
    assert "Sie können uns antworten. Wir lesen werktags." in read
    assert "aktiv" in read
    assert '<dd><a href="/impressum/">Impressum</a></dd>' in page


def test_a_channel_that_needs_a_log_in_points_to_the_mirror(client):
    assert "Nein, oder nur zum Teil." in words(text_of(client.get("/kanaele/")))


def test_a_retired_channel_stays_listed_with_day_and_reason(client):
    Channel.objects.update(
        status=ChannelStatus.RETIRED, retired_on=dt.date(2026, 6, 30), retired_reason="Das Netz ist keines mehr."
    )
    read = words(text_of(client.get("/kanaele/")))
    assert "eingestellt" in read
    assert "Eingestellt am Di, 30. Juni 2026 Das Netz ist keines mehr." in read


def test_the_list_of_channels_is_there_even_when_the_text_forgets_it(client):
    PublicPage.objects.get(slug="kanaele").versions.create(
        number=2, body="Nur ein Satz.", is_draft=False, saved_at="2026-11-25T08:00Z"
    )
    page = text_of(client.get("/kanaele/"))
    assert "Nur ein Satz." in page
    assert "X (früher Twitter)" in page


# --- All public pages -------------------------------------------------------------------------------------------------

PAGES = ["beitraege", "beitraege/feed.atom", "nutzungskonzept", "nutzungskonzept/2021-09", *TEXTS]


def address(name):
    return f"/{name}" if name.endswith(".atom") else f"/{name}/"


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_sets_no_cookie_and_is_asked_for_again(client, name):
    answer = client.get(address(name))
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert answer["Cache-Control"] == "no-cache"
    again = client.get(address(name), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_is_for_reading_only(client, name):
    assert client.head(address(name)).status_code == 200
    assert client.post(address(name)).status_code == 405
