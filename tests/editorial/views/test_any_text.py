"""No text, however strange, breaks the composer, the preview, the counter or the comparison of versions."""

import html
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editorial import weighing
from editorial.models import Post
from tests.editorial.weighing.hostile_texts import hostile_texts
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db
CHECKS = "/redaktion/beitraege/pruefen/"
PIECES = [
    "👩🏿\u200d🚒",
    "🏳\ufe0f\u200d🌈",
    "שלום",
    "مرحبا",
    "\u202egnihton",
    "e\u0301\u0316\u0300",
    "ﬁ",
    "𝒜",
    "\x07",
    "\x85",
    "\u2028",
]
PIECES += [
    "https://jobcenter-bremen.de/x",
    "jobcenter-bremen.de",
    "#Ausbildung",
    "@name",
    "<script>",
    "&amp;",
    "{{ x }}",
    "\r\n",
    "{% if %}",
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=["Cs"]), max_size=40)), max_size=12
)
TEXTAREA = re.compile(r'<textarea[^>]*name="text"[^>]*>\n?(.*?)</textarea>', re.DOTALL)
COUNTED = re.compile(r"<span>([\d.]+) von 280 Zeichen")


def as_stored(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def try_everywhere(client, post, text):
    """Saves it, or gets it back with a reason; wherever it is shown then, it stands there whole."""
    path = f"/redaktion/beitraege/{post.pk}/"
    typed = {"kind": "post", "text": text, "seen_digest": Post.objects.get(pk=post.pk).digest()}
    panel = client.post(CHECKS, {**typed, "post": post.pk})
    assert panel.status_code == 200
    answer = client.post(f"{path}bearbeiten/", typed)
    if answer.status_code != 302:
        assert answer.status_code == 422, text
        assert "kern-error" in answer.content.decode() or "app-objection" in answer.content.decode()
        kept = html.unescape(TEXTAREA.search(answer.content.decode())[1])
        assert as_stored(kept) == as_stored(text)
        return
    saved = Post.objects.get(pk=post.pk)
    assert saved.text == as_stored(text)
    counted = COUNTED.search(panel.content.decode())
    assert int(counted[1].replace(".", "")) == weighing.weigh(saved.text).weighted
    edit = client.get(f"{path}bearbeiten/").content.decode()
    assert as_stored(html.unescape(TEXTAREA.search(edit)[1])) == saved.text
    assert COUNTED.search(edit)[1] == counted[1]
    for page in ("", "fassungen/"):
        shown = client.get(path + page)
        assert shown.status_code == 200
        assert "<script>" not in re.sub(r"<script src=[^>]*>", "", shown.content.decode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS.map("".join))
def test_any_text_is_saved_and_shown_whole_or_given_back_with_a_reason(login, text):
    try_everywhere(login(), PostFactory(text="Davor."), text)


@pytest.mark.parametrize("name", hostile_texts(1))
def test_25000_characters_break_nothing(login, name):
    text = hostile_texts(25_000)[name]
    try_everywhere(login(), PostFactory(text="Davor."), text.encode(errors="ignore").decode())
