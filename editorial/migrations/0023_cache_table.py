"""Codes that were used are remembered for all processes together: the table of Django's database cache."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_table(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0022_sessions_number"),
    ]

    operations = [
        migrations.RunPython(make_table, migrations.RunPython.noop, elidable=False),
    ]
