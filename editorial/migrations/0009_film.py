"""Videos beside pictures: captions as text, so that the Freigabe covers them, and a transcript."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0008_text_blocks"),
    ]

    operations = [
        migrations.AddField(
            model_name="medium",
            name="kind",
            field=models.CharField(
                choices=[("picture", "Bild"), ("video", "Video")], default="picture", max_length=10, verbose_name="Art"
            ),
        ),
        # A file until now, and never filled: there were no videos.
        migrations.RemoveField(model_name="medium", name="captions"),
        migrations.AddField(
            model_name="medium",
            name="captions",
            field=models.TextField(blank=True, default="", verbose_name="Untertitel"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="medium",
            name="transcript",
            field=models.TextField(blank=True, default="", verbose_name="Textfassung"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="medium",
            name="has_sound",
            field=models.BooleanField(default=False, verbose_name="Mit Ton"),
        ),
    ]
