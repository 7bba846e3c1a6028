"""Lists of the house that rules read: abbreviations, published contacts, elections; and changed strengths of rules."""

import json
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GLOSSARY = Path(__file__).resolve().parent.parent / "data" / "glossary.json"


def lay(apps, schema_editor):
    term = apps.get_model("editorial", "GlossaryTerm")
    term.objects.bulk_create(term(**row) for row in json.loads(GLOSSARY.read_text(encoding="utf-8")))


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0005_prices"),
    ]

    operations = [
        migrations.CreateModel(
            name="GlossaryTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("short", models.CharField(max_length=12, unique=True, verbose_name="Abkürzung")),
                ("meaning", models.CharField(max_length=200, verbose_name="Bedeutung")),
                ("spell_out", models.BooleanField(default=False, verbose_name="Beim ersten Mal ausschreiben")),
            ],
            options={
                "ordering": ["short"],
            },
        ),
        migrations.CreateModel(
            name="PublishedContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.CharField(max_length=120, unique=True, verbose_name="Nummer oder Adresse")),
                ("purpose", models.CharField(max_length=200, verbose_name="Wofür sie da ist")),
            ],
            options={
                "ordering": ["value"],
            },
        ),
        migrations.CreateModel(
            name="Election",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="Wahl")),
                ("quiet_from", models.DateField(verbose_name="Zurückhaltung ab")),
                ("day", models.DateField(verbose_name="Wahltag")),
            ],
            options={
                "ordering": ["-day", "name"],
                "constraints": [models.UniqueConstraint(fields=("name", "day"), name="election_once")],
            },
        ),
        migrations.CreateModel(
            name="RuleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=60)),
                ("blocks", models.BooleanField()),
                ("reason", models.TextField(verbose_name="Begründung")),
                ("asked_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
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
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="editorial.post",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("post", None)),
                        fields=("rule",),
                        name="one_change_per_rule",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("post__isnull", False)),
                        fields=("rule", "post"),
                        name="one_exception_per_post",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="rule_change_by_second_person",
                    ),
                ],
            },
        ),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
