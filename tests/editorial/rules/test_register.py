"""The register tells of every rule what it really does, and what nobody may change stays as it is."""

import ast
import inspect
import re
import textwrap

import pytest
from django.utils import timezone

from editorial import models, workflow
from editorial.enums import Role
from editorial.rules import Situation, ask, register
from editorial.rules.consent import everyone_shown_has_consented
from editorial.rules.language import house_style
from editorial.rules.personal import in_public_words, no_personal_data
from editorial.rules.register import AROUND_SENDING, CONTENT, REGISTER, quotes
from editorial.rules.text import figures_have_a_source
from tests.factories import DeliveryFactory, MediumFactory, PostFactory, person

STEPS = {**workflow.POST_STEPS, **workflow.DELIVERY_STEPS, **workflow.CONSULTATION_STEPS}


def rules_of(package):
    """Every public function of the shelf that yields objections about a Beitrag."""
    for module in package.values():
        for name, found in vars(module).items():
            is_rule = inspect.isfunction(found) and list(inspect.signature(found).parameters) == ["post", "situation"]
            if is_rule and not name.startswith("_") and found.__module__ == module.__name__:
                yield name


def test_no_rule_is_forgotten():
    shelf = {name: vars(register)[name] for name in dir(register) if inspect.ismodule(vars(register).get(name))}
    assert set(rules_of(shelf)) == set(REGISTER)


def test_every_rule_that_a_step_asks_stands_there_and_no_other():
    asked = {rule.__name__ for step in STEPS.values() for rule in step.guards}
    assert set(REGISTER) == asked
    assert len(REGISTER) == len(CONTENT) + len(AROUND_SENDING)


def said_by(rule):
    """What the code of a rule says: whether it objects, and which clauses it names."""
    helpers = [in_public_words] if rule is no_personal_data else []
    tree = ast.parse("\n".join(textwrap.dedent(inspect.getsource(one)) for one in [rule, *helpers]))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    makers = {getattr(call.func, "id", "") for call in calls} & {"Objection", "hint"}
    literals = {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return makers, {text for text in literals if re.fullmatch(r"[KG]-\d\d", text)}


@pytest.mark.parametrize("about", REGISTER.values(), ids=lambda about: about.name)
def test_strength_and_clauses_are_those_of_the_code(about):
    makers, clauses = said_by(about.rule)
    assert about.blocks == ("Objection" in makers)
    assert clauses <= set(about.clauses)
    assert set(about.clauses) <= set(quotes())
    assert about.sentence.endswith(".")


FREE_ACCESS = ("has_twin", "text_is_written", "retweeted_report_is_free", "paywall_is_named")


@pytest.mark.parametrize("name", ["everyone_shown_has_consented", "four_eyes", "no_personal_data", *FREE_ACCESS])
def test_consent_four_eyes_and_free_access_are_fixed(name):
    assert REGISTER[name].fixed


def test_nothing_around_sending_can_be_changed():
    assert [about.name for about in AROUND_SENDING if not about.fixed] == []


def changed(rule, *, blocks, post=None, approved=True):
    director = person(Role.GF) if approved else None
    at = timezone.now()
    return models.RuleChange.objects.create(
        rule=rule.__name__,
        post=post,
        blocks=blocks,
        reason="Erprobung",
        asked_at=at,
        asked_by=person(),
        approved_at=at if approved else None,
        approved_by=director,
    )


def strengths(rule, post, **situation):
    return [objection.blocks for objection in ask([rule], post, Situation(at=timezone.now(), **situation))]


@pytest.mark.django_db
def test_a_change_that_a_director_agreed_to_makes_a_hint_of_it():
    post = PostFactory(text="12 Prozent", source_url="")
    assert strengths(figures_have_a_source, post) == [True]
    changed(figures_have_a_source, blocks=False)
    assert strengths(figures_have_a_source, post) == [False]


@pytest.mark.django_db
def test_a_proposal_changes_nothing():
    changed(figures_have_a_source, blocks=False, approved=False)
    assert strengths(figures_have_a_source, PostFactory(text="12 Prozent", source_url="")) == [True]


@pytest.mark.django_db
def test_an_exception_is_for_one_beitrag():
    post, other = PostFactory.create_batch(2, text="12 Prozent", source_url="")
    changed(figures_have_a_source, blocks=False, post=post)
    assert (strengths(figures_have_a_source, post), strengths(figures_have_a_source, other)) == ([False], [True])


@pytest.mark.django_db
def test_a_stricter_rule_stops_the_submit_but_not_what_was_approved():
    delivery = DeliveryFactory(approval__post=PostFactory(text="Partner*innen", approved=True))
    changed(house_style, blocks=True)
    assert strengths(house_style, delivery.post) == [True]
    assert strengths(house_style, delivery.post, delivery=delivery) == [False]


@pytest.mark.django_db
def test_what_is_fixed_stays_even_with_a_row_in_the_table():
    post = PostFactory(media=[MediumFactory(shows_people=True)])
    changed(everyone_shown_has_consented, blocks=False)
    changed(everyone_shown_has_consented, blocks=False, post=post)
    assert strengths(everyone_shown_has_consented, post) == [True]
