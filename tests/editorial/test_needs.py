"""What needs whom: each kind appears for those it is for, with its deadline, and is gone when it is done."""

import datetime as dt

import pytest

from editorial import needs
from editorial.actions import approval
from editorial.clock import BERLIN
from editorial.enums import ApprovalKind, ConsultationState, DeliveryState, LinkOpinion, LinkState, Role
from editorial.models import Channel, Delivery, Department, LinkCheck, PostLink
from editorial.needs import Kind
from tests.factories import (
    ApprovalFactory,
    ConsultationFactory,
    DeliveryFactory,
    MediumFactory,
    PostFactory,
    person,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=BERLIN)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
PROE, GF, FACH = Role.PROE, Role.GF, Role.FACH


def asked(role, who=None, most=100):
    return needs.of(role, (who or person(role)).pk, NOW, most)


def kinds(role, who=None):
    mine, others = asked(role, who)
    return [need.kind for need in mine], [need.kind for need in others]


def test_in_an_empty_house_nobody_is_needed():
    assert [kinds(role) for role in (PROE, GF, FACH)] == [([], [])] * 3


def test_what_waits_for_a_freigabe_is_the_directors_and_proe_waits():
    post = PostFactory(slot=NOW + DAY, in_review=True)
    assert (kinds(PROE), kinds(GF), kinds(FACH)) == (([], [Kind.REVIEW]), ([Kind.REVIEW], []), ([], []))
    need = asked(GF)[0][0]
    assert (need.key, need.until, need.last_day) == (post.pk, NOW + DAY, None)


def test_what_came_back_is_proes_again_with_the_wish():
    post = approval.submit(PostFactory(slot=NOW + DAY), by=person(PROE), at=NOW)
    approval.request_changes(post, "Bitte kürzer.", by=person(GF), at=NOW)
    assert kinds(PROE) == ([Kind.RETURNED], [])
    assert asked(PROE)[0][0].note == "Bitte kürzer."


def test_what_nobody_decided_in_time_has_lapsed():
    PostFactory(slot=NOW - 3 * HOUR, in_review=True)
    assert (kinds(PROE), kinds(GF)) == (([Kind.LAPSED], []), ([], []))


def test_the_nearest_deadline_comes_first_and_none_comes_last_and_what_lapsed_after_that():
    for slot in (None, NOW + 2 * DAY, NOW + DAY, NOW - 3 * DAY, NOW - 4 * DAY):
        PostFactory(slot=slot, in_review=True)
    assert [need.until for need in asked(GF)[0]] == [NOW + DAY, NOW + 2 * DAY, None]
    mine, others = asked(PROE)
    assert ([(need.kind, need.key) for need in mine], len(others)) == ([(Kind.LAPSED, 2)], 3)


def test_what_is_an_open_case_is_not_called_lapsed_as_well():
    missed = DeliveryFactory(slot=NOW - DAY, state=DeliveryState.MISSED)
    assert kinds(PROE) == ([], [])
    Delivery.objects.filter(pk=missed.pk).update(state=DeliveryState.CANCELLED)
    assert kinds(PROE) == ([Kind.LAPSED], [])


def test_a_second_look_is_the_directors_with_its_day():
    by = person(PROE, first_name="Pia", last_name="Probe")
    ApprovalFactory(kind=ApprovalKind.EXPRESS, reason="Eilig", approved_by=by, post_check_due_on=NOW.date())
    assert (kinds(GF), kinds(PROE)) == (([Kind.CHECK], []), ([], [Kind.CHECK]))
    need = asked(GF)[0][0]
    assert (need.last_day, need.note) == (NOW.date(), "Pia Probe")


def test_a_question_is_whose_it_is_and_proe_waits_for_the_answer():
    expert, other = person(FACH), person(FACH)
    question = ConsultationFactory(person=expert, due_at=NOW + DAY)
    assert (kinds(FACH, expert), kinds(FACH, other)) == (([Kind.QUESTION], []), ([], []))
    assert asked(FACH, expert)[0][0].key == question.pk
    mine, others = asked(PROE)
    assert (mine, [need.key for need in others]) == ([], [question.post_id])


