"""As every migration that runs beside old processes has to be: what it adds, they need not know."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("editorial", "__first__")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE editorial_delivery ADD COLUMN written_by varchar(20) NOT NULL DEFAULT 'alt'",
            "ALTER TABLE editorial_delivery DROP COLUMN written_by",
        )
    ]
