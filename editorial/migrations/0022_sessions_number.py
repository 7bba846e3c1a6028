"""All sessions of one person can be ended at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0021_machine_text_and_likeness"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="sessions_number",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
