"""The addresses in Beiträge, what stands where they lead, and what a person said to it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0016_looks"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=1000, unique=True, verbose_name="Adresse")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unchecked", "Noch nicht geprüft"),
                            ("good", "Erreichbar"),
                            ("paid", "Hinter Bezahlschranke"),
                            ("marked", "Vielleicht hinter Bezahlschranke"),
                            ("log_in", "Verlangt Anmeldung"),
                            ("unreachable", "Nicht erreichbar"),
                            ("dead", "Führt ins Leere"),
                            ("refused", "Wird nicht abgerufen"),
                        ],
                        default="unchecked",
                        max_length=12,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=20)),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("final_url", models.CharField(blank=True, max_length=1000)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("canonical", models.CharField(blank=True, max_length=1000)),
                ("last_modified", models.CharField(blank=True, max_length=40)),
                ("is_free", models.BooleanField(null=True)),
                ("marks", models.CharField(blank=True, max_length=200)),
                ("checked_at", models.DateTimeField(null=True)),
                ("bad_since", models.DateTimeField(null=True)),
                ("bad_times", models.PositiveSmallIntegerField(default=0)),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("free", "Erreichbar und für alle frei lesbar"),
                            ("not_free", "Nicht frei lesbar (Bezahlung oder Anmeldung nötig)"),
                        ],
                        max_length=10,
                        verbose_name="Was sehen Sie?",
                    ),
                ),
                ("opinion_of", models.CharField(blank=True, max_length=12)),
                ("opinion_reason", models.CharField(blank=True, max_length=500, verbose_name="Begründung")),
                ("opinion_at", models.DateTimeField(null=True)),
                ("is_ahead", models.BooleanField(default=True)),
                ("is_demo", models.BooleanField(default=False)),
                ("wanted_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                (
                    "opinion_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-bad_since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PostLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[("source", "Quelle"), ("twin", "Seite mit demselben Inhalt"), ("text", "Im Text")],
                        max_length=8,
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="editorial.linkcheck"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="link_places", to="editorial.post"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="linkcheck",
            name="posts",
            field=models.ManyToManyField(related_name="links", through="editorial.PostLink", to="editorial.post"),
        ),
        migrations.AddConstraint(
            model_name="postlink",
            constraint=models.UniqueConstraint(fields=("post", "link", "place"), name="link_once_per_place"),
        ),
        migrations.AddIndex(
            model_name="linkcheck",
            index=models.Index(fields=["next_at"], name="link_next"),
        ),
        migrations.AddIndex(
            model_name="linkcheck",
            index=models.Index(
                condition=models.Q(("wanted_at__isnull", False)), fields=["wanted_at"], name="link_wanted"
            ),
        ),
        migrations.AddIndex(
            model_name="linkcheck",
            index=models.Index(fields=["state", "-checked_at"], name="link_state"),
        ),
        migrations.AddIndex(
            model_name="linkcheck",
            index=models.Index(
                condition=models.Q(
                    ("is_ahead", True),
                    models.Q(
                        models.Q(("state__in", ("good", "unchecked")), _negated=True),
                        models.Q(("opinion", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                fields=["state"],
                name="link_to_tell",
            ),
        ),
    ]
