import datetime as dt

import pytest

from editorial.rule_counts import applied_since
from tests.factories import DeliveryFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def test_each_rule_is_counted_once_per_ausspielung_within_the_time(django_assert_num_queries):
    said = {"house_style": ["text.style", "text.style"], "text_fits": []}
    DeliveryFactory.create_batch(2, slot=NOW, rule_results=said)
    DeliveryFactory(slot=NOW, rule_results={"emoji_are_few": ["text.emoji"], "house_style": []})
    DeliveryFactory(slot=NOW, rule_results={"house_style": []})
    DeliveryFactory(slot=NOW)
    DeliveryFactory(slot=NOW - dt.timedelta(days=400), rule_results=said)
    with django_assert_num_queries(1):
        assert applied_since(NOW - dt.timedelta(days=183)) == {"house_style": 2, "emoji_are_few": 1}
