"""Which other Beitrag says nearly the same: looked for when a person saves or hands in, kept, and read by a rule."""

import datetime as dt

from django.db.models import Q

from ..enums import PostState
from ..lint.likeness import most_alike
from ..models import Post

YEAR = dt.timedelta(days=365)
MOST = 2_000  # five on each day of a year: comparing them takes a few hundredths of a second


def note(post: Post, *, at: dt.datetime) -> None:
    """Compare with all of the last twelve months and all that are planned, the latest first."""
    around = Post.objects.filter(Q(updated_at__gte=at - YEAR) | Q(slot__gte=at - YEAR))
    others = around.exclude(pk=post.pk).exclude(state=PostState.WITHDRAWN).exclude(text="")
    rows = others.order_by("-updated_at", "-pk").values_list("pk", "text")[:MOST]
    found = most_alike(post.text, rows) if post.text else None
    if found != post.similar_to_id:
        Post.objects.filter(pk=post.pk).update(similar_to=found)
        post.similar_to_id = found
