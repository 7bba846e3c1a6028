"""What pictures were before their part was chosen anew."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0018_consents"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlierCut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "medium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_cuts",
                        to="editorial.medium",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("medium", "sha256"), name="earlier_cut_once"),
                ],
            },
        ),
    ]
