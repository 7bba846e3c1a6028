"""Settings of a channel: who sends, and what a month may cost."""

import datetime as dt
from decimal import Decimal

import pytest

from editorial.actions import spending
from editorial.enums import CallKind, Role
from editorial.ledger import ledger
from editorial.models import AuditEntry, Channel
from tests.factories import PostFactory

pytestmark = pytest.mark.django_db

PAGE = "/redaktion/einstellungen/kanaele/x/senden/"
KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "1-abc")


def now():
    return dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("role", [Role.PROE, Role.ADMIN])
def test_the_cap_is_typed_with_a_comma_and_stands_in_the_record(login, role):
    client = login(role)
    answer = client.post(PAGE, {"cap_usd": "12,50"})
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert ledger(now()).cap_usd == Decimal("12.50")
    assert AuditEntry.objects.get(step="set_cap").note == "keine Grenze → 12,50 US-Dollar im Monat"
    assert 'value="12,50"' in client.get(PAGE).content.decode()


def test_an_empty_cap_means_no_limit(login):
    client = login()
    client.post(PAGE, {"cap_usd": "5"})
    client.post(PAGE, {"cap_usd": ""})
    assert ledger(now()).cap_usd is None
    assert "Es gilt keine Grenze." in client.get(PAGE).content.decode()


@pytest.mark.parametrize("typed", ["viel", "-1", "1,234", "1234567890"])
def test_what_is_no_amount_comes_back_at_its_field(login, typed):
    answer = login().post(PAGE, {"cap_usd": typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "id_cap_usd_error" in html
    assert f'value="{typed}"' in html


def test_the_channel_is_switched_to_hand_posting_and_back(login):
    client = login()
    client.post(PAGE, {"posts_by_hand": "on"})
    assert Channel.objects.get().posts_by_hand is True
    client.post(PAGE, {"posts_by_hand": "on"})
    client.post(PAGE, {})
    assert Channel.objects.get().posts_by_hand is False
    notes = AuditEntry.objects.filter(step="switch_by_hand").order_by("position").values_list("note", flat=True)
    assert list(notes) == ["von Hand", "durch die Anwendung"]


@pytest.mark.parametrize(("role", "status"), [(Role.GF, 200), (Role.FACH, 403), (Role.DSB, 403)])
def test_directors_read_and_change_nothing(login, role, status):
    client = login(role)
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, {"cap_usd": "5"}).status_code == 403


def test_the_page_says_what_the_month_has_cost(login):
    spending.count_reads(Channel.objects.get(), CallKind.USER_READ, 3, now())
    html = login().get(PAGE).content.decode()
    assert "<strong>0,03 US-Dollar</strong>" in html
    assert "Abruf eines Kontos" in html


def test_beside_the_price_stands_what_the_month_has_left(login, settings):
    settings.X_KEYS = KEYS
    client, post = login(), PostFactory(text="Mehr dazu: https://www.jobcenter-bremen.de/neu")
    client.post(PAGE, {"cap_usd": "5"})
    html = client.get(f"/redaktion/beitraege/{post.pk}/bearbeiten/").content.decode()
    assert "Kosten dieses Beitrags bei X: 0,200 US-Dollar. In diesem Monat sind noch 5,00 US-Dollar da." in html


def test_a_nearly_spent_month_warns_on_every_page(login, settings):
    settings.X_KEYS = KEYS
    client = login()
    client.post(PAGE, {"cap_usd": "0,05"})
    assert "dieses Monats sind verbraucht" not in client.get("/redaktion/").content.decode()
    spending.count_reads(Channel.objects.get(), CallKind.USER_READ, 4, now())
    assert "0,04 von 0,05 US-Dollar dieses Monats sind verbraucht" in client.get("/redaktion/").content.decode()
