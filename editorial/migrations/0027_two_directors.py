"""The first of two directors who decide before an election (G-10)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0026_audit_guard"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="endorsed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="endorsed_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]
