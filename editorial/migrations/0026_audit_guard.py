"""The database itself refuses to change, delete or empty what the audit record holds (security.md: append-only).

On SQLite, a later migration that rebuilds the table of entries has to create the triggers anew.
"""

from django.db import migrations, models

REFUSAL = "Ein Eintrag im Protokoll wird nie verändert oder gelöscht."

ON_POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION editorial_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
    """,
    """
    CREATE TRIGGER editorial_audit_entry_is_kept BEFORE UPDATE OR DELETE ON editorial_auditentry
    FOR EACH ROW EXECUTE FUNCTION editorial_audit_is_kept()
    """,
    """
    CREATE TRIGGER editorial_audit_is_not_emptied BEFORE TRUNCATE ON editorial_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION editorial_audit_is_kept()
    """,
)
ON_SQLITE = tuple(
    f"""
    CREATE TRIGGER editorial_audit_{what.lower()} BEFORE {what} ON editorial_auditentry
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """
    for what in ("UPDATE", "DELETE")
)
# Names of triggers with the table they stand on, where the database wants to know it.
OFF = {
    "postgresql": ("DROP FUNCTION IF EXISTS editorial_audit_is_kept() CASCADE",),
    "sqlite": ("DROP TRIGGER IF EXISTS editorial_audit_update", "DROP TRIGGER IF EXISTS editorial_audit_delete"),
}


def switch_on(apps, schema_editor):
    run(schema_editor.connection, ON_POSTGRESQL if schema_editor.connection.vendor == "postgresql" else ON_SQLITE)


def switch_off(apps, schema_editor):
    run(schema_editor.connection, OFF[schema_editor.connection.vendor])


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0025_access_register"),
    ]

    operations = [
        migrations.AddField(
            model_name="audithead",
            name="mailed_on",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(switch_on, switch_off),
    ]
