"""The last figures of single posts, for their pages in the Redaktion."""

from collections.abc import Sequence

from editorial.queries import MeasuredFigure

from .models import FigureRow


def latest(delivery_pks: Sequence[int]) -> dict[int, list[MeasuredFigure]]:
    """Per Ausspielung one figure of each kind, as it was read last; corrections count, what they replace does not."""
    rows = FigureRow.objects.standing().filter(delivery__in=delivery_pks).order_by("taken_at", "pk")
    last = {(row.delivery_id, row.figure): row for row in rows}
    found: dict[int, list[MeasuredFigure]] = {}
    for (delivery, _), row in sorted(last.items(), key=lambda pair: pair[1].pk):
        if delivery is not None:
            found.setdefault(delivery, []).append(MeasuredFigure(row.get_figure_display(), row.value, row.taken_at))
    return found
