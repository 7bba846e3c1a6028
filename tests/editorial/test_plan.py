import datetime as dt

import pytest
from django.db import transaction

from editorial import plan
from editorial.actions import scheduling, versions
from editorial.clock import BERLIN
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import Approval, Audience, Channel, DailyTarget, Delivery, Post
from tests.factories import ApprovalFactory, DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
D, P = DeliveryState, PostState


def at(day, hour=9, minute=0):
    """A Berlin wall time as the moment a database gives back, in UTC."""
    return dt.datetime.combine(day, dt.time(hour, minute), BERLIN).astimezone(dt.UTC)


def delivery(state, slot, **fields):
    sent = {"external_id": str(slot.timestamp())} if state in (D.PUBLISHED, D.TAKEDOWN_DUE, D.DELETED) else {}
    return DeliveryFactory(state=state, slot=slot, **sent, **fields)


def shown(start=MONDAY, days=7, choice=plan.ALL):
    return plan.entries(start, start + dt.timedelta(days=days), choice)


def week(start=MONDAY, now=NOW):
    end = start + dt.timedelta(days=7)
    return {day.date: day for day in plan.days(start, end, plan.entries(start, end), plan.target(), now=now)}


@pytest.fixture
def started():
    Channel.objects.update(started_on=dt.date(2025, 9, 1))


# --- What an entry shows ----------------------------------------------------------------------------------------------


def test_a_draft_shows_its_own_state_at_its_wished_moment():
    post = PostFactory(slot=at(MONDAY))
    assert [(entry.pk, entry.state, entry.at, entry.channel) for entry in shown()] == [
        (post.pk, P.DRAFT, at(MONDAY), "")
    ]


@pytest.mark.parametrize("state", [state for state in D if state != D.CANCELLED])
def test_an_approved_post_shows_the_state_and_channel_of_its_delivery(state):
    delivery(state, at(MONDAY))
    assert [(entry.state, entry.channel) for entry in shown()] == [(state, "X (früher Twitter)")]


def test_the_live_delivery_counts_before_the_one_that_was_missed():
    missed = delivery(D.MISSED, at(MONDAY))
    Delivery.objects.create(
        post=missed.post,
        channel=missed.channel,
        approval=missed.approval,
        concept_version=missed.concept_version,
        slot=at(MONDAY, 15),
        created_at=missed.created_at + dt.timedelta(hours=1),
    )
    assert [(entry.state, entry.at) for entry in shown()] == [(D.SCHEDULED, at(MONDAY, 15))]


def test_a_rescheduled_post_stands_at_its_new_moment_as_in_review():
    cancelled = delivery(D.CANCELLED, at(MONDAY))
    friday = MONDAY + dt.timedelta(days=4)
    Post.objects.update(state=P.IN_REVIEW, slot=at(friday, 11))
    assert cancelled.post.pk == shown()[0].pk
    assert [(entry.state, entry.day) for entry in shown()] == [(P.IN_REVIEW, friday)]


def test_an_entry_sent_now_stands_where_it_was_sent_not_where_it_was_wished():
    moved = delivery(D.PUBLISHED, at(MONDAY, 12))
    Post.objects.filter(pk=moved.post_id).update(slot=at(MONDAY + dt.timedelta(days=30)))
    assert [entry.at for entry in shown()] == [at(MONDAY, 12)]
    assert shown(MONDAY + dt.timedelta(days=28)) == []


def test_what_was_published_and_deleted_stays_visible_after_the_withdrawal():
    gone = delivery(D.DELETED, at(MONDAY))
    Post.objects.filter(pk=gone.post_id).update(state=P.WITHDRAWN)
    assert [entry.state for entry in shown()] == [D.DELETED]


def test_a_draft_whose_moment_was_taken_away_stands_nowhere():
    delivery(D.CANCELLED, at(MONDAY))
    Post.objects.update(state=P.DRAFT, slot=None)
    assert shown() == []


