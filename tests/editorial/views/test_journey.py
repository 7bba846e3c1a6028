"""The way of an Ausspielung on the reading page: every station, every attempt, exactly one next step."""

import datetime as dt

import pytest
import time_machine

from editorial.actions import mirroring
from editorial.enums import AttemptOutcome, DeliveryState, Evidence, Figure, Reading, Role
from editorial.models import Channel, Delivery
from evaluation.models import FigureRow
from tests.editorial.open_cases import ADDRESS, MINUTE, NOW, SLOT, case, tried
from tests.factories import ConsultationFactory, DeliveryFactory, person

pytestmark = pytest.mark.django_db
D = DeliveryState
KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "1-abc")


@pytest.fixture(autouse=True)
def twenty_minutes_after_the_slot(settings):
    settings.X_KEYS = KEYS
    with time_machine.travel(NOW, tick=False):
        yield


def way(client, delivery):
    answer = client.get(f"/redaktion/beitraege/{delivery.post_id}/")
    assert answer.status_code == 200
    return next(row for row in answer.context["deliveries"] if row["delivery"].pk == delivery.pk)


def titles(client, delivery):
    return [entry["title"] for entry in way(client, delivery)["entries"]]


def told(client, delivery, title):
    return next(entry for entry in way(client, delivery)["entries"] if entry["title"] == title)


def published(**fields):
    return DeliveryFactory(published=True, slot=SLOT, evidence=Evidence.TIMELINE, external_url=ADDRESS, **fields)


def test_all_stations_stand_in_their_order_with_who_and_when(login):
    author = person(first_name="Pia", last_name="Probe")
    delivery = published(approval__post__written_by=author)
    tried(delivery, AttemptOutcome.PUBLISHED, "")
    mirroring.show(delivery.post, at=SLOT, recorded_at=SLOT)
    client = login(Role.FACH)
    assert titles(client, delivery) == [
        "Geschrieben",
        "Fachberatung",
        "Freigabe",
        "Gesendet",
        "Auf dem Kanal erschienen",
        "Gemessen",
        "Auf der Website",
    ]
    assert told(client, delivery, "Geschrieben")["by"] == "Pia Probe"
    assert told(client, delivery, "Freigabe")["by"] == delivery.approval.approved_by.display_name
    assert told(client, delivery, "Auf dem Kanal erschienen")["text"] == "Wir haben ihn auf dem Kanal gelesen."
    assert told(client, delivery, "Auf der Website")["link"]["url"] == f"/beitraege/{delivery.post.public_id}/"


def test_every_attempt_is_told_in_plain_words(login):
    delivery = case()
    tried(delivery, AttemptOutcome.NOT_SENT, "unreached")
    tried(delivery, AttemptOutcome.REFUSED, "too_long", detail="Your Tweet text is too long.")
    entries = way(login(), delivery)["entries"]
    assert [(e["title"], e["text"]) for e in entries if e["title"].startswith("Sende")] == [
        ("Sendeversuch (1. Versuch)", "X war nicht zu erreichen. Es wurde nichts gesendet."),
        ("Sendeversuch (2. Versuch)", "X hält den Text für zu lang."),
    ]


def test_the_last_figures_are_named_and_a_missing_one_is_not_zero(login):
    delivery = published()
    for number, (figure, value) in enumerate(
        ((Figure.IMPRESSIONS, 9), (Figure.IMPRESSIONS, 1200), (Figure.LIKES, None))
    ):
        FigureRow.objects.create(
            channel=delivery.channel,
            delivery=delivery,
            figure=figure,
            value=value,
            missing_reason="" if value else "not_delivered",
            unit="times",
            source="api",
            point=f"{number}d",
            taken_at=SLOT + number * MINUTE,
        )
    measured = told(login(), delivery, "Gemessen")
    assert measured["text"] == "Impressionen: 1.200 · Likes: nicht geliefert"
    assert measured["at"] == SLOT + 2 * MINUTE


def test_what_somebody_did_on_the_channel_by_hand_is_shown_and_the_website_keeps_it(login, client):
    gone = published(gone_at=NOW)
    mirroring.show(gone.post, at=SLOT, recorded_at=SLOT)
    altered = published(altered_at=NOW, altered_text="Etwas ganz anderes")
    reader = login()
    assert told(reader, gone, "Auf dem Kanal von Hand gelöscht")["at"] == NOW
    assert told(reader, altered, "Auf dem Kanal von Hand geändert")["text"] == "Dort steht jetzt: Etwas ganz anderes"
    assert "wer ihn gelöscht hat" in way(reader, gone)["next"]["text"]
    assert client.get(f"/beitraege/{gone.post.public_id}/").status_code == 200


@pytest.mark.parametrize("state", D)
def test_each_state_has_exactly_one_next_step(login, state):
    sent = {"external_id": "7", "published_at": SLOT} if state in (D.PUBLISHED, D.TAKEDOWN_DUE, D.DELETED) else {}
    delivery = DeliveryFactory(state=state, slot=SLOT, external_url=ADDRESS, **sent)
    row = way(login(), delivery)
    assert row["next"]["text"]
    leads_to = row["next"].get("url", "")
    expected = {D.PUBLISHED: ADDRESS} | dict.fromkeys(
        (D.UNKNOWN, D.NEEDS_DECISION, D.MISSED, D.BLOCKED), f"/redaktion/klaerung/#fall-{delivery.pk}"
    )
    assert leads_to == expected.get(state, "")


