"""The concept as data: its text, the ten topics, the six target groups, trusted sites and the public texts."""

import datetime as dt
import hashlib
import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"
TITLE = "Nutzungskonzept für Twitter"
FIRST_DAY = dt.date(2021, 9, 1)
ENTERED = dt.datetime(2021, 9, 1, tzinfo=dt.UTC)
PAGES = {
    "kanaele": "Offizielle Kanäle",
    "impressum": "Social-Media-Impressum",
    "datenschutz": "Datenschutzerklärung",
    "netiquette": "Netiquette",
    "barrierefreiheit": "Erklärung zur Barrierefreiheit",
    "kontakt": "Kontakt",
}
TOPIC_FIELDS = (
    *("slug", "name", "clause", "description", "duty_text"),
    *("needs_value_added", "needs_partner", "needs_consent", "needs_source"),
)


def read(name):
    return (DATA / name).read_text(encoding="utf-8")


def load(apps, schema_editor):
    def model(name):
        return apps.get_model("editorial", name)

    for position, row in enumerate(json.loads(read("topics.json")), 1):
        topic = model("Topic").objects.create(position=position, **{field: row[field] for field in TOPIC_FIELDS})
        for place, text in enumerate(row["core_messages"], 1):
            model("CoreMessage").objects.create(topic=topic, text=text, position=place)
    for position, row in enumerate(json.loads(read("audiences.json")), 1):
        model("Audience").objects.create(position=position, **row)
    for row in json.loads(read("trusted_sites.json")):
        site = {"domain": row["domain"], "name": row["name"], "is_own": row["own"], "reason": row["reason"]}
        model("TrustedSite").objects.create(added_on=FIRST_DAY, **site)
    text = read("nutzungskonzept-2021-09.txt")
    model("ConceptVersion").objects.create(
        stand="2021-09",
        title=TITLE,
        valid_from=FIRST_DAY,
        text=text,
        blocks=json.loads(read("nutzungskonzept-2021-09.json"))["blocks"],
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    for position, (slug, title) in enumerate(PAGES.items(), 1):
        page = model("PublicPage").objects.create(slug=slug, title=title, position=position)
        model("PublicPageVersion").objects.create(page=page, number=1, body=read(f"pages/{slug}.md"), saved_at=ENTERED)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0002_ground")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