def test_of_two_channels_the_one_that_needs_somebody_is_shown():
    sent = delivery(D.PUBLISHED, at(MONDAY))
    second = Channel.objects.create(slug="zweiter", name="Zweiter Kanal")
    Delivery.objects.create(
        post=sent.post,
        channel=second,
        approval=sent.approval,
        concept_version=sent.concept_version,
        slot=sent.slot,
        state=D.NEEDS_DECISION,
        created_at=sent.created_at,
    )
    assert [(entry.state, entry.channel) for entry in shown()] == [(D.NEEDS_DECISION, "Zweiter Kanal")]


@pytest.mark.parametrize("sunday", [dt.date(2026, 10, 25), dt.date(2027, 3, 28)])
def test_weeks_of_the_clock_change_begin_and_end_at_berlin_midnight(sunday):
    monday = plan.monday_of(sunday)
    PostFactory(text="vorher", slot=at(monday - dt.timedelta(days=1), 23, 59))
    PostFactory(text="erster", slot=at(monday, 0, 0))
    PostFactory(text="letzter", slot=at(sunday, 23, 59))
    PostFactory(text="nachher", slot=at(sunday + dt.timedelta(days=1), 0, 0))
    assert [(entry.text, entry.day) for entry in shown(monday)] == [("erster", monday), ("letzter", sunday)]


# --- Filters ----------------------------------------------------------------------------------------------------------


def fitting(**chosen):
    return [entry.text for entry in shown(choice=plan.Choice(**chosen)) if entry.fits]


def test_each_filter_keeps_what_it_names():
    topics = {topic.slug: topic for topic in PostFactory._meta.model.topic.field.related_model.objects.all()}
    audiences = Post.audiences.field.related_model.objects
    PostFactory(text="Tipp", slot=at(MONDAY), topic=topics["lesetipps"], written_by=person(Role.GF))
    PostFactory(
        text="Dienst", slot=at(MONDAY, 11), audiences=audiences.filter(slug__in=["arbeitgeber", "journalisten"])
    )
    planned = delivery(D.SCHEDULED, at(MONDAY, 12))
    Post.objects.filter(pk=planned.post_id).update(text="Geplant")
    assert fitting() == ["Tipp", "Dienst", "Geplant"]
    assert fitting(topic="lesetipps") == ["Tipp"]
    assert fitting(audience="journalisten") == ["Dienst"]
    assert fitting(state=D.SCHEDULED) == ["Geplant"]
    assert fitting(state=P.DRAFT) == ["Tipp", "Dienst"]
    assert fitting(role=Role.GF) == ["Tipp"]
    assert fitting(state=P.DRAFT, role=Role.PROE) == ["Dienst"]
    assert fitting(topic="lesetipps", role=Role.PROE) == []


def test_the_role_is_that_of_whoever_wrote_last():
    post = PostFactory(slot=at(MONDAY), written_by=person(Role.PROE))
    versions.keep(post, by=person(Role.GF), at=NOW)
    assert fitting(role=Role.PROE) == []
    assert [entry.role for entry in plan.with_details(shown(), plan.words())] == ["Geschäftsführung"]


def test_details_name_the_target_groups_in_the_order_of_the_concept():
    audiences = Audience.objects.filter(slug__in=["journalisten", "leistungsberechtigte"])
    PostFactory(slot=at(MONDAY), audiences=audiences)
    PostFactory(slot=at(MONDAY, 10), audiences=[])
    found = plan.with_details(shown(), plan.words())
    assert [entry.audiences for entry in found] == [("Leistungsberechtigte", "Journalist:innen"), ()]


# --- Gaps -------------------------------------------------------------------------------------------------------------


def test_an_empty_working_day_is_a_gap_and_a_weekend_is_none(started):
    PostFactory(slot=at(MONDAY))
    gaps = [day.date.weekday() for day in week().values() if day.is_gap]
    assert gaps == [1, 2, 3, 4]


