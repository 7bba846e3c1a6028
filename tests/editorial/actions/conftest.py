import pytest
from django.utils import timezone

from editorial import invariants
from editorial.models import Delivery

PUBLISHING = {
    "test_publishing",
    "test_reconciling",
    "test_races",
    "test_last_look",
    "test_takedowns",
    "test_catching_up",
}


@pytest.fixture(autouse=True)
def every_promise_holds_after_each_test_of_publishing(request):
    """Most tests live at a moment of their own, so what depends on the present moment is asked as of then."""
    yield
    if request.module.__name__.rpartition(".")[2] in PUBLISHING:
        last = Delivery.objects.order_by("slot").values_list("slot", flat=True).first() or timezone.now()
        assert [(found.name, rows) for found, rows in invariants.broken(last)] == []