def test_a_question_to_a_department_is_everybodys_in_it():
    expert = person(FACH)
    department = Department.objects.create(name="Recht")
    department.members.add(expert)
    ConsultationFactory(person=None, department=department, due_at=NOW + DAY)
    assert kinds(FACH, expert) == ([Kind.QUESTION], [])


def test_when_the_deadline_has_passed_proe_decides_how_to_go_on():
    ConsultationFactory(state=ConsultationState.LAPSED, due_at=NOW - DAY)
    assert kinds(PROE) == ([Kind.NO_ANSWER], [])


@pytest.mark.parametrize(("days", "told"), [(-1, False), (0, True), (14, True), (15, False)])
def test_rights_that_end_soon_are_told_while_a_beitrag_still_needs_the_picture(days, told):
    medium = MediumFactory(rights_until=NOW.date() + days * DAY)
    assert kinds(PROE) == ([], [])
    PostFactory(slot=NOW + DAY).media_links.create(medium=medium, position=1)
    mine, _ = asked(PROE)
    assert [(need.kind, need.key, need.last_day) for need in mine] == (
        [(Kind.RIGHTS, medium.pk, NOW.date() + days * DAY)] if told else []
    )


def test_a_link_nobody_can_open_is_told_until_a_person_has_looked():
    post = PostFactory(slot=NOW + DAY)
    link = LinkCheck.objects.create(url="https://example.org/weg", state=LinkState.DEAD)
    PostLink.objects.create(link=link, post=post, place="source")
    mine, _ = asked(PROE)
    assert [(need.kind, need.key, need.until) for need in mine] == [(Kind.LINK, link.pk, NOW + DAY)]
    LinkCheck.objects.update(opinion=LinkOpinion.FREE, opinion_of=LinkState.DEAD)
    assert kinds(PROE) == ([], [])


def test_what_is_sent_by_hand_comes_before_everything(settings):
    PostFactory(slot=NOW - HOUR / 4, in_review=True)
    due = DeliveryFactory(slot=NOW - HOUR / 6)
    settings.X_KEYS = dict.fromkeys(settings.X_KEYS, "key")
    assert kinds(GF) == ([Kind.REVIEW], [])
    Channel.objects.update(posts_by_hand=True)
    assert asked(GF)[0][0].key == due.pk
    assert kinds(GF)[0] == [Kind.BY_HAND, Kind.REVIEW]
    Channel.objects.update(posts_by_hand=False)
    settings.X_KEYS = dict.fromkeys(settings.X_KEYS, "")
    assert kinds(GF)[0] == [Kind.BY_HAND, Kind.REVIEW]


def test_it_is_one_question_however_much_there_is(django_assert_num_queries):
    who = person(PROE)
    asked(PROE, who)
    for number in range(5):
        PostFactory(slot=NOW + number * DAY, in_review=True)
        ConsultationFactory(due_at=NOW + DAY)
    with django_assert_num_queries(1):
        mine, others = asked(PROE, who, most=8)
    assert len(mine) + len(others) == 8


# --- What a draft lacks -----------------------------------------------------------------------------------------------


def lacking(post):
    return needs.missing(NOW, NOW + 2 * DAY, NOW).get(post.pk)


def test_a_draft_with_everything_at_hand_lacks_nothing():
    assert lacking(PostFactory(slot=NOW + DAY)) == []


def test_only_drafts_of_these_days_are_looked_at():
    assert lacking(PostFactory(slot=NOW + 3 * DAY, topic=None)) is None
    assert lacking(PostFactory(slot=NOW + DAY, in_review=True)) is None


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"text": " "}, "Text"),
        ({"topic": None}, "Thema"),
        ({"twin_url": "", "twin_exception": ""}, "Seite mit demselben Inhalt"),
        ({"kind": "retweet", "retweet_url": ""}, "Adresse des Originals"),
    ],
)
def test_each_thing_it_lacks_is_named(fields, word):
    assert lacking(PostFactory(slot=NOW + DAY, **fields)) == [word]


def test_a_picture_without_words_is_named():
    post = PostFactory(slot=NOW + DAY)
    post.media_links.create(medium=MediumFactory(alt_text=""), position=1)
    assert lacking(post) == ["Bildbeschreibung"]
