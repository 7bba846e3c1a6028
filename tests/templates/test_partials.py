import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from editorial.rules.base import Objection, hint
from tests.templates.elements import Page, rendered

MISSING_TOPIC = Objection("topic.missing", "Es fehlt ein Thema.", "K-50", "topic")
SAME_HOUR = hint("slot.same_hour", "Zur selben Stunde erscheint schon ein Beitrag.", field="slot")
AT = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)


def partial(name: str, **context: object) -> Page:
    return rendered(f'{{% include "partials/{name}" %}}', **context)


def step(**extra: object) -> SimpleNamespace:
    return SimpleNamespace(
        slug="freigeben", url="/redaktion/beitraege/7/schritt/freigeben/", label="Freigeben", **extra
    )


def test_objections_and_hints_differ_by_word_and_lead_to_their_field():
    shown = partial("_objections.html", objections=[MISSING_TOPIC, SAME_HOUR])
    assert [link["href"] for link in shown.all("a")] == ["#id_topic", "#id_slot"]
    assert (shown.html.count("Nötig:"), shown.html.count("Hinweis:"), shown.html.count("Konzept K-50")) == (1, 1, 1)


def test_from_another_page_an_objection_leads_to_the_form():
    shown = partial("_objections.html", objections=[MISSING_TOPIC], edit_url="/redaktion/beitraege/7/bearbeiten/")
    assert shown.one("a")["href"] == "/redaktion/beitraege/7/bearbeiten/#id_topic"


def test_nothing_to_object_is_said_in_words():
    assert "Es fehlt nichts." in partial("_objections.html", objections=[], done="Es fehlt nichts.").html


def test_a_step_carries_what_was_seen_and_asks_before_it_happens():
    shown = partial("_step_form.html", step=step(confirm="Der Beitrag erscheint sofort."), digest="abc", csrf_token="t")
    form = shown.one("form")
    assert (form["action"], form["data-confirm"]) == (
        "/redaktion/beitraege/7/schritt/freigeben/",
        "Der Beitrag erscheint sofort.",
    )
    assert {e["name"]: e["value"] for e in shown.all("input", type="hidden")} == {
        "csrfmiddlewaretoken": "t",
        "digest": "abc",
    }


def test_a_step_asks_for_reason_and_slot_in_the_same_place():
    shown = partial("_step_form.html", step=step(reason="Warum?", slot="Neuer Termin", slot_value="2026-11-25T09:00"))
    assert "required" in shown.one("textarea", name="reason").attrs
    assert shown.one("input", name="slot")["value"] == "2026-11-25T09:00"
    assert shown.references - set(shown.ids) == set()


def test_a_step_that_is_not_possible_now_is_no_form_but_says_why():
    shown = partial("_step_form.html", step=step(blocked=True, objections=[MISSING_TOPIC]))
    assert (shown.all("form"), shown.all("button")) == ([], [])
    assert "Es fehlt ein Thema." in shown.html


def test_pages_keep_the_filter_they_were_opened_with():
    request = RequestFactory().get("/redaktion/beitraege/", {"thema": "lesetipps", "seite": "2"})
    page = Paginator(range(50), 10).page(2)
    shown = Page(render_to_string("partials/_pagination.html", {"page": page}, request))
    assert [link["href"] for link in shown.all("a")] == ["?thema=lesetipps&seite=1", "?thema=lesetipps&seite=3"]
    assert "Seite 2 von 5" in shown.html


def test_a_single_page_needs_no_pages():
    request = RequestFactory().get("/")
    page = Paginator(range(3), 10).page(1)
    assert Page(render_to_string("partials/_pagination.html", {"page": page}, request)).elements == []


@pytest.mark.parametrize(("weighted", "words"), [(280, "280 von 280 Zeichen"), (292, "<strong>12 zu viel</strong>")])
def test_the_length_is_told_in_words_too(weighted, words):
    assert words in partial("_length.html", weighted=weighted, limit=280, over=weighted - 280).html


def test_a_change_of_text_can_be_heard():
    segments = [{"kind": "removed", "text": "alt"}, {"kind": "same", "text": " und "}, {"kind": "added", "text": "neu"}]
    shown = partial("_diff.html", segments=segments)
    assert (len(shown.all("del")), len(shown.all("ins"))) == (1, 1)
    assert ("[entfernt: " in shown.html, "[neu: " in shown.html) == (True, True)


def test_what_a_visitor_wrote_is_never_markup():
    evil = "<script>alert(1)</script>"
    entry = {"at": AT, "title": evil, "text": evil, "by": evil}
    preview = {
        "account": evil,
        "parts": [{"kind": "text", "text": evil}],
        "pictures": [{"url": "/x", "alt_text": evil}],
    }
    pages = [
        partial("_timeline.html", entries=[entry]),
        partial("_diff.html", segments=[{"kind": "added", "text": evil}]),
        partial("_preview.html", preview=preview, channel=evil),
        partial("_definition_list.html", items=[(evil, evil)]),
        partial("_objections.html", objections=[Objection("a.b", evil, evil, "text")]),
        partial("_messages.html", messages=[evil]),
    ]
    assert [page.all("script") for page in pages] == [[]] * len(pages)


def test_filters_can_be_taken_away_one_by_one():
    chips = [{"label": "Zustand: Entwurf", "url": "?thema=lesetipps"}]
    shown = partial("_filter_bar.html", chips=chips, reset_url="?", keep=[("ansicht", "monat")], result="1 Beitrag")
    assert [link["href"] for link in shown.all("a")] == ["?thema=lesetipps", "?"]
    assert shown.one("input", type="hidden")["value"] == "monat"
    assert "open" in shown.one("details").attrs


def test_an_empty_value_is_a_dash_and_a_nought_is_a_nought():
    shown = partial("_definition_list.html", items=[("Quelle", ""), ("Antworten", 0), ("Partner", None)])
    assert [text.split("</dd>")[0] for text in shown.html.split('__value">')[1:]] == ["–", "0", "–"]


def test_the_demonstration_is_named_on_every_page():
    assert "Demonstration." in partial("_banners.html", is_demo=True).html
    assert partial("_banners.html", is_demo=False, banners=[]).elements == []


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_error_pages_stand_on_their_own(name):
    page = Page(get_template(name).render({}))
    assert (len(page.all("h1")), len(page.all("main")), page.one("html")["lang"]) == (1, 1, "de")
