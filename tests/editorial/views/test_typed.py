"""A log-in that ends while somebody types, without any script: what was typed comes back, unsaved, to that person."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import signing
from django.test import Client

from editorial.models import Post
from editorial.views import typed
from tests.factories import PASSWORD, PostFactory, person

pytestmark = pytest.mark.django_db

NEW = "/redaktion/beitraege/neu/"
LOG_IN = "/konto/anmelden/"
TEXT = "Drei Stunden Arbeit & „Anführung“ <b>"
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def typed_by(user, **content):
    return {
        "text": TEXT,
        "topic": "dienstleistungen",
        "audiences": ["stadtgesellschaft"],
        **content,
        "typed_by": user.pk,
    }


def carried_by(page):
    return re.search(r'name="mitgebracht" value="([^"]+)"', page.content.decode())[1]


def log_in(client, user, carried, password=PASSWORD):
    return client.post(LOG_IN, {"login": user.username, "password": password, "mitgebracht": carried, "next": NEW})


def test_the_log_in_page_says_that_nothing_is_lost_and_keeps_nothing_here(client):
    answer = client.post(NEW, typed_by(person()))
    assert answer.status_code == 401
    assert "Ihre Anmeldung ist abgelaufen." in answer.content.decode()
    assert f'name="next" value="{NEW}"' in answer.content.decode()
    assert (Post.objects.count(), client.session.keys()) == (0, {}.keys())


def test_after_the_log_in_it_stands_in_the_form_again_and_nowhere_else(client):
    user = person()
    answer = log_in(client, user, carried_by(client.post(NEW, typed_by(user))))
    assert (answer.status_code, answer["Location"]) == (302, NEW)
    page = client.get(NEW)
    form = page.context["form"]
    assert (form["text"].value(), form["topic"].value(), form["audiences"].value()) == (
        TEXT,
        "dienstleistungen",
        ["stadtgesellschaft"],
    )
    assert "Es ist noch nicht gespeichert." in page.content.decode()
    assert Post.objects.count() == 0
    assert "noch nicht gespeichert" not in client.get(NEW).content.decode()


def test_a_beitrag_that_is_edited_gets_its_words_back_too(client):
    user, post = person(), PostFactory(text="Alt")
    path = f"/redaktion/beitraege/{post.pk}/bearbeiten/"
    carried = carried_by(client.post(path, typed_by(user, seen_digest="7")))
    assert log_in(client, user, carried)["Location"] == path
    form = client.get(path).context["form"]
    assert (form["text"].value(), form["seen_digest"].value()) == (TEXT, "7")
    assert Post.objects.get().text == "Alt"


def test_unusable_input_comes_back_with_its_message(client):
    user = person()
    log_in(client, user, carried_by(client.post(NEW, typed_by(user, slot="2027-03-28T02:30"))))
    page = client.get(NEW)
    assert (page.status_code, "slot" in page.context["form"].errors) == (200, True)


def test_a_wrong_password_loses_nothing(client):
    user = person()
    first = carried_by(client.post(NEW, typed_by(user)))
    again = log_in(client, user, first, password="falsch")
    assert (again.status_code, carried_by(again)) == (200, first)
    log_in(client, user, first)
    assert client.get(NEW).context["form"]["text"].value() == TEXT


def test_nobody_is_handed_what_another_person_typed(client):
    carried = carried_by(client.post(NEW, typed_by(person())))
    log_in(client, person(), carried)
    assert "text" not in client.get(NEW).context["form"].data


@pytest.mark.parametrize("forge", [lambda good: good[:-3] + "abc", lambda good: "quatsch", lambda good: ""])
def test_what_we_did_not_sign_is_not_believed(client, forge):
    user = person()
    forged = forge(carried_by(client.post(NEW, typed_by(user))))
    assert log_in(client, user, forged).status_code == 302
    assert "text" not in client.get(NEW).context["form"].data


def test_another_signature_of_ours_is_none_for_this(client):
    user = person()
    foreign = signing.dumps({"path": NEW, "by": str(user.pk), "typed": {"text": ["Untergeschoben"]}}, salt="another")
    log_in(client, user, foreign)
    assert "text" not in client.get(NEW).context["form"].data


def test_after_an_hour_it_is_too_late(client):
    user = person()
    with time_machine.travel(NOON, tick=False):
        carried = carried_by(client.post(NEW, typed_by(user)))
    with time_machine.travel(NOON + dt.timedelta(seconds=typed.KEPT_S + 1), tick=False):
        log_in(client, user, carried)
        assert "text" not in client.get(NEW).context["form"].data


@pytest.mark.parametrize("content", [{}, {"text": ""}, {"unknown": "x"}, {"text": "x" * (typed.LONGEST_CHARS + 1)}])
def test_nothing_and_far_too_much_lead_to_the_plain_log_in(client, content):
    answer = client.post(NEW, content)
    assert (answer.status_code, answer["Location"]) == (302, f"{LOG_IN}?next={NEW}")


def test_a_browser_that_saves_by_itself_is_sent_to_the_log_in_and_keeps_the_text_itself(client):
    answer = client.post(NEW, typed_by(person()), headers={"X-Autosave": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{LOG_IN}?next={NEW}")


def test_a_page_of_another_site_can_bring_nothing_along():
    user, stranger = person(), Client(enforce_csrf_checks=True)
    assert stranger.post(NEW, typed_by(user)).status_code == 403
    carried = carried_by(Client().post(NEW, typed_by(user)))
    assert log_in(stranger, user, carried).status_code == 403
