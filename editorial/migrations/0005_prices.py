"""X's price list as data: what a call costs, from which day on, and where that is written."""

import datetime as dt
from decimal import Decimal

from django.db import migrations

# The day of the page's last version that was read (x-api.md 2.1); X sends no list by itself.
AS_OF = dt.date(2026, 8, 22)
SOURCE = "docs.x.com, x-api/getting-started/pricing"
IN_US_DOLLARS = {
    "post": "0.015",
    "post_with_link": "0.200",
    "repost": "0.015",
    "delete": "0.010",
    "media_metadata": "0.005",
    "owned_read": "0.001",
    "read": "0.005",
    "user_read": "0.010",
}


def lay(apps, schema_editor):
    price = apps.get_model("editorial", "Price")
    for kind, amount in IN_US_DOLLARS.items():
        price.objects.create(kind=kind, valid_from=AS_OF, amount_usd=Decimal(amount), source=SOURCE)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0004_delivery")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
