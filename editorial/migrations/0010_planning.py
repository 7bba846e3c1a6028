"""Keys for the plan in one's own calendar; own fixed days and times of every week."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0009_film"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_key",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FixedDate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="Bezeichnung")),
                ("day", models.DateField(verbose_name="Tag")),
                ("is_yearly", models.BooleanField(default=False, verbose_name="Jedes Jahr")),
            ],
            options={
                "ordering": ["day", "title"],
                "constraints": [models.UniqueConstraint(fields=("title", "day"), name="fixed_date_once")],
            },
        ),
        migrations.CreateModel(
            name="RecurringSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Montag"),
                            (1, "Dienstag"),
                            (2, "Mittwoch"),
                            (3, "Donnerstag"),
                            (4, "Freitag"),
                            (5, "Samstag"),
                            (6, "Sonntag"),
                        ],
                        verbose_name="Wochentag",
                    ),
                ),
                ("at", models.TimeField(verbose_name="Uhrzeit")),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editorial.topic",
                        verbose_name="Thema",
                    ),
                ),
            ],
            options={
                "ordering": ["weekday", "at"],
                "constraints": [models.UniqueConstraint(fields=("weekday", "at"), name="recurring_slot_once")],
            },
        ),
    ]
