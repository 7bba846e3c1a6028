import datetime as dt
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from editorial import audit, weighing
from editorial.channels import current_channel
from editorial.clock import BERLIN, berlin_day, is_working_day, working_days
from editorial.enums import DeliveryState, EntryKind, Figure, PostKind, PostState, Role
from editorial.models import (
    Approval,
    Attempt,
    AuditEntry,
    Channel,
    ChannelAccess,
    Consent,
    Consultation,
    Delivery,
    Entry,
    Event,
    Medium,
    Mention,
    MirrorItem,
    Observation,
    Partner,
    Post,
    Topic,
    User,
)
from editorial.queries import channel_facts
from evaluation import collecting
from evaluation.models import FigureRow, Missing, Review

from .conftest import last_values

pytestmark = pytest.mark.django_db
D, P = DeliveryState, PostState
DAY = dt.timedelta(days=1)


def today(demo):
    return berlin_day(demo.present)


def start():
    return Channel.objects.get().started_on


# What is there


def test_the_history_has_a_beitrag_on_nearly_every_working_day(demo):
    days = working_days(start(), today(demo))
    published = Counter(
        berlin_day(at) for at in Delivery.objects.exclude(published_at=None).values_list("published_at", flat=True)
    )
    assert len(days) * 0.95 < sum(published.values()) < len(days) * 1.1
    assert 8 <= sum(published[day] == 0 for day in days) <= 20
    assert 5 <= sum(published[day] == 2 for day in days) <= 25
    assert all(is_working_day(day) for day in published)


def test_beitraege_stand_in_every_state(demo):
    assert set(Post.objects.values_list("state", flat=True)) == set(PostState)
    on_the_way = {D.SENDING, D.TAKEDOWN_DUE}  # states of seconds
    assert set(Delivery.objects.values_list("state", flat=True)) == set(DeliveryState) - on_the_way
    undated = Post.objects.filter(state=P.APPROVED, slot=None)
    assert undated.count() == 1


def test_what_needs_a_person_is_recent(demo):
    states = (D.UNKNOWN, D.NEEDS_DECISION, D.MISSED, D.BLOCKED)
    recent = Delivery.objects.filter(state__in=states, slot__gte=demo.present - 14 * DAY)
    assert Counter(recent.values_list("state", flat=True)) == dict.fromkeys(states, 1)


def test_the_plan_of_four_weeks_is_full_with_two_gaps(demo):
    days = working_days(today(demo) + DAY, today(demo) + 29 * DAY)
    planned = {berlin_day(slot) for slot in Post.objects.exclude(slot=None).values_list("slot", flat=True)}
    assert len([day for day in days if day not in planned]) == 2


def test_the_directors_have_a_queue_and_two_open_post_checks(demo):
    waiting = Post.objects.filter(state=P.IN_REVIEW).order_by("slot")
    soonest = working_days(today(demo) + DAY, today(demo) + 9 * DAY)[:2]
    assert [berlin_day(post.slot) for post in waiting[:2] if post.slot] == soonest
    checks = Approval.objects.post_check_open()
    assert sorted(approval.post_check_overdue(today(demo)) for approval in checks) == [False, True]


def test_every_role_can_log_in_with_the_demo_password(demo):
    assert dict(User.objects.values_list("username", "groups__name")) == {
        **{"proe1": "proe", "proe2": "proe", "gf1": "gf", "gf2": "gf", "gf3": "gf"},
        **{"fach1": "fach", "admin1": "admin", "dsb1": "dsb"},
    }
    assert all(user.check_password("redaktion-demo") for user in User.objects.all())
    assert all("(Demo)" in user.display_name for user in User.objects.all())


def test_directors_hold_checked_accounts_of_their_own(demo):
    valid = ChannelAccess.objects.valid(today(demo))
    directors = valid.filter(user__groups__name=Role.GF).exclude(own_handle="").exclude(handle_checked_on=None)
    assert (directors.count(), valid.count()) == (3, 5)


def test_consents_are_valid_ended_and_withdrawn_and_name_nobody(demo):
    consents = list(Consent.objects.all())
    assert [consent.pseudonym for consent in consents if consent.withdrawn_at] == ["VG-DEMO-10"]
    assert [consent.pseudonym for consent in consents if consent.valid_until < today(demo)] == ["VG-DEMO-09"]
    assert sum(consent.covers(today(demo)) for consent in consents) == 8


def test_organisations_have_agreed_and_pictures_can_be_shown(demo):
    assert not Partner.objects.filter(agreed_on=None).exists()
    assert Medium.objects.count() == 8
    assert not Medium.objects.filter(alt_text="").exists()
    assert not Medium.objects.filter(author="").exists()
    assert MirrorItem.objects.exclude(media=[]).count() > 50


def test_the_registers_hold_what_beitraege_speak_of_and_what_came_of_it(demo):
    kinds = set(Entry.objects.filter(posts__isnull=False).values_list("kind", flat=True))
    assert kinds == set(EntryKind.values)
    assert Event.objects.filter(attendance__gt=0).exists()
    assert Event.objects.filter(attendance=None, usable_until__lt=today(demo)).exists()
    assert Mention.objects.exclude(caused_by=None).count() == 2
    assert Mention.objects.filter(paywall="paid").exists()
    assert Partner.objects.filter(kind="company").exists()
    assert Observation.objects.filter(is_trend=True).exists()


def test_texts_fit_the_channel(demo):
    own = Post.objects.exclude(state__in=[P.IDEA, P.DRAFT]).filter(kind=PostKind.POST)
    assert all(weighing.weigh(post.message_text).valid for post in own)


def test_everything_is_marked_as_demonstration(demo):
    assert not Post.objects.filter(is_demo=False).exists()
    assert not Delivery.objects.filter(is_demo=False).exists()


