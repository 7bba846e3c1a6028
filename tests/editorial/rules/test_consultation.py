"""What the Fachberatung said is known to whoever decides; only silence stops, and only with a marked topic."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.actions import drafting
from editorial.enums import ConsultationState
from editorial.models import Topic
from editorial.rules import CONTENT_RULES, Situation, ask, blocking
from editorial.rules.consultation import experts_were_heard, opinions_are_known
from editorial.rules.sketch import sketch
from tests.factories import ConsultationFactory, DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db
C = ConsultationState


@pytest.fixture
def marked():
    Topic.objects.filter(slug="dienstleistungen").update(needs_consultation=True)


def said(rule, post, **situation):
    return [(o.code, o.blocks) for o in rule(post, Situation(at=timezone.now(), **situation))]


def hints(post):
    return [o.text for o in opinions_are_known(post, Situation(at=timezone.now()))]


def test_an_unmarked_topic_asks_for_nothing():
    assert said(experts_were_heard, PostFactory()) == []


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(
    ("state", "stops"),
    [(C.ASKED, True), (C.LAPSED, True), (C.WITHDRAWN, True), (C.ANSWERED, False), (C.GONE_ON, False)],
)
def test_with_a_marked_topic_only_an_answer_or_a_decision_opens_the_way(state, stops):
    post = PostFactory()
    assert said(experts_were_heard, post) == [("consultation.open", True)]
    ConsultationFactory(post=post, state=state, opinion="concerns")
    assert said(experts_were_heard, post) == ([("consultation.open", True)] if stops else [])


@pytest.mark.usefixtures("marked")
def test_each_open_question_counts_also_beside_an_answered_one():
    post = ConsultationFactory(answered=True).post
    ConsultationFactory(post=post)
    assert said(experts_were_heard, post) == [("consultation.open", True)]


@pytest.mark.usefixtures("marked")
def test_what_was_approved_before_the_topic_was_marked_still_goes_out():
    delivery = DeliveryFactory()
    assert said(experts_were_heard, delivery.post, delivery=delivery) == []


@pytest.mark.usefixtures("marked")
def test_the_panel_says_it_while_one_is_typing():
    post = PostFactory()
    content = {"topic": post.topic, "text": post.text}
    assert said(experts_were_heard, sketch(content)) == [("consultation.open", True)]
    ConsultationFactory(post=post, answered=True)
    assert said(experts_were_heard, sketch(content, post)) == []
    assert said(opinions_are_known, sketch(content | {"text": "Neu"}, post)) == [("consultation.changed_since", False)]


def test_an_opinion_never_stops_anything():
    for opinion in ("fine", "change", "concerns"):
        post = ConsultationFactory(answered=True, opinion=opinion, reason="So nicht.").post
        assert blocking(ask(CONTENT_RULES, post, Situation(at=timezone.now(), slot=post.slot))) == []


def test_concerns_and_proposals_are_said_with_their_reason():
    asked = ConsultationFactory(answered=True, opinion="concerns", reason="Die Frist stimmt nicht.")
    assert hints(asked.post) == [f"Bedenken von {asked.person}: Die Frist stimmt nicht."]
    assert hints(ConsultationFactory(answered=True).post) == []


def test_an_opinion_about_an_earlier_version_is_called_that():
    fine = ConsultationFactory(answered=True)
    concerned = ConsultationFactory(post=fine.post, answered=True, opinion="concerns", reason="Nein.")
    post = drafting.save(fine.post, {"text": "Ganz anders."}, by=person())
    assert hints(post) == [
        f"{fine.person} kennt nur eine frühere Fassung.",
        f"Bedenken von {concerned.person} zu einer früheren Fassung: Nein.",
    ]


def test_a_proposal_that_was_taken_over_is_no_longer_spoken_of():
    asked = ConsultationFactory(answered=True, opinion="change", reason="r", proposal="Besser so.")
    assert len(hints(asked.post)) == 1
    asked.taken_over_at = timezone.now()
    asked.save()
    post = drafting.save(asked.post, {"text": "Besser so."}, by=person())
    assert hints(post) == []
    post = drafting.save(post, {"text": "Doch anders."}, by=person())
    assert hints(post) == [f"{asked.person} kennt nur eine frühere Fassung."]


def test_an_open_question_and_a_decision_to_go_on_are_hints():
    open_one = ConsultationFactory()
    late = ConsultationFactory(post=open_one.post, late=True)
    gone = ConsultationFactory(post=open_one.post, state=C.GONE_ON, end_reason="Es eilt.")
    first, second, third = hints(open_one.post)
    assert first.startswith(f"Die Antwort von {open_one.person} steht noch aus, bis ")
    assert second.startswith(f"{late.person} hat bis ")
    assert third == f"{gone.person} hat nicht geantwortet. Weiter, weil: Es eilt."


def test_a_question_that_was_taken_back_is_not_spoken_of():
    assert hints(ConsultationFactory(state=C.WITHDRAWN).post) == []


def test_after_the_freigabe_nothing_is_asked_any_more(django_assert_num_queries):
    delivery = DeliveryFactory()
    ConsultationFactory(post=delivery.post, answered=True, opinion="concerns", due_at=timezone.now() + dt.timedelta(1))
    assert delivery.post.topic
    with django_assert_num_queries(0):
        for rule in (experts_were_heard, opinions_are_known):
            assert said(rule, delivery.post, delivery=delivery) == []
