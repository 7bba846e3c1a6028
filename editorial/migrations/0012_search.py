"""German full text of all Beiträge, where the database can; views of the list that a person keeps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

INDEX = (
    "CREATE INDEX post_text_german ON editorial_post USING gin (to_tsvector('german'::regconfig, COALESCE(text, '')))"
)


def index_text(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX post_text_german")


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0011_observations"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Name der Ansicht")),
                ("query", models.CharField(max_length=1000)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "name"), name="saved_view_once")],
            },
        ),
        migrations.RunPython(index_text, drop_index),
    ]
