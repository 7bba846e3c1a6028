"""The person's box (contract: klaerung/)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from editorial.actions import clearing
from editorial.enums import AttemptOutcome, DeliveryState, PostState, Reading, Role
from editorial.models import Channel, Delivery, Post, Resend
from tests.editorial.open_cases import ADDRESS, MINUTE, NOW, SLOT, case, tried
from tests.factories import DeliveryFactory, MediumFactory, person

pytestmark = pytest.mark.django_db
D = DeliveryState
BOX = "/redaktion/klaerung/"
KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "1-abc")


@pytest.fixture(autouse=True)
def twenty_minutes_after_the_slot(settings):
    settings.X_KEYS = KEYS
    settings.X_SIMULATOR_IS_OURS = True
    with time_machine.travel(NOW, tick=False):
        yield


def card(client, delivery):
    cards = client.get(BOX).context["cards"]
    return next(card for card in cards if card["pk"] == delivery.pk)


def offered(client, delivery):
    """Slug of each step, with a mark where it is shown but not possible now."""
    return [step["slug"] + ("!" if step.get("blocked") else "") for step in card(client, delivery)["steps"]]


def take(client, delivery, slug, **typed):
    return client.post(f"{BOX}{delivery.pk}/schritt/{slug}/", typed)


def html(client):
    return client.get(BOX).content.decode()


# --- What stands there ------------------------------------------------------------------------------------------------


def test_with_nothing_open_the_page_says_so(login):
    assert "Alles geklärt" in html(login())


def test_all_four_kinds_stand_in_one_place_the_most_urgent_first(login):
    for state in (D.UNKNOWN, D.MISSED, D.BLOCKED, D.NEEDS_DECISION, D.PUBLISHED):
        if state == D.PUBLISHED:
            DeliveryFactory(published=True)
        else:
            case(state)
    cards = login().get(BOX).context["cards"]
    assert [c["delivery"].state for c in cards] == [D.NEEDS_DECISION, D.BLOCKED, D.MISSED, D.UNKNOWN]


def test_a_case_shows_text_picture_moment_and_every_attempt_in_plain_words(login):
    delivery = case(
        approval__post__text="Neue Öffnungszeiten.", approval__post__media=[MediumFactory(alt_text="Eine offene Tür")]
    )
    tried(delivery, AttemptOutcome.NOT_SENT, "unreached")
    tried(delivery, AttemptOutcome.REFUSED, "media_failed")
    page = html(login())
    for words in (
        "Neue Öffnungszeiten.",
        'alt="Eine offene Tür"',
        "Mi, 25. November 2026, 09:00 Uhr",
        "X war nicht zu erreichen. Es wurde nichts gesendet.",
        "X konnte das Bild oder Video nicht verarbeiten.",
    ):
        assert words in page


def test_what_the_channel_itself_said_in_english_is_not_shown(login):
    tried(case(), detail="You are not allowed to create a Tweet with duplicate content.")
    assert "not allowed" not in html(login())


def test_each_look_at_the_channel_is_listed(login):
    attempt = tried(case(), AttemptOutcome.ABSENT, "absent_often")
    for number, result in enumerate((Reading.FAILED, Reading.ABSENT)):
        attempt.reads.create(at=SLOT + number * MINUTE, result=result)
    page = html(login())
    assert "25.11.2026, 09:01 Uhr</time>: Der Beitrag stand nicht auf dem Kanal." in page
    assert "Der Kanal war nicht zu lesen. Dieser Blick zählt nicht." in page


def test_an_older_post_with_the_same_words_is_linked(login):
    tried(case(), AttemptOutcome.ABSENT, "older_post", detail=ADDRESS)
    page = html(login())
    assert f'href="{ADDRESS}"' in page
    assert "Auf X steht ein älterer Beitrag mit demselben Text." in page


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("publishing.off", "Es war Sendepause."),
        ("consent.not_valid", "Eine Einwilligung galt nicht mehr."),
        ("approval.changed_since, twin.missing", "Es fehlte die Seite mit demselben Inhalt."),
    ],
)
def test_a_blocked_one_says_why(login, why, words):
    case(D.BLOCKED, why=why)
    assert words in html(login())


def test_an_unclear_one_says_when_the_next_look_is_and_that_nobody_has_to_act(login):
    delivery = case(D.UNKNOWN, slot=NOW - MINUTE)
    attempt = tried(delivery, AttemptOutcome.UNKNOWN, "no_answer")
    said = card(login(), delivery)["what_next"]
    assert said.startswith("Die Anwendung sieht um 09:22 Uhr wieder auf dem Kanal nach. Bis dahin muss niemand")
    attempt.reads.create(at=NOW + 2 * MINUTE, result=Reading.ABSENT)
    assert "um 09:23 Uhr" in card(login(), delivery)["what_next"]


def test_an_unclear_one_nobody_looks_up_says_so(login, settings):
    delivery = case(D.UNKNOWN)
    tried(delivery, AttemptOutcome.UNKNOWN, "no_answer")
    Channel.objects.update(locked_reason="expired_token")
    assert card(login(), delivery)["what_next"].startswith("Die Anwendung kann gerade nicht selbst nachsehen.")


def test_what_was_deleted_or_changed_by_hand_stands_beside_the_cases(login):
    DeliveryFactory(published=True, gone_at=NOW, approval__post__text="Gelöschter Beitrag")
    DeliveryFactory(published=True, altered_at=NOW, altered_text="anders", approval__post__text="Geänderter Beitrag")
    DeliveryFactory(published=True, gone_at=NOW - dt.timedelta(days=31), approval__post__text="Längst vergessen")
    page = html(login())
    assert "Alles geklärt" in page
    assert ("Gelöschter Beitrag" in page, "Geänderter Beitrag" in page, "Längst vergessen" in page) == (
        True,
        True,
        False,
    )


# --- Which steps are offered ------------------------------------------------------------------------------------------


def test_each_kind_offers_just_the_steps_that_are_safe(login):
    client = login()
    found = {state: offered(client, case(state)) for state in (D.UNKNOWN, D.NEEDS_DECISION, D.MISSED, D.BLOCKED)}
    assert found == {
        D.UNKNOWN: ["ist-online"],
        D.NEEDS_DECISION: ["ist-online", "noch-einmal", "verwerfen"],
        D.MISSED: ["ist-online", "jetzt-senden", "verschieben", "verwerfen"],
        D.BLOCKED: ["ist-online", "jetzt-senden", "verschieben", "verwerfen"],
    }


def test_after_the_grace_sending_is_shown_with_the_reason_why_not(login):
    missed, refused = case(D.MISSED, slot=SLOT - 60 * MINUTE), case(slot=SLOT - 60 * MINUTE)
    client = login()
    assert offered(client, missed) == ["ist-online", "jetzt-senden!", "verschieben", "verwerfen"]
    assert offered(client, refused) == ["ist-online", "noch-einmal!", "verwerfen"]
    assert "Danach können Sie den Beitrag auf seiner Seite verschieben." in html(client)


def test_a_wish_to_send_again_is_shown_to_all_and_its_own_author_reads_why_the_button_is_missing(login):
    author, second = login(), login(Role.GF)
    delivery = case()
    clearing.ask_resend(delivery, "Er fehlt auf X.", by=author.person, at=NOW)
    assert offered(second, delivery) == [
        "noch-einmal-bestaetigen",
        "ist-online",
        "verwerfen",
        "noch-einmal-zuruecknehmen",
    ]
    assert offered(author, delivery)[0] == "noch-einmal-bestaetigen!"
    page = html(author)
    assert "Er fehlt auf X." in page
    assert "Dem erneuten Senden stimmt eine zweite Person zu." in page


# --- Taking a step ----------------------------------------------------------------------------------------------------


def test_after_a_step_the_person_is_back_at_the_list(login):
    client, delivery = login(), case(D.MISSED)
    answer = take(client, delivery, "verwerfen", reason="Das Thema ist vorbei.")
    assert (answer.status_code, answer["Location"]) == (302, f"{BOX}#faelle")
    page = html(client)
    assert 'id="faelle" tabindex="-1"' in page
    assert "Der Beitrag geht nicht mehr hinaus." in page
    assert Delivery.objects.get().state == D.CANCELLED


def test_the_address_of_what_is_online_is_pasted(login):
    delivery = case()
    assert take(login(), delivery, "ist-online", address=ADDRESS, reason="Gesehen.").status_code == 302
    assert Delivery.objects.get().state == D.PUBLISHED


def test_a_refused_step_answers_409_and_keeps_what_was_typed(login):
    for _ in range(2):
        case(D.NEEDS_DECISION)
    delivery = case(D.MISSED)
    answer = take(login(), delivery, "ist-online", address="keine Adresse", reason="Ich sehe ihn.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert answer.context["cards"][0]["pk"] == delivery.pk
    for words in ("Das ist keine Adresse eines Beitrags auf X.", 'value="keine Adresse"', "Ich sehe ihn.</textarea>"):
        assert words in page
    assert '<details class="app-step" open>' in page


def test_somebody_was_quicker_and_nothing_typed_is_lost(login):
    delivery = case(D.MISSED)
    clearing.discard(delivery, "Vorbei.", by=person(), at=NOW)
    answer = take(login(), delivery, "verwerfen", reason="Meine lange Begründung.")
    assert answer.status_code == 409
    assert "wartet nicht mehr auf eine Entscheidung" in answer.content.decode()
    assert "Meine lange Begründung." in answer.content.decode()


def test_a_missed_one_is_moved_from_here(login):
    client, delivery = login(), case(D.MISSED)
    assert take(client, delivery, "verschieben", slot="2026-11-26T10:00").status_code == 302
    post = Post.objects.get()
    assert (post.state, post.slot) == (PostState.IN_REVIEW, dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC))
    assert "Alles geklärt" in html(client)


@pytest.mark.parametrize(
    ("slot", "words"),
    [
        ("", "Bitte wählen Sie einen Termin."),
        ("2027-03-28T02:30", "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ("2026-11-20T09:00", "ist vorbei"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(login, slot, words):
    answer = take(login(), case(D.MISSED), "verschieben", slot=slot)
    assert answer.status_code == 409
    assert words in answer.content.decode()


def test_what_a_sendepause_blocked_is_sent_now_while_its_freigabe_lasts(login):
    client, delivery = login(), case(D.BLOCKED, why="publishing.off")
    assert take(client, delivery, "jetzt-senden").status_code == 302
    assert Delivery.objects.filter(state=D.SCHEDULED, slot=NOW).count() == 1
    assert "Alles geklärt" in html(client)


def test_two_people_send_again(login):
    delivery = case()
    author = login()
    take(author, delivery, "noch-einmal", reason="Er fehlt auf X.")
    assert Resend.objects.get().asked_by == author.person
    answer = take(author, delivery, "noch-einmal-bestaetigen")
    assert answer.status_code == 409
    # Nobody listens where the channel should be: without a look nothing is sent.
    answer = take(login(Role.GF), delivery, "noch-einmal-bestaetigen")
    assert "Ohne diesen Blick senden wir nicht noch einmal." in answer.content.decode()
    assert take(author, delivery, "noch-einmal-zuruecknehmen", reason="Er ist da.").status_code == 302


STEPS = (
    "ist-online",
    "noch-einmal",
    "noch-einmal-bestaetigen",
    "noch-einmal-zuruecknehmen",
    "verwerfen",
    "verschieben",
)


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
def test_others_neither_see_the_box_nor_decide(login, role):
    client, delivery = login(role), case(D.MISSED)
    assert client.get(BOX).status_code == 403
    assert [take(client, delivery, slug, reason="Grund").status_code for slug in STEPS] == [403] * len(STEPS)
    assert Delivery.objects.get().state == D.MISSED


def test_odd_requests(login):
    client, delivery = login(), case()
    assert take(client, delivery, "claim").status_code == 404
    assert take(client, delivery, "freigeben").status_code == 404
    assert client.post(f"{BOX}999999/schritt/verwerfen/").status_code == 404
    assert client.get(f"{BOX}{delivery.pk}/schritt/verwerfen/").status_code == 405
    assert Client().post(f"{BOX}{delivery.pk}/schritt/verwerfen/").status_code == 302
    assert take(client, delivery, "verwerfen", reason="\x00").status_code == 409
    assert client.get(BOX, {"seite": "unsinn"}).status_code == 200


# --- What it costs ----------------------------------------------------------------------------------------------------


def fill(number):
    for place in range(number):
        state = (D.NEEDS_DECISION, D.MISSED, D.BLOCKED, D.UNKNOWN)[place % 4]
        delivery = case(state, why="publishing.off", approval__post__media=[MediumFactory()])
        attempt = tried(delivery, AttemptOutcome.UNKNOWN if state == D.UNKNOWN else AttemptOutcome.REFUSED)
        attempt.reads.create(at=NOW, result=Reading.ABSENT)
        DeliveryFactory(published=True, gone_at=NOW)


@pytest.mark.parametrize("role", [Role.PROE, Role.GF])
def test_thirty_cases_cost_as_many_queries_as_four_and_at_most_fifteen(login, role, django_assert_max_num_queries):
    client = login(role)
    fill(4)
    client.get(BOX)
    with django_assert_max_num_queries(15) as few:
        client.get(BOX)
    fill(26)
    with django_assert_max_num_queries(15) as many:
        assert len(client.get(BOX).context["cards"]) == 30
    assert len(many) == len(few)
