from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0027_two_directors"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="shows",
            field=models.JSONField(blank=True, default=list, verbose_name="Was von wem gezeigt wird"),
        ),
    ]
