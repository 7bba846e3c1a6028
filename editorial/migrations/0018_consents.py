"""The register of consents: what is permitted, the sealed person, scans, what is to be removed, cases from outside."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def carry_over(apps, schema_editor):
    """What was known until now were pseudonym and period: it stays in force as it was understood."""
    consents = apps.get_model("editorial", "Consent").objects
    uses = ("first_name", "full_name", "photo", "quote", "video", "voice", "workplace")
    scope = sorted(f"{use}@{place}" for use in uses for place in ("website", "x"))
    consents.filter(withdrawn_at=None).update(state="effective", scope=scope)
    consents.exclude(withdrawn_at=None).update(state="revoked", scope=scope, ended_at=models.F("withdrawn_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0017_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("website", "Website"),
                            ("x", "X (früher Twitter)"),
                            ("mastodon", "Mastodon"),
                            ("press", "Presse"),
                            ("print", "Gedrucktes"),
                        ],
                        max_length=10,
                        verbose_name="Ort",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="Zu erledigen bis")),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("proof", models.TextField(blank=True, verbose_name="Was wurde getan?")),
            ],
            options={
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField()),
                ("media_type", models.CharField(max_length=40)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("sealed", models.BinaryField(default=bytes)),
            ],
            options={
                "ordering": ["added_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WithdrawalCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("key_id", models.CharField(blank=True, max_length=16)),
                ("wrapped_key", models.BinaryField(default=bytes)),
                ("sealed", models.BinaryField(default=bytes)),
            ],
            options={
                "ordering": ["received_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="created_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="form_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="consent",
            name="form_stand",
            field=models.CharField(blank=True, max_length=20, verbose_name="Fassung des Formulars"),
        ),
        migrations.AddField(
            model_name="consent",
            name="has_guardians",
            field=models.BooleanField(default=False, verbose_name="Die Sorgeberechtigten haben unterschrieben"),
        ),
        migrations.AddField(
            model_name="consent",
            name="has_special_categories",
            field=models.BooleanField(default=False, verbose_name="Angaben zu Gesundheit, Herkunft oder Ähnlichem"),
        ),
        migrations.AddField(
            model_name="consent",
            name="informed_on",
            field=models.DateField(blank=True, null=True, verbose_name="Informiert am"),
        ),
        migrations.AddField(
            model_name="consent",
            name="is_anonymous_considered",
            field=models.BooleanField(default=False, verbose_name="Eine anonyme Fassung ist geprüft"),
        ),
        migrations.AddField(
            model_name="consent",
            name="is_minor",
            field=models.BooleanField(default=False, verbose_name="Die Person ist noch nicht 18 Jahre alt"),
        ),
        migrations.AddField(
            model_name="consent",
            name="key_id",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="consent",
            name="language",
            field=models.CharField(default="Deutsch", max_length=40, verbose_name="Sprache des Formulars"),
        ),
        migrations.AddField(
            model_name="consent",
            name="preview_shown_on",
            field=models.DateField(blank=True, null=True, verbose_name="Vorschau gezeigt am"),
        ),
        migrations.AddField(
            model_name="consent",
            name="scope",
            field=models.JSONField(default=list, verbose_name="Erlaubt"),
        ),
        migrations.AddField(
            model_name="consent",
            name="sealed",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddField(
            model_name="consent",
            name="signed_on",
            field=models.DateField(blank=True, null=True, verbose_name="Unterschrieben am"),
        ),
        migrations.AddField(
            model_name="consent",
            name="state",
            field=models.CharField(
                choices=[
                    ("prepared", "In Vorbereitung"),
                    ("effective", "Wirksam"),
                    ("restricted", "Eingeschränkt"),
                    ("expired", "Abgelaufen"),
                    ("revoked", "Widerrufen"),
                    ("erased", "Gelöscht"),
                ],
                default="prepared",
                max_length=10,
                verbose_name="Status",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="consent",
            name="warned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="withdrawn_way",
            field=models.CharField(
                blank=True,
                choices=[
                    ("in_person", "Persönlich"),
                    ("phone", "Telefon"),
                    ("mail", "E-Mail"),
                    ("letter", "Brief"),
                    ("website", "Formular auf der Website"),
                ],
                max_length=10,
                verbose_name="Widerrufen durch",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="wrapped_key",
            field=models.BinaryField(default=bytes),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["state", "valid_until"], name="consent_ending"),
        ),
        migrations.AddField(
            model_name="removal",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="removals", to="editorial.consent"
            ),
        ),
        migrations.AddField(
            model_name="removal",
            name="done_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="removal",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="editorial.post",
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="added_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="editorial.consent"
            ),
        ),
        migrations.AddField(
            model_name="withdrawalcase",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="withdrawalcase",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="editorial.consent",
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
