"""What happens to an embedded database while something is built beside it. A process of its own: prints one JSON line.

Where the tests themselves run on PostgreSQL, there is no embedded database in their process.
"""

import json
import sqlite3
import sys

import django
from django.conf import settings

PARTNERS = "SELECT name FROM editorial_partner"


def main(scene: str) -> None:
    django.setup()
    from editorial.models import Channel, Partner
    from jobcenter_social.demo.aside import NotEmpty, beside_the_embedded_database

    somebody = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=0, isolation_level=None)
    refused = ""
    try:
        with beside_the_embedded_database():
            Partner.objects.create(name="Neu")
            Channel.objects.update(handle="neu")
            seen = somebody.execute(PARTNERS).fetchall()
            somebody.execute("INSERT INTO django_session VALUES ('abc', 'x', '2099-01-01')")
            if scene == "somebody acts":
                somebody.execute("UPDATE editorial_audithead SET position = position + 1")
            if scene == "failure":
                raise RuntimeError
    except (NotEmpty, RuntimeError) as error:
        refused = type(error).__name__
    found = {
        "refused": refused,
        "seen meanwhile": seen,
        "partners": [name for (name,) in somebody.execute(PARTNERS)],
        "sessions": somebody.execute("SELECT session_key FROM django_session").fetchall(),
        "handles": [handle for (handle,) in somebody.execute("SELECT handle FROM editorial_channel")],
        "broken": somebody.execute("PRAGMA foreign_key_check").fetchall(),
        "django sees": list(Partner.objects.values_list("name", flat=True)),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
