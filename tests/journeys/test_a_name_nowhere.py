"""Who somebody in a story is stands in the vault and nowhere else; after the erasure it stands nowhere at all.

A marker goes into every field that is about the person, and through everything that happens to a consent. Then it is
looked for: in every table as the database keeps it (sessions unpacked), in log, mails, addresses and titles, on the
disk.
"""

import base64
import io
import json
import re
import zipfile

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image, PngImagePlugin

from editorial.actions import consents, publishing
from editorial.channels.dry_run import DryRun
from editorial.enums import Role
from editorial.models import Consent, Removal, Scan, WithdrawalCase
from tests.editorial.views.test_consents import LIST, page_of, typed
from tests.factories import DeliveryFactory, MediumFactory, PostFactory

pytestmark = pytest.mark.django_db
MARKS = {
    "name": "Mara Zwölfendahl",
    "contact": "mara.zwoelfendahl@example.org, 0421 7654321",
    "place": "Zwölfendahl-Ort",
    "guardians": "Zwölfendahl-Eltern",
    "special_sentence": "Zwölfendahl-Satz",
}
WRITTEN = {"name": "Mara Zwölfendahl", "story": "Zwölfendahl-Geschichte", "contact": "0421 7654321"}
MARK = re.compile("zw(ö|oe|\\\\u00f6)lfendahl|7654321", re.I)


def signed_form():
    """A form in whose bytes the name can be read."""
    note = PngImagePlugin.PngInfo()
    note.add_text("signed", "Mara Zwoelfendahl 0421 7654321")
    drawn = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(drawn, "PNG", pnginfo=note)
    return SimpleUploadedFile("Zwölfendahl.png", drawn.getvalue(), content_type="image/png")


def is_marked(value):
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        value = raw.decode("utf-8", "replace")
        value += base64.b64encode(raw).decode() if len(raw) < 200 else ""
    return bool(MARK.search(value if isinstance(value, str) else str(value)))


def tables_with_a_mark():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(is_marked(value) for row in cursor.fetchall() for value in row):
                yield table
    if any(is_marked(json.dumps(session.get_decoded(), default=str)) for session in Session.objects.all()):
        yield "session, unpacked"


def files_with_a_mark(*folders):
    for path in (path for folder in folders for path in folder.rglob("*")):
        if is_marked(path.name) or (path.is_file() and is_marked(path.read_bytes())):
            yield path


class Watched:
    """A client that remembers where it was and what the pages were called."""

    def __init__(self, client):
        self.client, self.seen = client, []

    def __getattr__(self, name):
        def call(path, *args, **kwargs):
            answer = getattr(self.client, name)(path, *args, **kwargs)
            page = b"" if answer.streaming else answer.content
            title = re.search(rb"<title>(.*?)</title>", page)
            self.seen += [path, answer.get("Location", ""), answer.get("Content-Disposition", "")]
            self.seen += [title[1].decode() if title else ""]
            return answer

        return call


def live_through_everything(client):
    """From the first note to the withdrawal over the website, with a refusal and a reading on the way."""
    client.post(f"{LIST}neu/", typed(**MARKS, valid_until="2020-01-01"))  # refused, with everything typed
    client.post(f"{LIST}neu/", typed(**MARKS, has_special_categories="on"))
    consent = Consent.objects.get()
    assert client.post(f"{page_of(consent)}formular/", {"upload": signed_form()}).status_code == 302
    assert client.post(f"{page_of(consent)}schritt/wirksam/").status_code == 302
    Consent.objects.update(scope=["quote@x", "photo@x", "quote@website", "photo@website"])
    picture = MediumFactory(alt_text="Eine Frau an einer Werkbank")
    story = PostFactory(text="Vom Praktikum zur Ausbildung.", consents=[consent], media=[picture], approved=True)
    delivery = DeliveryFactory(approval__post=story)
    publishing.send(delivery.pk, DryRun(), at=delivery.slot)
    assert "Zwölfendahl" in client.post(f"{page_of(consent)}person/", {"why": "check"}).content.decode()
    scan = Scan.objects.get()
    assert client.post(f"{page_of(consent)}formular/{scan.pk}/", {"why": "check"}).status_code == 200
    told = client.post(f"{page_of(consent)}auskunft/").content
    assert MARKS["name"] in zipfile.ZipFile(io.BytesIO(told)).read("auskunft.json").decode()
    page = "/einwilligung-widerrufen/"
    client.post(page, WRITTEN | {"token": "alt"})  # refused, with everything typed
    client.post(page, WRITTEN | {"token": client.client.get(page).context["token"]})
    case = WithdrawalCase.objects.get()
    assert "Zwölfendahl" in client.post(f"{LIST}faelle/{case.pk}/", {"read": "1"}).content.decode()
    return consent, case


def test_a_name_stands_in_the_vault_and_nowhere_else(login, caplog, settings, tmp_path):
    caplog.set_level("DEBUG")
    client = Watched(login(Role.PROE))
    consent, case = live_through_everything(client)
    assert list(tables_with_a_mark()) == []
    client.post(f"{LIST}faelle/{case.pk}/", {"pseudonym": consent.pseudonym})
    client.post(f"{page_of(consent)}widerruf/", {"way": "website", "extent": "all"})
    assert Consent.objects.get().withdrawn_at
    client.get(LIST)
    client.get(page_of(consent))
    assert [words for words in client.seen if is_marked(words)] == []
    assert [record for record in caplog.records if is_marked(f"{record.getMessage()} {record.args}")] == []
    assert [sent for sent in mail.outbox if is_marked(sent.message().as_string())] == []
    assert list(tables_with_a_mark()) == []
    assert list(files_with_a_mark(settings.MEDIA_ROOT, tmp_path)) == []


def test_the_search_finds_what_stands_open(login):
    """Or the test above could find nothing for the wrong reason."""
    PostFactory(text="Mara Zwölfendahl")
    session = login(Role.PROE).session
    session["typed"] = {"name": "Zwölfendahl"}
    session.save()
    assert {"editorial_post", "session, unpacked"} <= set(tables_with_a_mark())


def test_after_the_erasure_nobody_can_read_it_with_any_key(login):
    consent, _ = live_through_everything(Watched(login(Role.PROE)))
    consents.revoke(Consent.objects.get(), "website", by=consent.created_by)
    publishing.tick(DryRun())
    for removal in Removal.objects.all():
        consents.settle_removal(removal, "Nachdruck abgesagt", by=consent.created_by)
    erased = consents.erase(Consent.objects.get(), "Auf Wunsch", by=consent.created_by)
    assert (bytes(erased.wrapped_key), bytes(erased.sealed), erased.key_id) == (b"", b"", "")
    assert all(bytes(scan.sealed) == b"" for scan in erased.scans.all())
    assert list(tables_with_a_mark()) == []
