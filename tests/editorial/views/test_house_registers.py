"""Duties with somebody who stands in (K-28), trainings (G-09), the staff council (G-14)."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from editorial.enums import Role
from tests.factories import DutyFactory, TrainingFactory, person

pytestmark = pytest.mark.django_db

DUTIES, TRAININGS = "/redaktion/register/aufgaben/", "/redaktion/register/schulungen/"
TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


def names(answer):
    return [name for _, name, _ in answer.context["rows"]]


def test_a_duty_is_done_by_the_deputy_as_long_as_the_other_is_away():
    duty = DutyFactory(absent_until=TODAY)
    assert duty.acting(TODAY) == duty.deputy
    assert duty.acting(TODAY + DAY) == duty.owner


def test_a_duty_whose_owner_left_is_the_deputys_and_listed_to_be_given_anew(login):
    duty = DutyFactory(name="Kanal beobachten", owner=person(is_active=False))
    DutyFactory(name="Andere")
    assert duty.acting(TODAY) == duty.deputy
    assert names(login().get(DUTIES, {"liste": "unbesetzt"})) == ["Kanal beobachten"]
    duty.deputy.is_active = False
    duty.deputy.save()
    assert duty.acting(TODAY) is None
    assert "niemand" in login().get(DUTIES).content.decode()


def test_nobody_stands_in_for_oneself(login):
    one = person()
    answer = login().post(f"{DUTIES}neu/", {"name": "Kanal beobachten", "owner": one.pk, "deputy": one.pk})
    assert answer.status_code == 422
    assert "Niemand vertritt sich selbst" in answer.context["form"].errors["deputy"][0]
    with pytest.raises(IntegrityError):
        DutyFactory(owner=one, deputy=one)


def test_a_closed_account_is_not_offered_for_a_new_duty(login):
    gone = person(is_active=False)
    answer = login().post(f"{DUTIES}neu/", {"name": "Neu", "owner": gone.pk, "deputy": person().pk})
    assert answer.context["form"].errors["owner"]


def test_trainings_that_ended_or_end_soon_are_listed(login):
    TrainingFactory(subject="Vorbei", valid_until=TODAY - DAY)
    TrainingFactory(subject="Bald", valid_until=TODAY + 60 * DAY)
    TrainingFactory(subject="Später", valid_until=TODAY + 62 * DAY)
    client = login()
    assert names(client.get(TRAININGS, {"liste": "abgelaufen"})) == ["Vorbei"]
    assert names(client.get(TRAININGS, {"liste": "bald"})) == ["Bald"]


@pytest.mark.parametrize(("held_on", "valid_until"), [("2026-05-02", "2026-05-01"), ("2099-01-01", "")])
def test_days_that_cannot_be_are_refused_at_their_field(login, held_on, valid_until):
    typed = {"person": person().pk, "subject": "Datenschutz", "held_on": held_on, "valid_until": valid_until}
    answer = login().post(f"{TRAININGS}neu/", typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"valid_until" if valid_until else "held_on"}


def test_who_was_trained_is_no_business_of_the_fachberatung(login):
    client = login(Role.FACH)
    assert client.get(TRAININGS).status_code == 403
    assert client.get(DUTIES).status_code == 200
