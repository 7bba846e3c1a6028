"""Beiträge as they stand on the mirror, put there by the real action."""

import datetime as dt
from typing import Any

from editorial.actions import mirroring
from editorial.models import MirrorItem
from tests.factories import PostFactory

MORNING = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)  # 09:00 in Berlin


def shown(at: dt.datetime = MORNING, **fields: Any) -> MirrorItem:
    post = PostFactory(approved=True, slot=at, **fields)
    mirroring.show(post, at=at, recorded_at=at)
    return MirrorItem.objects.select_related("post").get(post=post)


def page_of(item: MirrorItem) -> str:
    return f"/beitraege/{item.post.public_id}/"
