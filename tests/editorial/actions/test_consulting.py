"""The Fachberatung: every step with its entry in the record, what it refuses, and the clock."""

import datetime as dt

import pytest

from editorial import tasks, workflow
from editorial.actions import approval, consulting, drafting
from editorial.enums import ConsultationState, Opinion, PostState, Role
from editorial.models import AuditEntry, Consultation, Notice, Post, Topic
from editorial.models.consultation import digest_as_shown
from tests.factories import ConsentFactory, ConsultationFactory, DepartmentFactory, PostFactory, person

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
C = ConsultationState


def asked(post=None, *, at=NOW, due_at=NOW + 3 * DAY, **to):
    to = to or {"person": person(Role.FACH)}
    return consulting.ask(post or PostFactory(), "Stimmt die Frist?", due_at=due_at, by=person(), at=at, **to)


def answered(question, opinion=Opinion.FINE, *, by=None, at=NOW + HOUR, **content):
    seen = digest_as_shown(Post.objects.get(pk=question.post_id))
    return consulting.answer(question, opinion, by=by or question.person, seen_digest=seen, at=at, **content)


def steps():
    return [entry.step for entry in AuditEntry.objects.filter(subject_type="consultation").order_by("position")]


def refused(action, *args, **named):
    with pytest.raises(workflow.StepRefused) as refusal:
        action(*args, **named)
    return refusal.value.codes


# Asking


def test_a_question_goes_to_one_person_with_a_deadline_and_stands_in_the_record():
    post, expert = PostFactory(), person(Role.FACH)
    question = asked(post, person=expert)
    assert (question.state, question.addressee) == (C.ASKED, str(expert))
    entry = AuditEntry.objects.get()
    assert (entry.step, entry.subject_id, entry.digest_sha256) == ("ask_experts", question.pk, post.digest())


@pytest.mark.parametrize("role", [Role.GF, Role.FACH, Role.ADMIN, Role.DSB])
def test_only_proe_asks(role):
    with pytest.raises(workflow.StepForbidden):
        consulting.ask(PostFactory(), "?", due_at=NOW + DAY, by=person(role), person=person(Role.FACH), at=NOW)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("state", PostState)
def test_one_asks_before_the_freigabe(state):
    post = PostFactory(state=state)
    if state in (PostState.APPROVED, PostState.WITHDRAWN):
        assert refused(asked, post) == "step.wrong_state"
    else:
        assert asked(post).post == post


def test_a_deadline_lies_ahead_and_nobody_is_asked_twice_at_once():
    post, house = PostFactory(), DepartmentFactory()
    assert refused(asked, post, due_at=NOW) == "consultation.due_past"
    first = asked(post, department=house)
    assert refused(asked, post, department=house) == "consultation.asked_already"
    consulting.withdraw(first, "Hat sich erledigt.", by=person(), at=NOW)
    assert asked(post, department=house).state == C.ASKED


# Answering


def test_an_answer_says_who_when_what_and_to_which_version():
    post = PostFactory(text="Bis Montag.")
    question = answered(asked(post), Opinion.CHANGE, reason="Es ist Dienstag.", proposal="Bis Dienstag.")
    assert (question.state, question.opinion, question.answered_by) == (C.ANSWERED, "change", question.person)
    assert (question.seen_number, question.seen_text) == (1, "Bis Montag.")
    assert question.proposal == "Bis Dienstag."
    entry = AuditEntry.objects.get(step="answer")
    assert (entry.source, entry.target, entry.note) == ("asked", "answered", "change")


def test_the_same_text_is_no_proposal():
    post = PostFactory(text="Bis Montag.")
    assert answered(asked(post), proposal="Bis Montag. \n").proposal == ""


def test_only_who_is_asked_answers_and_of_a_department_one_is_enough():
    first, second, stranger = (person(Role.FACH) for _ in range(3))
    question = asked(department=DepartmentFactory(members=[first, second]))
    assert refused(answered, question, by=stranger) == "consultation.not_yours"
    assert answered(question, by=second).answered_by == second
    assert refused(answered, question, by=first) == "step.wrong_state"


def test_an_opinion_is_about_what_was_read():
    question = asked()
    seen = digest_as_shown(question.post)
    drafting.save(question.post, {"text": "Etwas anderes."}, by=person(), at=NOW)
    with pytest.raises(workflow.StepRefused) as refusal:
        consulting.answer(question, Opinion.FINE, by=question.person, seen_digest=seen, at=NOW)
    assert refusal.value.codes == "consultation.changed_since"


def test_what_the_fachberatung_never_sees_does_not_make_it_another_beitrag():
    post = PostFactory()
    question, seen = asked(post), digest_as_shown(post)
    content = {"slot": NOW + 5 * DAY, "consents": [ConsentFactory()], "twin_exception": "Noch nicht online."}
    drafting.save(post, content, by=person(), at=NOW)
    approval.submit(post, by=person(), at=NOW)
    question = consulting.answer(question, Opinion.FINE, by=question.person, seen_digest=seen, at=NOW)
    assert question.seen_sha256 == digest_as_shown(Post.objects.get(pk=post.pk))


