import datetime as dt

import pytest

from editorial.actions import correcting, scheduling
from editorial.enums import DeliveryState, Role
from editorial.models import AuditEntry, Correction, MirrorItem, PostVersion
from editorial.workflow import StepForbidden, StepRefused
from tests.editorial.views.shown import MORNING, shown
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db
LATER = MORNING + dt.timedelta(hours=3)
NOTE = "Das Haus öffnet um 8 Uhr, nicht um 7 Uhr."


def refused(post, note=NOTE):
    with pytest.raises(StepRefused) as refusal:
        correcting.correct(post, note, by=person(), at=LATER)
    return refusal.value.codes


@pytest.mark.parametrize("role", [Role.PROE, Role.GF])
def test_what_was_wrong_is_said_and_what_was_first_said_stays_kept(role):
    item, by = shown(text="Das Haus öffnet um 7 Uhr."), person(role)
    correcting.correct(item.post, f" {NOTE} ", by=by, at=LATER)
    made = Correction.objects.get()
    assert (made.note, made.at, made.by, made.post) == (NOTE, LATER, by, item.post)
    assert MirrorItem.objects.get().text == "Das Haus öffnet um 7 Uhr."
    assert PostVersion.objects.get().payload["text"] == "Das Haus öffnet um 7 Uhr."
    entry = AuditEntry.objects.get(step="correct")
    assert (entry.subject_type, entry.subject_id, entry.note) == ("post", item.post.pk, NOTE)


def test_what_is_online_without_standing_on_the_website_may_be_corrected_too():
    correcting.correct(DeliveryFactory(published=True).post, NOTE, by=person(), at=LATER)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("note", ["", "  ", "\x00\n"])
def test_a_correction_says_something(note):
    assert refused(shown().post, note) == "reason.missing"


def test_a_correction_tells_no_data_of_a_person_either():
    assert refused(shown().post, "Richtig ist: Erika Muster, 0421 123456.") == "text.personal_data"
    assert not Correction.objects.exists()


def test_what_nobody_can_read_is_not_corrected():
    assert refused(PostFactory()) == "correction.not_public"
    assert refused(DeliveryFactory(state=DeliveryState.MISSED).post) == "correction.not_public"
    item = shown()
    scheduling.hide_from_mirror(item.post, at=LATER)
    assert refused(item.post) == "correction.not_public"
    assert not AuditEntry.objects.filter(step="correct").exists()


@pytest.mark.parametrize("role", [Role.FACH, Role.ADMIN, Role.DSB])
def test_others_correct_nothing(role):
    with pytest.raises(StepForbidden):
        correcting.correct(shown().post, NOTE, by=person(role), at=LATER)
