"""The page for sending by hand, and where it is announced."""

import datetime as dt

import pytest
import time_machine

from editorial.actions import approval, publishing
from editorial.channels.addresses import moment_to_id
from editorial.enums import DeliveryState, Role
from editorial.models import Channel, Delivery
from tests.factories import ChannelAccessFactory, FilmFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
QUERIES = 16
PAGE = "/redaktion/klaerung/von-hand/"
ADDRESS = f"https://x.com/jobcenter/status/{moment_to_id(SLOT + MINUTE)}"


@pytest.fixture(autouse=True)
def five_minutes_after_the_slot():
    with time_machine.travel(SLOT + 5 * MINUTE, tick=False):
        yield


def due(**fields):
    post = approval.submit(PostFactory(slot=SLOT, **fields), by=person(), at=SLOT - 60 * MINUTE)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - 50 * MINUTE)
    return post.deliveries.get()


def test_text_pictures_and_descriptions_stand_ready_to_copy(login):
    medium = MediumFactory(alt_text="Das Haus im Schnee.")
    delivery = due(text="Mehr dazu: https://www.jobcenter-bremen.de/neu", media=[medium])
    html = login().get(PAGE).content.decode()
    assert f">{delivery.post.message_text}</textarea>" in html
    assert "?t=" in delivery.post.message_text
    assert ">Das Haus im Schnee.</textarea>" in html
    assert f'href="/redaktion/medien/{medium.pk}/datei/" download' in html
    assert f'data-copy="#text-{delivery.pk}"' in html


def test_a_video_stands_ready_with_its_captions(login):
    medium = FilmFactory()
    due(media=[medium])
    html = login().get(PAGE).content.decode()
    path = f"/redaktion/medien/{medium.pk}/"
    assert f'src="{path}datei/?standbild"' in html
    assert f'href="{path}datei/" download>Video 1 herunterladen' in html
    assert f'href="{path}untertitel.vtt" download="untertitel.vtt"' in html


def test_the_address_that_was_typed_ends_it(login):
    delivery, client = due(), login()
    answer = client.post(f"{PAGE}{delivery.pk}/", {"address": ADDRESS})
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert Delivery.objects.get().state == DeliveryState.PUBLISHED
    assert "Gerade ist nichts zu senden" in client.get(PAGE).content.decode()


def test_what_is_no_address_comes_back_with_the_reason(login):
    delivery = due()
    answer = login().post(f"{PAGE}{delivery.pk}/", {"address": "https://example.org/<1>"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="https://example.org/&lt;1&gt;"' in html
    assert "Das ist keine Adresse eines Beitrags auf X." in html
    assert 'aria-invalid="true"' in html


def test_what_is_done_already_is_said_and_the_address_is_not_lost(login):
    delivery, client = due(), login()
    client.post(f"{PAGE}{delivery.pk}/", {"address": ADDRESS})
    answer = client.post(f"{PAGE}{delivery.pk}/", {"address": ADDRESS})
    assert answer.status_code == 409
    assert f"Ihre Adresse: {ADDRESS}" in answer.content.decode()


def test_a_director_without_an_own_account_reads_why_there_is_no_form(login):
    delivery, client = due(), login(Role.GF)
    html = client.get(PAGE).content.decode()
    assert "kein eigenes Konto im Zugangsregister" in html
    assert f'action="{PAGE}{delivery.pk}/"' not in html
    ChannelAccessFactory(user=client.person, handle_checked_on=SLOT.date())
    assert f'action="{PAGE}{delivery.pk}/"' in client.get(PAGE).content.decode()


def test_what_was_missed_may_still_be_confirmed_but_not_sent(login):
    due()
    publishing.tick(None, at=SLOT + 61 * MINUTE)
    with time_machine.travel(SLOT + 62 * MINUTE, tick=False):
        html = login().get(PAGE).content.decode()
    assert "Bitte senden Sie ihn jetzt nicht mehr." in html
    assert "Text kopieren" not in html
    assert 'name="address"' in html


def test_a_retweet_shows_its_original_and_asks_for_no_address(login):
    due(kind="retweet", retweet_url="https://x.com/konto/status/1234567890123456789")
    html = login().get(PAGE).content.decode()
    assert 'href="https://x.com/konto/status/1234567890123456789"' in html
    assert 'name="address"' not in html


@pytest.mark.parametrize(("role", "shown"), [(Role.PROE, True), (Role.GF, True), (Role.FACH, False)])
def test_the_start_page_of_those_who_send_names_what_is_due(login, role, shown):
    due()
    assert ("Jetzt von Hand senden" in login(role).get("/redaktion/").content.decode()) == shown


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
def test_the_page_is_for_those_who_send(login, role):
    delivery, client = due(), login(role)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{delivery.pk}/", {"address": ADDRESS}).status_code == 403


@pytest.mark.parametrize("number", [1, 4])
def test_four_posts_cost_as_many_questions_as_one(login, django_assert_num_queries, number):
    for _ in range(number):
        due()
    client = login()
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


def test_a_channel_served_by_hand_is_named_on_every_page_of_those_who_send(login, settings):
    settings.X_KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "1-a")
    assert "wird von Hand bedient" not in login().get("/redaktion/").content.decode()
    Channel.objects.update(posts_by_hand=True)
    html = login().get("/redaktion/").content.decode()
    assert "X (früher Twitter) wird von Hand bedient" in html
    assert f'href="{PAGE}"' in html
    assert f'href="{PAGE}"' not in login(Role.ADMIN).get("/redaktion/").content.decode()


def test_what_was_withdrawn_is_deleted_by_hand_and_confirmed(login):
    delivery, client = due(), login()
    client.post(f"{PAGE}{delivery.pk}/", {"address": ADDRESS})
    approval.withdraw(delivery.post, by=client.person)
    html = client.get(PAGE).content.decode()
    assert "Bitte auf dem Kanal löschen" in html
    assert f"{PAGE}{delivery.pk}/geloescht/" in html
    assert client.post(f"{PAGE}{delivery.pk}/geloescht/").status_code == 302
    stored = Delivery.objects.get()
    assert (stored.state, stored.deleted_at) == (DeliveryState.DELETED, SLOT + 5 * MINUTE)
    assert client.post(f"{PAGE}{delivery.pk}/geloescht/").status_code == 409
    assert login(Role.GF).post(f"{PAGE}{delivery.pk}/geloescht/").status_code == 409
    assert login(Role.FACH).post(f"{PAGE}{delivery.pk}/geloescht/").status_code == 403
