"""Registers about the house: duties with deputies, trainings, participation of the staff council."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEPT = [
    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
    ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
    ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
    ("archived_at", models.DateTimeField(editable=False, null=True, verbose_name="Archiviert am")),
]


def kept() -> list[tuple[str, models.Field]]:
    return [(name, field.clone()) for name, field in KEPT]


def person(label: str, name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=name,
        to=settings.AUTH_USER_MODEL,
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0023_cache_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                *kept(),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="Aufgabe")),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="Fundstelle")),
                ("owner", person("Zuständig", "duties")),
                ("deputy", person("Vertretung", "deputed_duties")),
                (
                    "absent_until",
                    models.DateField(blank=True, null=True, verbose_name="Vertretung übernimmt bis einschließlich"),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("deputy")), _negated=True), name="duty_has_two_people"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                *kept(),
                ("subject", models.CharField(max_length=200, verbose_name="Schulung")),
                ("person", person("Person", "trainings")),
                ("held_on", models.DateField(verbose_name="Besucht am")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="Gilt bis einschließlich")),
            ],
            options={"ordering": ["-held_on", "-pk"]},
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                *kept(),
                ("subject", models.CharField(max_length=200, verbose_name="Worum es ging")),
                ("held_on", models.DateField(verbose_name="Beteiligt am")),
                (
                    "agreement",
                    models.CharField(
                        choices=[
                            ("agreed", "Einigung"),
                            ("informed", "Zur Kenntnis genommen"),
                            ("open", "Noch offen"),
                            ("refused", "Abgelehnt"),
                        ],
                        max_length=10,
                        verbose_name="Ergebnis",
                    ),
                ),
                ("scope", models.TextField(max_length=1000, verbose_name="Was ist vereinbart?")),
                ("reference", models.CharField(blank=True, max_length=200, verbose_name="Aktenzeichen oder Ablage")),
            ],
            options={"ordering": ["-held_on", "-pk"]},
        ),
    ]
