"""What must be there before the first person logs in: roles, the end of the audit chain, the channel."""

import datetime as dt

from django.db import migrations

from editorial.enums import Role


def lay(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for role in Role:
        group.objects.get_or_create(name=role.value)
    apps.get_model("editorial", "AuditHead").objects.create()
    channel = apps.get_model("editorial", "Channel").objects.create(
        slug="x",
        name="X (früher Twitter)",
        interaction="Lesen, Teilen und Antworten nur mit einem Konto bei X. Wir antworten dort nicht auf Fragen zu Leistungen.",
    )
    # K-44: "zunächst täglich einen Tweet", from the first version of the concept on.
    apps.get_model("editorial", "DailyTarget").objects.create(channel=channel, valid_from=dt.date(2021, 9, 1))


class Migration(migrations.Migration):
    dependencies = [("editorial", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