def test_the_reformation_day_is_no_gap_and_carries_its_name(started):
    days = week(dt.date(2025, 10, 27))
    thursday, friday = days[dt.date(2025, 10, 30)], days[dt.date(2025, 10, 31)]
    assert (thursday.is_gap, thursday.holiday) == (True, None)
    assert (friday.is_gap, friday.holiday, friday.is_off) == (False, "Reformationstag", True)


@pytest.mark.parametrize("state", [D.PUBLISHED, D.UNKNOWN, D.TAKEDOWN_DUE, D.DELETED])
def test_a_past_day_on_which_something_went_out_is_no_gap(started, state):
    friday = dt.date(2026, 11, 20)
    delivery(state, at(friday))
    assert not week(dt.date(2026, 11, 16))[friday].is_gap


@pytest.mark.parametrize("state", [D.MISSED, D.BLOCKED, D.NEEDS_DECISION])
def test_a_past_day_on_which_nothing_went_out_stays_a_gap(started, state):
    friday = dt.date(2026, 11, 20)
    delivery(state, at(friday))
    assert week(dt.date(2026, 11, 16))[friday].is_gap


@pytest.mark.parametrize(
    ("state", "is_gap"),
    [(P.DRAFT, False), (P.IN_REVIEW, False), (P.APPROVED, False), (P.IDEA, True), (P.WITHDRAWN, True)],
)
def test_a_day_to_come_is_filled_by_what_is_planned(state, is_gap):
    PostFactory(slot=at(MONDAY, 15), state=state)
    assert week()[MONDAY].is_gap is is_gap


def test_before_the_channel_began_no_day_is_a_gap():
    assert not any(day.is_gap for day in week(dt.date(2026, 11, 16)).values())
    assert week()[MONDAY].is_gap


def test_a_filter_hides_entries_but_makes_no_gap():
    PostFactory(slot=at(MONDAY))
    found = shown(choice=plan.Choice(topic="lesetipps"))
    day = plan.days(MONDAY, MONDAY + dt.timedelta(days=1), found, plan.target(), now=NOW)[0]
    assert (day.entries, day.counted, day.is_gap) == ((), 1, False)


def test_a_higher_target_counts_from_its_day_on(started):
    wednesday = MONDAY + dt.timedelta(days=2)
    DailyTarget.objects.create(channel=Channel.objects.get(), valid_from=wednesday, per_working_day=2)
    for offset in range(5):
        PostFactory(slot=at(MONDAY + dt.timedelta(days=offset)))
    gaps = {day.date: (day.counted, day.wanted) for day in week().values() if day.is_gap}
    assert gaps == {wednesday + dt.timedelta(days=n): (1, 2) for n in range(3)}


def test_more_entries_than_there_is_room_for_are_counted():
    for hour in range(8, 13):
        PostFactory(slot=at(MONDAY, hour))
    day = plan.days(MONDAY, MONDAY + dt.timedelta(days=1), shown(), plan.target(), now=NOW, most=3)[0]
    assert (len(day.entries), day.more, day.counted) == (3, 2, 5)


def test_a_new_post_is_offered_for_nine_or_today_for_the_next_full_hour():
    days = week(now=dt.datetime(2026, 11, 23, 14, 20, tzinfo=BERLIN))
    assert days[MONDAY].slot_to_draft == "2026-11-23T15:00"
    assert days[MONDAY + dt.timedelta(days=1)].slot_to_draft == "2026-11-24T09:00"
    early = week(now=dt.datetime(2026, 11, 23, 6, 5, tzinfo=BERLIN))
    assert early[MONDAY].slot_to_draft == "2026-11-23T09:00"


def test_late_in_the_evening_nothing_more_is_offered_for_today():
    assert not week(now=dt.datetime(2026, 11, 23, 23, 1, tzinfo=BERLIN))[MONDAY].is_open
    assert week(now=dt.datetime(2026, 11, 23, 22, 59, tzinfo=BERLIN))[MONDAY].is_open


