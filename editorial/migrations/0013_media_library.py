"""What the library keeps of pictures and videos besides: purpose, source, mark of artificial making, crop and focus."""

from django.core.validators import MaxValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0012_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="medium",
            name="purpose",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="Zweck"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="medium",
            name="source",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="Quelle"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="medium",
            name="ai_mark",
            field=models.CharField(
                blank=True,
                choices=[("created", "Ja, mit KI erzeugt"), ("edited", "Ja, mit KI bearbeitet")],
                default="",
                max_length=10,
                verbose_name="Mit KI gemacht?",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="medium",
            name="whole",
            field=models.FileField(blank=True, default="", upload_to="bilder/%Y/%m/", verbose_name="Ganzes Bild"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="medium",
            name="crop",
            field=models.CharField(
                blank=True,
                choices=[("16:9", "Querformat 16:9"), ("1:1", "Quadrat 1:1"), ("4:5", "Hochformat 4:5")],
                default="",
                max_length=5,
                verbose_name="Ausschnitt",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="medium",
            name="focus_x_pct",
            field=models.PositiveSmallIntegerField(
                default=50, validators=[MaxValueValidator(100)], verbose_name="Wichtigste Stelle: von links in Prozent"
            ),
        ),
        migrations.AddField(
            model_name="medium",
            name="focus_y_pct",
            field=models.PositiveSmallIntegerField(
                default=50, validators=[MaxValueValidator(100)], verbose_name="Wichtigste Stelle: von oben in Prozent"
            ),
        ),
    ]