def test_a_late_answer_is_welcome_also_after_one_has_decided_to_go_on():
    question = asked(due_at=NOW + HOUR)
    consulting.watch(NOW + HOUR)
    gone = consulting.go_on(question, "Der Termin drängt.", by=person(), at=NOW + HOUR)
    late = answered(gone, Opinion.CONCERNS, reason="Das stimmt nicht.", at=NOW + 2 * HOUR)
    assert (late.state, late.end_reason) == (C.ANSWERED, "Der Termin drängt.")
    assert steps() == ["ask_experts", "lapse", "go_on", "answer"]


def test_with_the_beitrag_its_open_questions_end_and_what_was_said_stays():
    post, director = PostFactory(in_review=True), person(Role.GF)
    said = answered(asked(post))
    question = asked(post)
    approval.reject(post, "Nein.", by=director, at=NOW + HOUR)
    question.refresh_from_db()
    said.refresh_from_db()
    assert (question.state, question.ended_by, said.state) == (C.WITHDRAWN, director, C.ANSWERED)
    assert "question" not in {kind for _, kind in told(open_only=True)}


def test_nobody_answers_about_what_was_withdrawn():
    post = PostFactory(withdrawn=True)
    assert refused(answered, ConsultationFactory(post=post, state=C.GONE_ON)) == "consultation.post_gone"


# Ending


def test_going_on_without_an_answer_takes_the_deadline_and_a_reason():
    question = asked(due_at=NOW + HOUR)
    assert refused(consulting.go_on, question, "Eilt.", by=person(), at=NOW) == "consultation.not_due"
    assert refused(consulting.go_on, question, " ", by=person(), at=NOW + HOUR) == "reason.missing"
    director = person(Role.GF)
    gone = consulting.go_on(question, "Eilt.", by=director, at=NOW + HOUR)
    assert (gone.state, gone.end_reason, gone.ended_by) == (C.GONE_ON, "Eilt.", director)


def test_a_question_is_taken_back_with_a_reason_while_nobody_has_answered():
    question = asked()
    assert refused(consulting.withdraw, question, "", by=person(), at=NOW) == "reason.missing"
    assert consulting.withdraw(question, "Falsche Stelle.", by=person(), at=NOW).state == C.WITHDRAWN
    assert refused(consulting.withdraw, answered(asked()), "Zu spät.", by=person()) == "step.wrong_state"


# Taking over


def test_a_proposal_becomes_the_text_as_if_this_person_had_typed_it():
    post = PostFactory(text="Bis Montag.")
    question = answered(asked(post), Opinion.CHANGE, reason="r", proposal="Bis Dienstag.")
    editor = person()
    taken = consulting.take_over(question, by=editor, seen_digest=post.digest(), at=NOW + 2 * HOUR)
    assert (taken.text, taken.versions.first().saved_by) == ("Bis Dienstag.", editor)
    question.refresh_from_db()
    assert (question.state, question.taken_over_by) == (C.ANSWERED, editor)
    assert steps() == ["ask_experts", "answer", "take_over"]
    again = refused(consulting.take_over, question, by=editor, seen_digest=taken.digest(), at=NOW + 3 * HOUR)
    assert again == "consultation.taken_over"


def test_nothing_is_taken_over_behind_the_back_of_whoever_writes():
    post = PostFactory(text="Bis Montag.")
    question = answered(asked(post), Opinion.CHANGE, reason="r", proposal="Bis Dienstag.")
    seen = post.digest()
    drafting.save(post, {"text": "Bis Mittwoch."}, by=person(), at=NOW)
    with pytest.raises(drafting.Overtaken):
        consulting.take_over(question, by=person(), seen_digest=seen, at=NOW + 2 * HOUR)
    question.refresh_from_db()
    assert (question.taken_over_at, Post.objects.get().text) == (None, "Bis Mittwoch.")
    assert "take_over" not in steps()


def test_without_a_proposal_there_is_nothing_to_take_over():
    question = answered(asked())
    code = refused(consulting.take_over, question, by=person(), seen_digest=question.post.digest())
    assert code == "consultation.no_proposal"


# The clock


@pytest.mark.parametrize(
    ("time_given", "reminded_after"), [(3 * DAY, 2 * DAY), (4 * HOUR, 2 * HOUR)], ids=["a day before", "at half time"]
)
def test_one_reminder_before_the_deadline(time_given, reminded_after):
    question = asked(due_at=NOW + time_given)
    consulting.watch(NOW + reminded_after - dt.timedelta(minutes=1))
    assert steps() == ["ask_experts"]
    consulting.watch(NOW + reminded_after)
    consulting.watch(NOW + reminded_after + dt.timedelta(minutes=5))
    assert steps() == ["ask_experts", "remind_experts"]
    question.refresh_from_db()
    assert (question.state, question.reminded_at) == (C.ASKED, NOW + reminded_after)


