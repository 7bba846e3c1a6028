"""What people are told in the application, and how the mails of it reach each of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0014_consultation"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mail_way",
            field=models.CharField(
                choices=[
                    ("at_once", "Sofort"),
                    ("daily", "Einmal am Tag um 7:30 Uhr"),
                    ("never", "Gar nicht, nur hier in der Anwendung"),
                ],
                default="at_once",
                max_length=10,
                verbose_name="Mails",
            ),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("words", models.CharField(max_length=300)),
                ("path", models.CharField(max_length=200)),
                ("key", models.CharField(blank=True, max_length=120)),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("mail_due_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(fields=["person", "-made_at"], name="notice_person"),
                    models.Index(
                        condition=models.Q(("mailed_at", None)), fields=["mail_due_at"], name="notice_to_mail"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("person", "key"), name="notice_key_once"
                    )
                ],
            },
        ),
    ]