def test_the_next_working_days_step_over_christmas():
    found = plan.working_days_from(dt.date(2026, 12, 24), 3)
    assert found == [dt.date(2026, 12, 24), dt.date(2026, 12, 28), dt.date(2026, 12, 29)]
    assert plan.working_days_from(dt.date(2026, 12, 26), 1) == [dt.date(2026, 12, 28)]


def test_without_an_active_channel_there_is_no_target():
    Channel.objects.update(status="retired")
    assert plan.target() == plan.Target()
    assert not any(day.is_gap for day in week().values())


# --- What needs a person ----------------------------------------------------------------------------------------------


def test_whatever_failed_is_listed_newest_first():
    states = [D.UNKNOWN, D.NEEDS_DECISION, D.MISSED, D.BLOCKED]
    for offset, state in enumerate(states):
        delivery(state, at(MONDAY - dt.timedelta(days=10 - offset)))
    delivery(D.PUBLISHED, at(MONDAY, 8))
    assert [case.state for case in plan.cases(10)] == states[::-1]
    assert len(plan.cases(2)) == 2


def test_a_missed_one_is_settled_when_its_approval_is_void():
    missed = delivery(D.MISSED, at(MONDAY))
    with transaction.atomic():
        scheduling.void_approval(missed.post, by=person(Role.PROE), at=NOW, note="edit")
    assert plan.cases(10) == []


def test_an_unknown_one_is_never_settled_by_a_void_approval():
    delivery(D.UNKNOWN, at(MONDAY))
    Approval.objects.update(voided_at=NOW)
    assert [case.state for case in plan.cases(10)] == [D.UNKNOWN]


def test_a_missed_one_is_settled_when_it_is_planned_anew():
    missed = delivery(D.MISSED, at(MONDAY))
    with transaction.atomic():
        scheduling.create_deliveries(missed.post, at(MONDAY, 12), missed.approval, by=person(Role.PROE), at=NOW)
    assert plan.cases(10) == []


def test_a_case_tells_what_the_channel_said_last():
    unclear = delivery(D.NEEDS_DECISION, at(MONDAY))
    for number, code in enumerate(("too_long", "media_failed"), 1):
        unclear.attempts.create(
            number=number, started_at=NOW, deadline_at=NOW, outcome="refused", code=code, finished_at=NOW
        )
    said = "X konnte das Bild oder Video nicht verarbeiten."
    assert [(case.post, case.detail) for case in plan.cases(10)] == [(unclear.post_id, said)]


def test_what_has_no_moment_is_counted_unless_it_was_planned_or_withdrawn():
    PostFactory(slot=None)
    ApprovalFactory(post=PostFactory(slot=None, approved=True), slot=None)
    PostFactory(slot=None, withdrawn=True)
    Post.objects.filter(pk=delivery(D.SCHEDULED, at(MONDAY)).post_id).update(slot=None)
    assert plan.without_moment() == 2


# --- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_reading_a_window_costs_one_query_however_much_stands_in_it(django_assert_num_queries, number):
    for hour in range(number):
        delivery(D.SCHEDULED, at(MONDAY, 9 + hour))
        PostFactory(slot=at(MONDAY, 9 + hour))
    with django_assert_num_queries(1):
        found = shown()
    assert len(found) == 2 * number
    known = plan.words()
    with django_assert_num_queries(1):
        plan.with_details(found, known)


@pytest.mark.parametrize("number", [1, 3])
def test_cases_cost_two_queries_and_none_costs_one(django_assert_num_queries, number):
    with django_assert_num_queries(1):
        assert plan.cases(5) == []
    for _ in range(number):
        delivery(D.MISSED, at(MONDAY))
    with django_assert_num_queries(2):
        assert len(plan.cases(5)) == number
