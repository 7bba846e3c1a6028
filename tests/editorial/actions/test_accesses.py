"""The access register: seats by the concept, granted by somebody else, ended with proof, signed every half-year."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from editorial.actions import accesses, accounts
from editorial.enums import AccessKind, Role
from editorial.models import AuditEntry, Channel, ChannelAccess, Notice
from tests.factories import ChannelAccessFactory, person

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def propose(user, by=None, **fields):
    given = {"kind": AccessKind.DELEGATED_WRITER, "basis": "Beschluss", "has_second_factor": True} | fields
    if user.role == Role.GF:
        given = {"own_handle": "eigenes"} | given
    return accesses.propose(Channel.objects.get(), user, by=by or person(), at=AT, **given)


def granted(role=Role.GF):
    access = propose(person(role))
    accesses.grant(access, by=person(Role.GF), at=AT)
    return ChannelAccess.objects.get(pk=access.pk)


def steps():
    return list(AuditEntry.objects.filter(subject_type="access").order_by("position").values_list("step", flat=True))


@pytest.mark.parametrize(("role", "seats"), [(Role.PROE, 2), (Role.GF, 3)])
def test_each_role_has_as_many_seats_as_the_concept_says(role, seats):
    assert [propose(person(role)).seat for _ in range(seats)] == list(range(1, seats + 1))
    with pytest.raises(accesses.Refused, match=f"Alle {seats} Plätze"):
        propose(person(role))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FACH, Role.DSB])
def test_nobody_else_ever_holds_access(role):
    with pytest.raises(accesses.Refused, match="nur die PRÖ und die Geschäftsführung"):
        propose(person(role))


def test_a_director_needs_an_own_account_and_a_closed_account_gets_no_access():
    with pytest.raises(accesses.Refused, match="eigenes Konto"):
        propose(person(Role.GF), own_handle="")
    with pytest.raises(accesses.Refused, match="offenem Konto"):
        propose(person(is_active=False))


def test_a_proposal_gives_no_right_before_somebody_else_grants_it():
    director = person(Role.GF)
    access = propose(director)
    assert not ChannelAccess.objects.valid(TODAY).exists()
    with pytest.raises(accesses.Refused, match="andere Person der Geschäftsführung"):
        accesses.grant(access, by=director, at=AT)
    other = person(Role.GF)
    accesses.grant(access, by=other, at=AT)
    assert ChannelAccess.objects.valid(TODAY).get().granted_by == other
    with pytest.raises(accesses.Refused, match="schon entschieden"):
        accesses.grant(access, by=other, at=AT)
    assert steps() == ["propose_access", "grant_access"]


def test_whoever_proposed_it_does_not_grant_it():
    proposer = person(Role.GF)
    access = propose(person(), by=proposer)
    with pytest.raises(accesses.Refused, match="Sie haben diesen Zugang vorgeschlagen"):
        accesses.grant(access, by=proposer, at=AT)


def test_the_proof_of_one_removal_settles_no_other():
    writer, access = person(), granted(Role.PROE)
    other = f"access-removal-{access.pk}0"
    Notice.objects.create(person=writer, kind="access", words="x", path="/", key=other, made_at=AT)
    accesses.end(access, "Ausgeschieden", by=writer, at=AT)
    accesses.prove_removal(access, TODAY, "Foto", by=writer, at=AT)
    assert Notice.objects.get(key=other).settled_at is None


def test_whose_access_ended_does_not_prove_it():
    access = granted(Role.PROE)
    accesses.end(access, "Ausgeschieden", by=access.user, at=AT)
    with pytest.raises(accesses.Refused, match="weist eine andere Person nach"):
        accesses.prove_removal(access, TODAY, "Foto", by=access.user, at=AT)


def test_directors_are_told_of_a_proposal_until_it_is_decided():
    director = person(Role.GF)
    access = propose(person())
    assert Notice.objects.get(person=director, settled_at=None).words.endswith("Platz 1 der PRÖ.")
    accesses.grant(access, by=director, at=AT)
    assert not Notice.objects.filter(settled_at=None).exists()


def test_an_own_account_is_checked_by_somebody_else_and_holds_six_months():
    access = granted()
    assert not ChannelAccess.objects.with_own_account(TODAY).exists()
    with pytest.raises(accesses.Refused, match="prüft eine andere Person"):
        accesses.check_account(access, "eigenes", by=access.user, at=AT)
    accesses.check_account(access, "eigenes", by=person(), at=AT)
    holds = ChannelAccess.objects.with_own_account
    assert (holds(TODAY).exists(), holds(dt.date(2027, 5, 22)).exists()) == (True, True)
    assert not holds(dt.date(2027, 5, 23)).exists()


def test_a_second_factor_that_was_switched_on_or_off_is_noted_by_somebody_else():
    access = granted(Role.PROE)
    with pytest.raises(accesses.Refused, match="eine andere Person"):
        accesses.note_second_factor(access, False, by=access.user, at=AT)
    accesses.note_second_factor(access, False, by=person(Role.GF), at=AT)
    assert not ChannelAccess.objects.get().has_second_factor
    assert steps()[-1] == "check_second_factor"
    with pytest.raises(accesses.Refused, match="steht es schon"):
        accesses.note_second_factor(access, False, by=person(Role.GF), at=AT)


def test_an_ended_access_is_over_on_the_same_day_and_asks_for_a_proof():
    writer, access = person(), granted(Role.PROE)
    accesses.end(access, "Ausgeschieden", by=writer, at=AT)
    assert not ChannelAccess.objects.valid(TODAY).exists()
    told = Notice.objects.get(person=writer, settled_at=None)
    assert "auf der Plattform" in told.words
    with pytest.raises(accesses.Refused, match="Zukunft"):
        accesses.prove_removal(access, TODAY + DAY, "Foto", by=writer, at=AT)
    with pytest.raises(accesses.Refused, match="noch nicht"):
        accesses.prove_removal(access, TODAY - DAY, "Foto", by=writer, at=AT)
    accesses.prove_removal(access, TODAY, "Foto", by=writer, at=AT)
    told.refresh_from_db()
    assert told.settled_at == AT
    for again in (
        lambda: accesses.prove_removal(access, TODAY, "Foto", by=writer, at=AT),
        lambda: accesses.end(access, "Noch einmal", by=writer, at=AT),
    ):
        with pytest.raises(accesses.Refused, match="schon"):
            again()
    assert propose(person()).seat == 1


def test_whose_account_is_closed_or_changes_its_role_holds_no_access_any_more():
    admin = person(Role.ADMIN)
    closed, changed = granted(Role.PROE), granted(Role.GF)
    accounts.disable(closed.user, "Ausgeschieden", by=admin, at=AT)
    accounts.change_role(changed.user, Role.FACH, "Wechsel", by=admin, at=AT)
    assert not ChannelAccess.objects.valid(TODAY).exists()
    assert set(ChannelAccess.objects.values_list("end_reason", flat=True)) == {"Konto gesperrt", "Andere Rolle"}


def test_what_changed_since_it_was_proposed_is_not_granted():
    access = propose(person(Role.GF))
    access.user.groups.clear()
    with pytest.raises(accesses.Refused, match="andere Rolle"):
        accesses.grant(access, by=person(Role.GF), at=AT)


def test_the_register_is_signed_as_it_stood_on_the_page():
    access, director, channel = granted(), person(Role.GF), Channel.objects.get()
    with pytest.raises(accesses.Refused, match="inzwischen geändert"):
        accesses.sign_review(channel, "", seen=[], by=director, at=AT)
    review = accesses.sign_review(channel, "Stimmt", seen=[access.pk], by=director, at=AT)
    [line] = review.lines
    assert line.startswith(f"Platz 1 der Geschäftsführung: {access.user.display_name}, Delegation als Mitwirkende:r")
    assert line.endswith("zweiter Faktor ja, eigenes Konto @eigenes")
    assert accesses.review_due_on(channel) == dt.date(2027, 5, 23)


def test_two_weeks_ahead_somebody_reads_once_what_has_to_be_checked_again():
    director, writer = person(Role.GF), person()
    access = granted()
    accesses.check_account(access, "eigenes", by=writer, at=AT)
    accesses.watch(AT)
    assert not Notice.objects.filter(settled_at=None).exists()
    for _ in range(2):
        accesses.watch(AT + 170 * DAY)
    due = Notice.objects.filter(settled_at=None)
    assert "Zugangsregister ist bis zum 23.05.2027" in due.get(person=director).words
    assert "eigene Konto ist bis zum 23.05.2027" in due.get(person=writer).words
    later = AT + 171 * DAY
    accesses.check_account(access, "eigenes", by=writer, at=later)
    accesses.sign_review(Channel.objects.get(), "", seen=[access.pk], by=director, at=later)
    assert not due.all().exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "proe", "seat": 3},
        {"role": "gf", "seat": 4},
        {"role": "gf", "seat": 0},
        {"role": "admin", "seat": 1},
        {"starts_on": TODAY, "ends_on": TODAY - DAY},
    ],
)
def test_the_database_itself_knows_the_limits(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelAccessFactory(**fields)


def test_the_database_lets_nobody_share_a_seat_hold_two_or_grant_their_own():
    first = ChannelAccessFactory()
    for wrong in (
        lambda: ChannelAccessFactory(),
        lambda: ChannelAccessFactory(user=first.user, seat=2),
        lambda: ChannelAccess.objects.filter(pk=first.pk).update(granted_by=first.user),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    ChannelAccessFactory(seat=2)
