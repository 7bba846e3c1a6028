"""Whether a text was made by a machine and gone over by a person; which other Beitrag says nearly the same."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0020_link_places"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="ai_text",
            field=models.CharField(
                blank=True,
                choices=[("created", "Ja, mit KI erzeugt"), ("edited", "Ja, mit KI bearbeitet")],
                max_length=10,
                verbose_name="Ist der Text mit KI entstanden?",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="ai_edited",
            field=models.BooleanField(default=False, verbose_name="Von einem Menschen geprüft und überarbeitet"),
        ),
        migrations.AddField(
            model_name="post",
            name="similar_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="editorial.post",
            ),
        ),
    ]
