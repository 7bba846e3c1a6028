"""Addresses in a register and the original of a retweet are places of links as well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0019_earlier_cuts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="postlink",
            name="place",
            field=models.CharField(
                choices=[
                    ("source", "Quelle"),
                    ("twin", "Seite mit demselben Inhalt"),
                    ("text", "Im Text"),
                    ("entry", "Eintrag aus dem Register"),
                    ("original", "Original des Retweets"),
                ],
                max_length=8,
            ),
        ),
    ]
