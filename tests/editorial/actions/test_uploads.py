"""A picture goes the whole way to the simulator of X, in two attempts, and is read back as it was approved."""

import datetime as dt
import hashlib

import pytest

from editorial.actions import approval
from editorial.actions.uploads import DeliveryUploads
from editorial.channels.protocol import ChannelUnreached, Message, Picture, UploadState
from editorial.channels.twitter import Twitter
from editorial.enums import Role
from editorial.models import MediaUpload
from tests.factories import DOT, MediumFactory, PostFactory, person
from tests.x_simulator.running import running_simulator

pytestmark = pytest.mark.django_db

SLOT = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
SHA256 = hashlib.sha256(DOT).hexdigest()


@pytest.fixture
def delivery():
    post = PostFactory(slot=SLOT, media=[MediumFactory(alt_text="Das Haus im Schnee.")])
    post = approval.submit(post, by=person(), at=SLOT - dt.timedelta(hours=1))
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest(), at=SLOT - dt.timedelta(minutes=50))
    return post.deliveries.get()


def test_what_was_noted_is_known_until_it_is_forgotten(delivery):
    uploads, later = DeliveryUploads(delivery), SLOT + dt.timedelta(days=1)
    assert uploads.known(0, SHA256) is None
    uploads.note(0, SHA256, UploadState("17", 1))
    uploads.note(0, SHA256, UploadState("17", 2, is_ready=True, is_described=True, expires_at=later))
    assert MediaUpload.objects.count() == 1
    assert DeliveryUploads(delivery).known(0, SHA256) == UploadState("17", 2, True, True, later)
    assert (uploads.known(0, "0" * 64), uploads.known(1, SHA256)) == (None, None)
    uploads.forget(0)
    assert uploads.known(0, SHA256) is None


def test_after_a_cut_the_second_attempt_posts_the_picture_with_the_approved_alternative_text(delivery):
    (medium,) = delivery.post.ordered_media()
    picture = Picture(DOT, medium.media_type, medium.alt_text)
    message = Message(delivery.post.message_text, (picture,), str(delivery.pk), DeliveryUploads(delivery))
    with running_simulator() as simulator:
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        keys = {name: getattr(simulator.keys, name) for name in names}
        channel = Twitter(base_url=simulator.base_url, keys=keys, http_timeout_s=5.0, task_limit_s=10.0)
        simulator.fault("html_502", path_glob="/2/media/metadata")
        with pytest.raises(ChannelUnreached):
            channel.send(message)
        assert simulator.posts() == []
        assert MediaUpload.objects.values_list("segments", "is_ready", "is_described").get() == (1, True, False)

        receipt = channel.send(message)
        assert [entry["path"].rsplit("/", 1)[-1] for entry in simulator.log()[-2:]] == ["metadata", "tweets"]
        ((_, approved_text),) = delivery.post.payload()["media"]
        assert delivery.approval.digest == delivery.post.digest()
        assert channel.alt_texts(receipt.external_id) == (approved_text,)