def test_what_is_planned_waits_for_its_moment(login):
    delivery = DeliveryFactory(slot=NOW + 60 * MINUTE)
    assert way(login(), delivery)["next"]["text"] == "Nichts zu tun: Er geht zum Termin hinaus."
    assert told(login(), delivery, "Senden")["text"] == "Geplant für Mi, 25. November 2026, 10:20 Uhr."


def test_without_keys_a_person_sends_it_and_is_led_there(login, settings):
    settings.X_KEYS = dict.fromkeys(KEYS, "")
    delivery = DeliveryFactory(slot=NOW + 60 * MINUTE)
    step = way(login(), delivery)["next"]
    assert (step["text"], step["url"]) == ("Bitte senden Sie ihn zum Termin von Hand.", "/redaktion/klaerung/von-hand/")
    assert "url" not in way(login(Role.FACH), delivery)["next"]


def test_while_it_is_unclear_the_next_look_is_named(login):
    delivery = case(D.UNKNOWN, slot=NOW - MINUTE)
    attempt = tried(delivery, AttemptOutcome.UNKNOWN, "no_answer")
    assert "sieht um 09:22 Uhr wieder auf dem Kanal nach" in way(login(), delivery)["next"]["text"]
    attempt.reads.create(at=NOW - 10 * MINUTE, result=Reading.FAILED)
    Channel.objects.update(locked_reason="expired_token")
    assert "Bitte sehen Sie auf dem Kanal nach." in way(login(), delivery)["next"]["text"]


def test_who_may_not_decide_gets_no_link_to_the_box(login):
    assert "url" not in way(login(Role.FACH), case())["next"]


def test_of_several_the_live_one_stands_first(login):
    old = DeliveryFactory(state=D.CANCELLED, slot=SLOT)
    new = Delivery.objects.create(
        post=old.post,
        channel=old.channel,
        approval=old.approval,
        concept_version=old.concept_version,
        slot=SLOT,
        created_at=old.created_at - dt.timedelta(days=1),
    )
    answer = login().get(f"/redaktion/beitraege/{old.post_id}/")
    assert [row["delivery"].pk for row in answer.context["deliveries"]] == [new.pk, old.pk]
    assert "1. Ausspielung auf" in answer.text, "each has a name of its own, for those who listen"
    assert "2. Ausspielung auf" in answer.text


def test_ten_attempts_cost_no_query_more_than_one(login, django_assert_max_num_queries, django_assert_num_queries):
    delivery, client = case(), login()
    tried(delivery)
    page = f"/redaktion/beitraege/{delivery.post_id}/"
    client.get(page)
    with django_assert_max_num_queries(40) as few:
        client.get(page)
    for _ in range(9):
        tried(delivery)
    with django_assert_num_queries(len(few)):
        client.get(page)


def consulted(client, delivery):
    return [entry["text"] for entry in way(client, delivery)["entries"] if entry["title"] == "Fachberatung"]


def test_without_a_question_it_says_so(login):
    assert consulted(login(), published()) == ["Es war keine angefragt."]


def test_each_opinion_stands_there_with_the_version_it_is_about(login):
    delivery = published()
    fine = ConsultationFactory(post=delivery.post, answered=True)
    ConsultationFactory(post=delivery.post, answered=True, opinion="concerns", seen_sha256="0" * 64, seen_number=2)
    gone = ConsultationFactory(post=delivery.post, state="gone_on", end_reason="Es eilte.")
    open_one = ConsultationFactory(post=delivery.post)
    ConsultationFactory(post=delivery.post, state="withdrawn")
    client = login()
    *said, waiting = consulted(client, delivery)
    assert said == [
        "Keine Einwände, zu Fassung 1.",
        "Bedenken, zu Fassung 2. Der Beitrag wurde danach noch geändert.",
        f"{gone.person} hat nicht geantwortet. Weiter, weil: Es eilte.",
    ]
    assert waiting.startswith(f"{open_one.person} ist gefragt, bis ")
    assert told(client, delivery, "Fachberatung")["by"] == fine.person.display_name


def test_the_fachberatung_reads_there_only_what_is_hers(login):
    delivery, client = published(), login(Role.FACH)
    ConsultationFactory(post=delivery.post, answered=True, opinion="concerns")
    assert consulted(client, delivery) == ["Gefragt war eine andere Stelle."]
    ConsultationFactory(post=delivery.post, person=client.person, answered=True)
    assert consulted(client, delivery) == ["Keine Einwände, zu Fassung 1."]


def test_why_it_went_on_without_her_is_no_matter_of_the_fachberatung(login):
    delivery, client = published(), login(Role.FACH)
    ConsultationFactory(post=delivery.post, person=client.person, state="gone_on", end_reason="Es eilte.")
    assert consulted(client, delivery) == [f"{client.person} hat nicht geantwortet. Es ging ohne Antwort weiter."]