# It was walked


def test_the_audit_chain_holds_and_runs_in_the_order_of_time(demo):
    assert list(audit.broken_entries()) == []
    moments = list(AuditEntry.objects.order_by("position").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= demo.present


def test_each_published_beitrag_was_approved_by_a_second_person_before_its_slot(demo):
    published = Delivery.objects.filter(state=D.PUBLISHED).select_related("approval")
    assert all(delivery.approval.approved_at < delivery.slot for delivery in published)
    assert all(delivery.approval.approved_by_id != delivery.approval.last_author_id for delivery in published)
    assert Attempt.objects.filter(delivery__in=published, outcome="published").count() == published.count()
    shown = MirrorItem.objects.visible().filter(post__deliveries__in=published)
    assert shown.count() == published.count()


def test_people_work_on_working_days_between_eight_and_five(demo):
    acts = AuditEntry.objects.exclude(actor=None).exclude(step="create_account").values_list("at", flat=True)
    # What stands there before the first day was put there at once.
    ground = ("upload", "open_consent", "add_scan", "put_in_force")
    local = [at.astimezone(BERLIN) for at in acts.exclude(step__in=ground)]
    assert {at.hour for at in local} <= set(range(8, 17))
    assert [at for at in local if not is_working_day(at.date())] == []


def test_many_ways_were_gone(demo):
    steps = Counter(AuditEntry.objects.values_list("step", flat=True))
    rare = ("approve_express", "post_check", "request_changes", "reject", "withdraw", "hold", "reschedule", "block")
    rare += ("order_takedown", "confirm_takedown", "release", "lose_sight", "hand_over", "publishing_off", "edit")
    assert [step for step in rare if not steps[step]] == []


# Figures and reviews


def test_figures_stand_at_the_points_of_the_schedule_and_some_are_missing(demo):
    points = set(FigureRow.objects.exclude(delivery=None).values_list("point", flat=True))
    assert {"0h", "1h", "1d", "7d", "14d", "28d", "63d"} <= points
    reasons = set(FigureRow.objects.filter(value=None).values_list("missing_reason", flat=True))
    assert reasons == {Missing.NOT_DELIVERED, Missing.OF_THE_ORIGINAL, Missing.GONE}


def test_followers_are_counted_daily_with_a_gap(demo):
    days = FigureRow.objects.filter(figure=Figure.FOLLOWERS).values_list("point", flat=True)
    assert (today(demo) - start()).days + 1 - len(set(days)) in (5, 6)  # 6 in the first minutes of a day


def test_nothing_is_due_that_a_tick_would_have_read_long_ago(demo):
    facts = channel_facts(demo.present)
    with_simulator = collecting.due_readings(facts, demo.present - dt.timedelta(minutes=15))
    assert with_simulator == []


def test_one_review_is_published_and_one_waits(demo):
    first, second = Review.objects.order_by("end")
    assert (first.state, first.published_by.username) == ("published", "gf1")
    assert (second.state, second.published_at) == ("draft", None)
    assert all(review.comment for review in (first, second))
    assert all(review.figures["totals"]["posts"] > 100 for review in (first, second))
    assert first.end == second.start
    assert second.end <= today(demo)


# The simulator


def test_the_simulator_holds_what_is_published(demo):
    published = Delivery.objects.filter(state=D.PUBLISHED).values_list("external_id", flat=True)
    live = demo.simulator.live_posts()
    ours = {post["id"]: post for post in live if post["source"] == "fill"}
    assert set(ours) == set(published)
    texts = dict(
        Delivery.objects.filter(post__kind=PostKind.POST, state=D.PUBLISHED).values_list(
            "external_id", "post__message_text"
        )
    )
    assert {id_: ours[id_]["text"] for id_ in texts} == texts
    with_picture = MirrorItem.objects.visible().exclude(media=[]).filter(post__deliveries__state=D.PUBLISHED).count()
    assert sum(bool(post["media"]) for post in ours.values()) == with_picture


def test_live_figures_go_on_from_the_stored_ones(demo):
    before = last_values(Figure.IMPRESSIONS)
    channel = current_channel()
    assert channel is not None
    stored = FigureRow.objects.filter(figure=Figure.FOLLOWERS, value__isnull=False).latest("taken_at").value
    collecting.collect(channel, extra=True)
    after = last_values(Figure.IMPRESSIONS)
    assert [id_ for id_ in before if after[id_] < before[id_]] == []
    assert sum(after[id_] > before[id_] for id_ in before) > 0
    assert stored <= channel.account().followers <= stored + 10


def test_nothing_is_sent_where_the_simulator_is_not_ours(demo):
    assert demo.posts_of_a_foreign_service == []


# All or nothing, always the same


def test_the_same_day_brings_the_same_demonstration(demo):
    assert demo.looks == demo.twin


def test_a_second_time_is_refused_and_changes_nothing(demo):
    before = AuditEntry.objects.count()
    with pytest.raises(CommandError, match="schon Konten oder Beiträge"):
        call_command("demo_data")
    assert (AuditEntry.objects.count(), User.objects.count()) == (before, 8)


def test_it_is_built_within_seconds(demo):
    assert demo.cpu_s < 30


def test_the_fachberatung_has_one_open_question_and_has_answered_one(demo):
    asked = {one.state: one for one in Consultation.objects.all()}
    assert set(asked) == {"asked", "answered"}
    assert asked["asked"].due_at > demo.present
    assert asked["answered"].proposal not in ("", asked["answered"].post.text)
    expert = User.objects.get(username="fach1")
    assert Consultation.objects.asked_of(expert).count() == 2
    assert not Topic.objects.filter(needs_consultation=True).exists()
