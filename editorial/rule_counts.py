"""How often each rule had something to say when a Beitrag was sent: from what every Ausspielung keeps (K-09)."""

import datetime as dt
from collections import Counter

from django.db.models import TextField
from django.db.models.functions import Cast

from .models import Delivery

HALF_YEAR = dt.timedelta(days=183)
SOMETHING_SAID = '["'  # the beginning of a list that is not empty, in the stored JSON


def applied_since(start: dt.datetime) -> Counter[str]:
    """By the name of the rule, the number of Ausspielungen of which it had something to say."""
    rows = Delivery.objects.filter(slot__gte=start).annotate(written=Cast("rule_results", TextField()))
    said = rows.filter(written__contains=SOMETHING_SAID).order_by().values_list("rule_results", flat=True)
    counts: Counter[str] = Counter()
    for results in said.iterator(chunk_size=2000):
        counts.update(name for name, codes in results.items() if codes)
    return counts
