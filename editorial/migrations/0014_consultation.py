"""Questions to the Fachberatung with what came of them, the departments of the house, topics that need an opinion."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0013_media_library"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="needs_consultation",
            field=models.BooleanField(default=False, verbose_name="Fachberatung ist Pflicht"),
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="Abteilung")),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True,
                        related_name="departments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Wer antwortet",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Offen"),
                            ("answered", "Beantwortet"),
                            ("withdrawn", "Zurückgezogen"),
                            ("lapsed", "Frist vorbei"),
                            ("gone_on", "Ohne Antwort weiter"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="Status",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("question", models.TextField(verbose_name="Frage")),
                ("due_at", models.DateTimeField(verbose_name="Antwort bis")),
                ("asked_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fine", "Keine Einwände"),
                            ("change", "Änderungsvorschlag"),
                            ("concerns", "Bedenken"),
                        ],
                        max_length=10,
                        verbose_name="Votum",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="Begründung")),
                ("proposal", models.TextField(blank=True, verbose_name="Vorschlag für den Text")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("seen_sha256", models.CharField(blank=True, max_length=64)),
                ("seen_number", models.PositiveIntegerField(blank=True, null=True)),
                ("seen_text", models.TextField(blank=True)),
                ("end_reason", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("taken_over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consultations", to="editorial.post"
                    ),
                ),
                (
                    "taken_over_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editorial.department",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "indexes": [models.Index(fields=["state", "due_at"], name="consultation_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("department__isnull", False), ("person", None)),
                            models.Q(("department", None), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="consultation_of_person_or_department",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("opinion", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="an_answer_has_an_opinion",
                    ),
                ],
            },
        ),
    ]
