"""The consent of one person: how it begins, what it carries, and that its end takes everything along (K-58)."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from PIL import Image

from editorial import tasks, workflow
from editorial.actions import consents, publishing, reconciling
from editorial.channels.dry_run import DryRun
from editorial.channels.protocol import ChannelSilent
from editorial.enums import ConsentState, ConsentUse, DeliveryState, PostState, Role, WithdrawalWay
from editorial.models import AuditEntry, Consent, Delivery, MirrorItem, Notice, Removal, Scan
from editorial.models.consent import EVERYTHING
from editorial.rules import Situation
from editorial.rules.consent import everyone_shown_has_consented
from editorial.vault import VaultError
from tests.factories import ConsentFactory, DeliveryFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
NOW = SLOT - dt.timedelta(hours=2)
DAY = dt.timedelta(days=1)
FACTS = {"valid_from": NOW.date(), "valid_until": NOW.date() + 700 * DAY, "scope": EVERYTHING}
MARA = {"name": "Mara Muster", "contact": "0421 12345678"}
C, D = ConsentState, DeliveryState


def form():
    drawn = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(drawn, "PNG")
    return drawn.getvalue()


def opened(by=None, at=NOW, **facts):
    return consents.open_record(FACTS | facts, MARA, by=by or person(), at=at)


def complete(**facts):
    day = NOW.date()
    by = person()
    told = {"informed_on": day, "signed_on": day, "is_anonymous_considered": True}
    consent = opened(by, **told | facts)
    consents.add_scan(consent, form(), "image/png", by=by, at=NOW)
    return consent


def in_force(**facts):
    return consents.put_in_force(complete(**facts), by=person(), at=NOW)


def shown(consent, **more):
    """A Beitrag about this person that is planned for SLOT."""
    return DeliveryFactory(slot=SLOT, approval__post__consents=[consent], **more)


def channel_at(moment):
    return DryRun(lambda: moment)


def state(row):
    return type(row).objects.get(pk=row.pk).state


def revoke(consent, cells=(), at=NOW):
    return consents.revoke(consent, WithdrawalWay.PHONE, cells, by=person(), at=at)


# How it begins


def test_a_record_begins_with_the_next_pseudonym_and_a_name_that_only_the_vault_knows():
    first, second = opened(), opened()
    assert (first.pseudonym, second.pseudonym) == ("VG-2026-001", "VG-2026-002")
    assert b"Mara" not in bytes(first.sealed)
    assert consents.read_person(first, why="Angaben prüfen", by=person(), at=NOW) == MARA


def test_every_reading_stands_in_the_record_with_its_reason():
    consent, by = opened(), person()
    consents.read_person(consent, why="Angaben prüfen", by=by, at=NOW)
    entry = AuditEntry.objects.order_by("position").last()
    assert (entry.step, entry.subject_id, entry.note) == ("read_person", consent.pk, "Angaben prüfen")


def test_what_cannot_be_read_is_not_recorded_as_read(settings):
    consent = opened()
    settings.RECORD_KEYS = []
    with pytest.raises(VaultError):
        consents.read_person(consent, why="Angaben prüfen", by=person(), at=NOW)
    assert not AuditEntry.objects.filter(step="read_person").exists()


def test_what_is_left_empty_at_a_change_stays_as_it_was():
    consent = opened()
    consents.change(consent, FACTS, {"name": "", "contact": "neu"}, seen_version=0, by=person(), at=NOW)
    found = consents.read_person(Consent.objects.get(), why="Angaben prüfen", by=person(), at=NOW)
    assert found == {"name": "Mara Muster", "contact": "neu"}


def test_who_saves_on_top_of_somebody_else_is_told():
    consent = opened()
    consents.change(consent, FACTS, {}, seen_version=0, by=person(), at=NOW)
    with pytest.raises(consents.Overtaken):
        consents.change(consent, FACTS, {}, seen_version=0, by=person(), at=NOW)


def test_what_is_in_force_is_not_changed_any_more():
    consent = in_force()
    with pytest.raises(workflow.StepRefused, match="wrong_state"):
        consents.change(consent, FACTS, {}, seen_version=consent.version, by=person(), at=NOW)


LACKS = {
    "scope": ([], "consent.scope_empty"),
    "informed_on": (None, "consent.not_informed"),
    "signed_on": (None, "consent.not_signed"),
    "is_minor": (True, "consent.guardians_missing"),
    "is_anonymous_considered": (False, "consent.anonymous_open"),
    "valid_until": (NOW.date() - DAY, "consent.over"),
}


@pytest.mark.parametrize("name", LACKS)
def test_whatever_is_missing_keeps_it_from_coming_into_force(name):
    value, code = LACKS[name]
    begin = {"valid_from": NOW.date() - 30 * DAY} if name == "valid_until" else {}
    consent = complete(**{name: value} | begin)
    with pytest.raises(workflow.StepRefused) as refusal:
        consents.put_in_force(consent, by=person(), at=NOW)
    assert refusal.value.codes == code
    assert state(consent) == C.PREPARED


def test_signed_before_being_informed_is_no_consent():
    consent = complete(signed_on=NOW.date() - DAY)
    with pytest.raises(workflow.StepRefused, match=r"consent\.informed_late"):
        consents.put_in_force(consent, by=person(), at=NOW)


def test_without_the_signed_form_it_does_not_come_into_force():
    day = NOW.date()
    consent = opened(informed_on=day, signed_on=day, is_anonymous_considered=True)
    with pytest.raises(workflow.StepRefused, match=r"consent\.scan_missing"):
        consents.put_in_force(consent, by=person(), at=NOW)


@pytest.mark.parametrize("role", [Role.GF, Role.FACH, Role.ADMIN, Role.DSB])
def test_only_proe_takes_a_step(role):
    with pytest.raises(workflow.StepForbidden):
        consents.put_in_force(complete(), by=person(role), at=NOW)
    with pytest.raises(workflow.StepForbidden):
        consents.revoke(in_force(), WithdrawalWay.MAIL, by=person(role), at=NOW)


@pytest.mark.parametrize("start", C)
@pytest.mark.parametrize("name", workflow.CONSENT_STEPS)
def test_every_step_from_every_state_goes_where_the_table_says_or_nowhere(name, start):
    consent = complete()
    Consent.objects.filter(pk=consent.pk).update(**{"state": start})
    target = workflow.CONSENT_STEPS[name].moves.get(start)
    if target is None:
        with pytest.raises(workflow.StepRefused, match="wrong_state"):
            workflow.take(name, consent, by=person(), at=NOW, note="weil")
    else:
        assert workflow.take(name, consent, by=person(), at=NOW, note="weil").state == target


# What it carries


def test_a_consent_in_preparation_carries_nothing():
    delivery, channel = shown(complete()), channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    assert (state(delivery), channel.sent) == (D.BLOCKED, [])


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ([cell for cell in EVERYTHING if not cell.startswith("photo@")], "Foto (Website), Foto (X (früher Twitter))"),
        ([cell for cell in EVERYTHING if cell != "photo@x"], "Foto (X (früher Twitter))"),
    ],
)
def test_a_photo_needs_the_permission_for_photos_in_both_places(scope, code):
    post = PostFactory(consents=[ConsentFactory(scope=scope)], media=[MediumFactory(shows_people=True)])
    said = [one.text for one in everyone_shown_has_consented(post, Situation(at=NOW))]
    assert [code in words for words in said] == [True]


def test_who_takes_back_the_full_name_stops_only_what_gives_the_full_name():
    consent = in_force()
    told, named = (
        shown(consent, approval__post__shows=[f"{consent.pk}:{use}"])
        for use in (ConsentUse.QUOTE, ConsentUse.FULL_NAME)
    )
    cells = [cell for cell in EVERYTHING if cell.startswith("full_name@")]
    consents.revoke(consent, WithdrawalWay.PHONE, cells, by=person(), at=NOW)
    states = {row.pk: row.state for row in Delivery.objects.all()}
    assert (states[told.pk], states[named.pk]) == (D.SCHEDULED, D.BLOCKED)


def test_a_story_without_a_picture_needs_one_permission_for_words():
    told = PostFactory(consents=[ConsentFactory(scope=["first_name@x", "quote@website"])])
    silent = PostFactory(consents=[ConsentFactory(scope=["photo@website", "photo@x"])])
    asked = [[one.code for one in everyone_shown_has_consented(post, Situation(at=NOW))] for post in (told, silent)]
    assert asked == [[], ["consent.too_narrow"]]


# How it ends: at every possible moment


@pytest.mark.parametrize("post_state", [PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED])
def test_withdrawn_before_anything_was_planned_nothing_is_approved_any_more(post_state):
    consent = in_force()
    post = PostFactory(state=post_state, consents=[consent], slot=SLOT)
    revoke(consent)
    found = workflow.objections("submit" if post_state == PostState.DRAFT else "approve", post, _asking(post))
    assert post_state == PostState.APPROVED or "consent.not_valid" in {one.code for one in found}
    assert not Delivery.objects.exists()


def _asking(post):
    role = Role.PROE if post.state == PostState.DRAFT else Role.GF
    return Situation(at=NOW, by=person(role), slot=SLOT, seen_digest=post.digest())


def test_withdrawn_while_planned_it_is_blocked_in_the_same_moment():
    consent = in_force()
    delivery, channel = shown(consent), channel_at(SLOT)
    revoke(consent)
    assert state(delivery) == D.BLOCKED
    publishing.tick(channel, at=SLOT)
    assert (channel.sent, MirrorItem.objects.count()) == ([], 0)


def test_withdrawn_in_mid_send_it_comes_down_as_soon_as_the_answer_is_there():
    consent = in_force()
    delivery = shown(consent)

    class Slow(DryRun):
        def send(self, message):
            receipt = super().send(message)
            revoke(consent, at=SLOT)
            return receipt

    channel = Slow(lambda: SLOT)
    publishing.send(delivery.pk, channel, at=SLOT)
    assert state(delivery) == D.TAKEDOWN_DUE
    publishing.tick(channel, at=SLOT + dt.timedelta(seconds=5))
    assert (state(delivery), len(channel.sent)) == (D.DELETED, 1)
    assert not MirrorItem.objects.visible().exists()


def test_withdrawn_while_nobody_knows_whether_it_is_online_it_comes_down_when_it_is_found():
    consent = in_force()
    delivery, channel = shown(consent), channel_at(SLOT)
    channel.fail_next(ChannelSilent(), after_going_out=True)
    publishing.send(delivery.pk, channel, at=SLOT)
    assert state(delivery) == D.UNKNOWN
    revoke(consent, at=SLOT + dt.timedelta(seconds=30))
    for minutes in range(1, 20):
        at = SLOT + dt.timedelta(minutes=minutes)
        reconciling.tick(channel, at=at)
        publishing.tick(channel, at=at)
    assert state(delivery) == D.DELETED


def test_withdrawn_after_publication_it_leaves_the_website_at_once_and_the_channel_at_the_next_tick():
    consent = in_force()
    delivery, channel = shown(consent), channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    assert state(delivery) == D.PUBLISHED
    withdrawn = SLOT + DAY
    revoke(consent, at=withdrawn)
    assert not MirrorItem.objects.visible().exists()
    assert state(delivery) == D.TAKEDOWN_DUE
    publishing.tick(channel, at=withdrawn + dt.timedelta(seconds=5))
    assert (state(delivery), len(channel.sent)) == (D.DELETED, 1)


def test_what_has_nothing_to_do_with_this_person_stays():
    consent, other = in_force(), in_force()
    theirs, others = shown(consent), shown(other)
    revoke(consent)
    assert (state(theirs), state(others)) == (D.BLOCKED, D.SCHEDULED)


def test_a_part_taken_back_stops_only_what_needs_that_part():
    consent = in_force()
    with_photo = shown(consent, approval__post__media=[MediumFactory(shows_people=True)])
    only_words = shown(consent)
    narrowed = revoke(consent, ["photo@x"])
    assert (narrowed.state, "photo@x" in narrowed.scope) == (C.RESTRICTED, False)
    assert (state(with_photo), state(only_words)) == (D.BLOCKED, D.SCHEDULED)


def test_every_part_taken_back_is_a_withdrawal():
    assert revoke(in_force(), EVERYTHING).state == C.REVOKED


def test_other_places_become_tasks_with_a_day_each_once():
    consent = in_force(scope=[*EVERYTHING])
    delivery = shown(consent)
    publishing.tick(channel_at(SLOT), at=SLOT)
    revoke(consent, ["quote@press"], at=SLOT + DAY)
    revoke(Consent.objects.get(), at=SLOT + DAY)
    due = {(one.place, one.post_id): one.due_on for one in Removal.objects.all()}
    today, tomorrow = (SLOT + DAY).date(), (SLOT + 2 * DAY).date()
    by_hand = {("press", None): tomorrow, ("print", None): tomorrow, ("mastodon", None): tomorrow}
    assert due == {("website", delivery.post.pk): today} | by_hand


def test_a_task_is_settled_once_with_its_proof():
    consent = in_force()
    revoke(consent)
    removal = Removal.objects.first()
    consents.settle_removal(removal, "Gelöscht.", by=person(), at=NOW)
    consents.settle_removal(removal, "Noch einmal.", by=person(), at=NOW + DAY)
    assert Removal.objects.get(pk=removal.pk).proof == "Gelöscht."


def test_proe_and_directors_are_told_without_a_name():
    proe, director = person(), person(Role.GF)
    revoke(in_force())
    told = {notice.person_id: notice.words for notice in Notice.objects.filter(kind="consent_ended")}
    assert {proe.pk, director.pk} <= set(told)
    assert not any("Mara" in words for words in told.values())


# The clock


def test_after_its_last_day_everything_it_carried_comes_down():
    consent = in_force(valid_until=SLOT.date())
    delivery, channel = shown(consent), channel_at(SLOT)
    publishing.tick(channel, at=SLOT)
    assert consents.run_out(SLOT) == 0
    assert consents.run_out(SLOT + DAY) == 1
    assert (state(consent), state(delivery)) == (C.EXPIRED, D.TAKEDOWN_DUE)
    assert not MirrorItem.objects.visible().exists()
    assert consents.run_out(SLOT + DAY) == 0


def test_the_worker_looks_after_the_last_day(monkeypatch):
    consent = in_force()
    Consent.objects.filter(pk=consent.pk).update(valid_from="2020-01-01", valid_until="2020-12-31")
    tasks.reconcile_tick()
    assert state(consent) == C.EXPIRED


def test_so_does_the_independent_clock():
    consent = in_force()
    Consent.objects.filter(pk=consent.pk).update(valid_from="2020-01-01", valid_until="2020-12-31")
    call_command("publish_due")
    assert state(consent) == C.EXPIRED


def test_proe_is_warned_two_months_ahead_and_once():
    person()
    consent = in_force(valid_until=NOW.date() + 60 * DAY)
    in_force(valid_until=NOW.date() + 62 * DAY)
    assert (consents.warn(NOW), consents.warn(NOW)) == (1, 0)
    assert {notice.path for notice in Notice.objects.filter(kind="consent_ending")} == {
        f"/redaktion/einwilligungen/{consent.pk}/"
    }


# Erasing


def erasable():
    consent = revoke(complete())
    Removal.objects.update(done_at=NOW)
    return consent


def test_what_is_erased_nobody_reads_any_more():
    consent = erasable()
    erased = consents.erase(consent, "Person hat es verlangt", by=person(), at=NOW)
    assert (erased.state, bytes(erased.wrapped_key), bytes(erased.sealed)) == (C.ERASED, b"", b"")
    with pytest.raises(VaultError):
        consents.read_scan(Scan.objects.get(), why="Angaben prüfen", by=person(), at=NOW)


def test_who_is_still_shown_somewhere_is_not_erased():
    consent = revoke(in_force())
    with pytest.raises(workflow.StepRefused, match="removals_open"):
        consents.erase(consent, "weil", by=person(), at=NOW)


def test_by_itself_it_is_erased_only_after_the_third_year():
    consent = erasable()
    for at in (NOW, dt.datetime(2029, 12, 31, 12, tzinfo=dt.UTC)):
        with pytest.raises(workflow.StepRefused, match=r"consent\.kept"):
            consents.erase(consent, "Frist", at=at)
    assert consents.erase(consent, "Frist", at=dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)).state == C.ERASED
