"""What must be true at every moment (publishing.md 1.5), asked after every test of a folder that imports this."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from editorial import invariants
from editorial.models import Delivery


@pytest.fixture(autouse=True)
def every_promise_holds(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that breaks some on purpose names them: ``@pytest.mark.breaks("I4")``."""
    yield
    if request.node.get_closest_marker("django_db"):
        on_purpose = {name for mark in request.node.iter_markers("breaks") for name in mark.args}
        # Most tests live at a moment of their own, so what depends on the present moment is asked as of then.
        first = Delivery.objects.order_by("slot").values_list("slot", flat=True).first() or timezone.now()
        broken = {found.name: rows for found, rows in invariants.broken(first)}
        assert broken.keys() == on_purpose, broken
