"""Row 15 for a video: processed and captioned before the post, or nothing is seen."""

import pytest

from tests.factories import FilmFactory
from tests.faults.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(simulator):
    simulator.settings(processing_s=0.1)
    return World(simulator, media=[FilmFactory()])


def captions_online(world):
    return [len(medium["captions"]) for post in world.simulator.live_posts() for medium in post["media"]]


def test_row_15_a_video_goes_out_with_its_captions(world):
    world.send()
    assert world.story == ("published", ["published"], 1)
    assert captions_online(world) == [1]


def test_row_15_captions_that_are_refused_come_to_a_person_and_nothing_is_seen(world):
    world.simulator.fault("status", path_glob="/2/media/subtitles", args={"status": 400}, times=None)
    world.send()
    assert world.story == ("needs_decision", ["refused"], 0)
    assert world.delivery.attempts.get().code == "captions_refused"


def test_row_15_captions_nobody_can_read_come_to_a_person_and_nothing_is_sent(simulator):
    world = World(simulator, media=[FilmFactory(captions="WEBVTT\n\nGuten Tag.\n")])
    world.send()
    assert (world.story, world.calls) == (("needs_decision", ["refused"], 0), 0)
    assert world.delivery.attempts.get().code == "media.file_missing"


def test_row_15_a_video_cut_on_its_way_is_sent_whole_with_the_next_try(world):
    world.simulator.fault("append_5xx_once", times=None)
    world.send()
    assert (world.story, world.calls) == (("scheduled", ["not_sent"], 0), 0)
    world.simulator.clear_faults()
    world.pass_(31)
    world.send()
    assert world.story == ("published", ["not_sent", "published"], 1)
    assert captions_online(world) == [1]
