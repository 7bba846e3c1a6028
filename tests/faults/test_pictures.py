"""Row 15, on either database: a picture that stops half-way. Nothing is seen of it, and never a post without it."""

import pytest

from editorial.models import Attempt
from tests.factories import MediumFactory
from tests.faults.world import World

pytestmark = pytest.mark.django_db

ALT_TEXT = "Das Haus des Jobcenters bei Sonne"


@pytest.fixture
def world(simulator):
    simulator.settings(processing_s=0.1)
    return World(simulator, media=[MediumFactory(alt_text=ALT_TEXT)])


def paths(world):
    return [entry["path"].rpartition("/")[2] for entry in world.simulator.log() if entry["method"] == "POST"]


def pictures_online(world):
    return [[medium["alt_text"] for medium in post["media"]] for post in world.simulator.live_posts()]


def test_row_15_the_alt_text_stands_before_the_post_goes_out_and_is_the_approved_one(world):
    world.send()
    assert paths(world) == ["initialize", "append", "finalize", "metadata", "tweets"]
    assert pictures_online(world) == [[ALT_TEXT]]


CUTS = [
    ("status", {"path_glob": "*/initialize", "times": None}),
    ("append_5xx_once", {"times": None}),
    ("reset_before", {"path_glob": "*/append", "times": None}),
    ("status", {"path_glob": "*/finalize", "times": None}),
    ("status", {"path_glob": "*/metadata", "times": None}),
]


@pytest.mark.parametrize(("fault", "where"), CUTS)
def test_row_15_cut_at_any_step_nothing_is_seen_and_the_next_try_sends_it_whole(world, fault, where):
    world.simulator.fault(fault, **where)
    world.send()
    assert (world.story, world.calls) == (("scheduled", ["not_sent"], 0), 0)
    world.simulator.clear_faults()
    world.pass_(31)
    world.send()
    assert world.story == ("published", ["not_sent", "published"], 1)
    assert pictures_online(world) == [[ALT_TEXT]]


def test_row_15_a_piece_that_failed_once_is_sent_again_within_the_same_try(world):
    world.simulator.fault("append_5xx_once")
    world.send()
    assert world.story == ("published", ["published"], 1)
    assert paths(world).count("append") == 2


def test_row_15_a_picture_the_channel_cannot_process_leaves_it_to_a_person(world):
    world.simulator.fault("media_failed")
    world.send()
    assert (world.story, world.calls) == (("needs_decision", ["refused"], 0), 0)
    assert Attempt.objects.get().code == "media_failed"


def test_row_15_a_picture_that_is_never_ready_is_not_waited_for_for_ever(world):
    world.simulator.fault("media_pending_forever")
    world.send()
    assert (world.story, world.calls) == (("scheduled", ["not_sent"], 0), 0)


def test_row_15_the_number_of_a_picture_that_expired_is_never_used_again(world):
    world.simulator.settings(media_expires_s=300)
    world.simulator.fault("rate_limit", method="POST", path_glob="/2/tweets", args={"reset_in_s": 600})
    world.send()
    world.pass_(700)
    world.send()
    assert world.story == ("published", ["busy", "published"], 1)
    used = [entry["body"]["media"]["media_ids"] for entry in world.simulator.log() if entry["path"] == "/2/tweets"]
    assert len(used) == 2
    assert used[0] != used[1]
    assert pictures_online(world) == [[ALT_TEXT]]
