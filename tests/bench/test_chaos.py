"""One small seed of the chaos that ./dev bench chaos raises ten times as long."""

import pytest

from tests.bench import chaos

pytestmark = pytest.mark.services

SEED, POSTS, DUE_WITHIN_S = 20261123, 60, 15
TO_PERSON_AT_MOST = 2


def test_in_a_storm_of_kills_and_lies_every_post_appears_once_and_its_state_is_true(tmp_path):
    result = chaos.run(SEED, tmp_path, posts=POSTS, due_within_s=DUE_WITHIN_S)
    assert (result.duplicates, result.lost, result.wrong_state) == (0, 0, 0), result.details
    assert result.to_person <= TO_PERSON_AT_MOST, result.details
    assert result.deeds.total() >= 10
    assert result.faulty_share > 0.25
