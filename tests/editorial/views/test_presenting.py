"""A Beitrag as people see it before it is out: true to the platform, and what a sighted reader would miss."""

import pytest

from editorial.views.presenting import link_as_shown
from tests.factories import FilmFactory, MediumFactory, PostFactory

CHECK = "/redaktion/beitraege/pruefen/"
LONG_LINK = "https://www.jobcenter-bremen.de/service/termine-vereinbaren"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (LONG_LINK, "jobcenter-bremen.de/service/t…"),
        ("HTTP://bremen.de/abc", "bremen.de/abc"),
        ("bremen.de", "bremen.de"),
        ("https://bremen.de/aaaaaaaaaaaaaaaaaaaa", "bremen.de/aaaaaaaaaaaaaaaaaaaa"),
        ("https://bremen.de/aaaaaaaaaaaaaaaaaaaab", "bremen.de/aaaaaaaaaaaaaaaaaaa…"),
    ],
)
def test_a_link_is_shown_as_the_platform_shows_it(typed, shown):
    assert link_as_shown(typed) == shown


def test_the_preview_shortens_a_link_and_says_what_it_counts(login, db):
    page = login().post(CHECK, {"text": f"Termine: {LONG_LINK}"}).content.decode()
    assert '<span class="app-preview__link">jobcenter-bremen.de/service/t…</span>' in page
    # Whoever writes or approves still reads where it leads.
    assert f"Jeder zählt 23 Zeichen. Die ganze Adresse: {LONG_LINK}</p>" in page
    assert "23 Zeichen" not in login().post(CHECK, {"text": "Ohne Link."}).content.decode()


def test_what_only_some_readers_get_stands_under_the_preview(login, db):
    media = [
        MediumFactory(alt_text="Ein Schild vor dem Haus"),
        FilmFactory(alt_text="", captions="WEBVTT\n\n00:00.000 --> 00:02.000\nGuten Tag.\n", transcript="Sie grüßt."),
    ]
    post = PostFactory(media=media)
    page = login().get(f"/redaktion/beitraege/{post.pk}/bearbeiten/").content.decode()
    words = " ".join(page.replace('<span class="app-muted">', "").replace("</span>", "").split())
    for said in (
        "Alternativtext zu Bild 1: Ein Schild vor dem Haus",
        "Alternativtext zu Bild 2: fehlt noch",
        "Untertitel: Guten Tag.",
        "Textfassung: Sie grüßt.",
    ):
        assert said in words
