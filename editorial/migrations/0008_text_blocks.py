"""Templates, blocks and hashtags of the house, offered while writing."""

import json
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

BLOCKS = Path(__file__).resolve().parent.parent / "data" / "text_blocks.json"


def lay(apps, schema_editor):
    topics = {topic.slug: topic for topic in apps.get_model("editorial", "Topic").objects.all()}
    block = apps.get_model("editorial", "TextBlock")
    for row in json.loads(BLOCKS.read_text(encoding="utf-8")):
        block.objects.create(**row | {"topic": topics[row["topic"]] if row["topic"] else None})


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0007_registers"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, unique=True, verbose_name="Bezeichnung")),
                (
                    "kind",
                    models.CharField(
                        choices=[("vorlage", "Vorlage"), ("baustein", "Baustein"), ("hashtags", "Hashtags")],
                        max_length=10,
                        verbose_name="Art",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="Text")),
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
                "ordering": ["kind", "title"],
            },
        ),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
