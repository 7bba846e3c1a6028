"""The access register in full: numbered seats, kind, basis, who granted and ended it, proof, half-yearly review."""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

SEATS = {"proe": 2, "gf": 3}


def number_seats(apps, schema_editor):
    """Who held access so far keeps it, in the order of their begin; whoever has no seat by the concept ends."""
    access = apps.get_model("editorial", "ChannelAccess")
    taken = {}
    for row in access.objects.order_by("starts_on", "pk"):
        role = next((name for name in row.user.groups.values_list("name", flat=True) if name in SEATS), "")
        seat = taken.get((row.channel_id, role), 0) + 1
        row.kind, row.basis = "delegated_writer", "Nutzungskonzept, vor Einführung des Zugangsregisters"
        row.granted_at = dt.datetime.combine(row.starts_on, dt.time(12), dt.UTC)
        if row.ends_on is None and role and seat <= SEATS[role]:
            taken[row.channel_id, role] = row.seat = seat
            row.role = role
        else:
            row.role, row.seat = role or "gf", 1
            row.ends_on = row.ends_on or max(row.starts_on, timezone.localdate())
        row.save()


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0024_duties"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_on", models.DateField(verbose_name="Geprüft am")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Bemerkung")),
                ("lines", models.JSONField(default=list)),
            ],
            options={
                "ordering": ("-done_on", "-pk"),
            },
        ),
        migrations.AlterModelOptions(
            name="channelaccess",
            options={"ordering": ("-role", "seat", "pk")},
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="basis",
            field=models.CharField(default="", max_length=200, verbose_name="Grundlage"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="end_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="Grund des Endes"),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="granted_at",
            field=models.DateTimeField(null=True, verbose_name="Erteilt am"),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="granted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="has_second_factor",
            field=models.BooleanField(default=False, verbose_name="Zweiter Faktor auf X eingeschaltet"),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="kind",
            field=models.CharField(
                choices=[
                    ("delegated_admin", "Delegation als Administrator:in"),
                    ("delegated_writer", "Delegation als Mitwirkende:r"),
                ],
                default="",
                max_length=20,
                verbose_name="Art des Zugangs",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="removal_proof",
            field=models.CharField(blank=True, max_length=300, verbose_name="Nachweis"),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="removed_on",
            field=models.DateField(null=True, verbose_name="Auf X entzogen am"),
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="role",
            field=models.CharField(
                choices=[("proe", "PRÖ"), ("gf", "Geschäftsführung")], default="", max_length=10, verbose_name="Rolle"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="channelaccess",
            name="seat",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="Platz"),
            preserve_default=False,
        ),
        migrations.RunPython(number_seats, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="channelaccess",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)),
                fields=("channel", "role", "seat"),
                name="access_seat_is_taken_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="channelaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "proe"), ("seat__gte", 1), ("seat__lte", 2)),
                    models.Q(("role", "gf"), ("seat__gte", 1), ("seat__lte", 3)),
                    _connector="OR",
                ),
                name="access_seat_exists",
            ),
        ),
        migrations.AddConstraint(
            model_name="channelaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("granted_by", None), models.Q(("granted_by", models.F("user")), _negated=True), _connector="OR"
                ),
                name="access_is_granted_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="channelaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                name="access_ends_after_its_start",
            ),
        ),
        migrations.AddField(
            model_name="accessreview",
            name="channel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="access_reviews", to="editorial.channel"
            ),
        ),
        migrations.AddField(
            model_name="accessreview",
            name="done_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