def test_at_the_deadline_a_question_lapses_once():
    question = asked(due_at=NOW + HOUR)
    done = answered(asked(due_at=NOW + HOUR))
    for minutes in (60, 65):
        consulting.watch(NOW + dt.timedelta(minutes=minutes))
    question.refresh_from_db()
    done.refresh_from_db()
    assert (question.state, done.state) == (C.LAPSED, C.ANSWERED)
    assert steps().count("lapse") == 1


def test_the_clock_leaves_what_was_withdrawn_alone():
    question = asked(due_at=NOW + HOUR)
    approval.withdraw(question.post, by=person(), at=NOW)
    consulting.watch(NOW + DAY)
    assert steps() == ["ask_experts", "withdraw_question"]


def test_the_worker_does_it_by_itself():
    question = ConsultationFactory(late=True)
    tasks.watch_questions()
    question.refresh_from_db()
    assert question.state == C.LAPSED


# Who is told


def told(*, open_only=False):
    found = Notice.objects.filter(settled_at=None) if open_only else Notice.objects.all()
    return sorted(found.values_list("person__username", "kind"))


def test_a_department_is_told_of_its_question_and_nobody_else():
    one, other = person(Role.FACH, username="eine"), person(Role.FACH, username="andere")
    gone, stranger = person(Role.FACH, is_active=False), person(Role.FACH)
    question = asked(department=DepartmentFactory(members=[one, other, gone]))
    assert told() == [("andere", "question"), ("eine", "question")]
    notice = one.notices.get()
    assert notice.path == f"/redaktion/fachberatung/{question.pk}/"
    assert "Stimmt die Frist?" not in notice.words
    assert not stranger.notices.exists()


def test_before_and_at_the_deadline_everybody_concerned_is_told_once():
    expert, proe = person(Role.FACH, username="fach"), person(username="proe")
    consulting.ask(PostFactory(written_by=proe), "?", due_at=NOW + 4 * HOUR, by=proe, person=expert, at=NOW)
    for hours in (2, 3, 4, 5):
        consulting.watch(NOW + hours * HOUR)
    assert told() == [("fach", "question"), ("fach", "reminded"), ("fach", "reminded"), ("proe", "no_opinion")]


def test_an_answer_is_told_to_proe_and_ends_what_was_asked():
    question = asked(person=person(Role.FACH, username="fach"))
    answered(question)
    assert {kind for _, kind in told(open_only=True)} == {"opinion"}
    assert question.asked_by.notices.get().path == f"/redaktion/beitraege/{question.post_id}/fachberatung/"


@pytest.mark.parametrize("action", [consulting.withdraw, consulting.go_on])
def test_what_is_ended_asks_nobody_for_anything(action):
    question = asked(due_at=NOW + HOUR)
    consulting.watch(NOW + HOUR)
    assert told(open_only=True)
    action(question, "Grund", by=person(), at=NOW + HOUR)
    assert told(open_only=True) == []


# Marked topics


def test_marking_a_topic_is_in_the_record_and_changes_nothing_twice():
    topic = Topic.objects.get(slug="dienstleistungen")
    assert [consulting.require(topic, True, by=person(), at=NOW) for _ in range(2)] == [True, False]
    entry = AuditEntry.objects.get()
    assert (entry.step, entry.subject_type, entry.subject_id) == ("require_experts", "topic", topic.pk)


def test_a_marked_topic_stops_the_submit_until_somebody_was_heard():
    post, author = PostFactory(slot=NOW + 9 * DAY), person()
    consulting.require(post.topic, True, by=author, at=NOW)
    assert refused(approval.submit, post, by=author, at=NOW) == "consultation.open"
    question = asked(post)
    assert refused(approval.submit, post, by=author, at=NOW) == "consultation.open"
    answered(question, Opinion.CONCERNS, reason="Lieber nicht.")
    assert approval.submit(post, by=author, at=NOW + 2 * HOUR).state == PostState.IN_REVIEW


def test_after_the_deadline_a_reasoned_decision_opens_the_way():
    post, author = PostFactory(slot=NOW + 9 * DAY), person()
    consulting.require(post.topic, True, by=author, at=NOW)
    question = asked(post, due_at=NOW + HOUR)
    consulting.watch(NOW + HOUR)
    assert refused(approval.submit, post, by=author, at=NOW + HOUR) == "consultation.open"
    consulting.go_on(question, "Der Termin drängt.", by=author, at=NOW + HOUR)
    assert approval.submit(post, by=author, at=NOW + HOUR).state == PostState.IN_REVIEW
