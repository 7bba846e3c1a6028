import pytest

from editorial.actions import approval, rule_changes
from editorial.enums import PostState, Role
from editorial.models import AuditEntry, RuleChange
from editorial.workflow import StepRefused
from tests.factories import PostFactory, person

pytestmark = pytest.mark.django_db

RULE = "figures_have_a_source"


def test_with_a_directors_yes_a_beitrag_passes_that_was_refused_and_afterwards_no_longer():
    writer, director = person(), person(Role.GF)
    post, later = PostFactory.create_batch(2, text="12 Prozent", source_url="", written_by=writer)
    change = rule_changes.ask(RULE, reason="Erprobung", by=writer)
    with pytest.raises(StepRefused, match=r"text\.figure_without_source"):
        approval.submit(post, by=writer)
    rule_changes.approve(change, by=director)
    assert approval.submit(post, by=writer).state == PostState.IN_REVIEW
    rule_changes.end(change, by=director)
    with pytest.raises(StepRefused, match=r"text\.figure_without_source"):
        approval.submit(later, by=writer)
    record = AuditEntry.objects.filter(subject_type="rulechange").order_by("position").values_list("step", "note")
    note = f"{RULE} hint all"
    assert list(record) == [("ask_rule_change", note), ("approve_rule_change", note), ("end_rule_change", note)]


@pytest.mark.parametrize("rule", ["everyone_shown_has_consented", "four_eyes", "has_twin", "gibt_es_nicht"])
def test_what_is_fixed_cannot_even_be_proposed(rule):
    with pytest.raises(rule_changes.ChangeRefused, match="steht fest"):
        rule_changes.ask(rule, reason="x", by=person(Role.GF))
    assert not RuleChange.objects.exists()


def test_the_yes_is_a_directors_and_not_that_of_whoever_asked():
    director = person(Role.GF)
    change = rule_changes.ask(RULE, reason="x", by=director)
    with pytest.raises(rule_changes.ChangeRefused, match="selbst vorgeschlagen"):
        rule_changes.approve(change, by=director)
    with pytest.raises(rule_changes.ChangeRefused, match="Geschäftsführung"):
        rule_changes.approve(change, by=person())
    assert rule_changes.approve(change, by=person(Role.GF)).is_in_force
    with pytest.raises(rule_changes.ChangeRefused, match="schon entschieden"):
        rule_changes.approve(change, by=person(Role.GF))


def test_there_is_one_change_at_a_time_and_one_exception_per_beitrag():
    post = PostFactory()
    rule_changes.ask(RULE, reason="x", by=person())
    rule_changes.ask(RULE, reason="x", by=person(), post=post)
    for about in (None, post):
        with pytest.raises(rule_changes.ChangeRefused, match="schon eine Änderung"):
            rule_changes.ask(RULE, reason="x", by=person(), post=about)


def test_a_proposal_is_taken_back_by_anyone_what_holds_is_ended_by_a_director():
    proposal = rule_changes.ask(RULE, reason="x", by=person())
    rule_changes.end(proposal, by=person())
    with pytest.raises(rule_changes.ChangeRefused, match="schon beendet"):
        rule_changes.end(proposal, by=person())
    change = rule_changes.approve(rule_changes.ask(RULE, reason="x", by=person()), by=person(Role.GF))
    with pytest.raises(rule_changes.ChangeRefused, match="nur die Geschäftsführung"):
        rule_changes.end(change, by=person())
