"""What people hand in, row by row, through the page: taken or refused, each with its sentence."""

import html
import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from editorial.models import Medium
from editorial.models.media import middle_name, small_name

pytestmark = [
    pytest.mark.django_db,
    # In the running program this is a line in the log; the limit of our own comes first.
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]

MEDIA = "/redaktion/medien/"
TOO_MANY = "Erlaubt sind 25 Millionen, zum Beispiel 6000 × 4000. Bitte verkleinern Sie es"
DAMAGED = "Das Bild ist beschädigt und lässt sich nicht öffnen. Bitte speichern Sie es neu"
NO_PICTURE = "Diese Datei ist kein Bild. Bitte wählen Sie JPEG, PNG oder WebP."


def written(kind, mode="RGB", size=(60, 40), **options):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 10, 10)).convert(mode).save(out, format=kind, **options)
    return out.getvalue()


def head_of_png(width, height, depth=8, raw=b"x"):
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def moving(kind):
    frames = [Image.new("RGB", (60, 40), (0, 0, blue)) for blue in (0, 255)]
    out = io.BytesIO()
    frames[0].save(out, format=kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def isobmff(brand):
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + brand + b"mif1" + bytes(200)


def hand_in(client, data, name="bild.jpg"):
    fields = {"title": "Haus", "alt_text": "Ein gelbes Haus"}
    answer = client.post(MEDIA, fields | {"upload": SimpleUploadedFile(name, data)}, follow=True)
    return answer.status_code, html.unescape(answer.content.decode())


REFUSED = {
    "decompression bomb": (head_of_png(30_000, 30_000), TOO_MANY),
    "12,000 x 12,000": (head_of_png(12_000, 12_000), TOO_MANY),
    "truncated": (written("JPEG", size=(300, 200))[:600], DAMAGED),
    "30 MB": (written("JPEG").ljust(30_000_000), "Die Datei hat 30 MB. Erlaubt sind 10 MB."),
    "HEIC": (isobmff(b"heic"), "Bilder im Format HEIC zeigt nicht jedes Gerät. Bitte speichern Sie das Bild als JPEG"),
    "AVIF": (isobmff(b"avif"), "Bilder im Format AVIF zeigt nicht jedes Gerät. Bitte speichern Sie das Bild als JPEG"),
    "SVG": (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "SVG-Dateien nehmen wir nicht an"),
    "animated GIF": (moving("GIF"), "Bilder im Format GIF nehmen wir nicht an. Bitte speichern Sie das Bild als JPEG"),
    "PDF as JPEG": (b"%PDF-1.7", "Diese Datei ist ein PDF und kein Bild."),
    "text": (b"Guten Tag", NO_PICTURE),
    "nothing": (b"", "Die Datei ist leer."),
}
TAKEN = {
    "wrong extension": (written("PNG"), "image/png", ""),
    "animated PNG": (moving("PNG"), "image/png", "Übernommen ist nur die erste Ansicht."),
    "animated WebP": (moving("WEBP"), "image/webp", "Übernommen ist nur die erste Ansicht."),
    "CMYK": (written("JPEG", "CMYK"), "image/jpeg", "Das Bild hatte Druckfarben (CMYK)."),
    "16 bit": (head_of_png(2, 1, 16, b"\0" + bytes(12)), "image/png", "Das Bild hatte 16 Bit je Farbe."),
    "polyglot": (written("JPEG") + b"PK\x03\x04<script>alert(1)</script>", "image/jpeg", ""),
}


@pytest.mark.parametrize("row", REFUSED)
def test_what_cannot_be_taken_is_refused_and_the_sentence_says_what_to_do(login, row):
    data, sentence = REFUSED[row]
    status, page = hand_in(login(), data)
    assert (status, Medium.objects.count()) == (422, 0)
    assert sentence in page
    assert "Ein gelbes Haus" in page


@pytest.mark.parametrize("row", TAKEN)
def test_what_can_be_taken_is_and_a_change_to_it_is_told(login, row):
    data, media_type, sentence = TAKEN[row]
    status, page = hand_in(login(), data)
    medium = Medium.objects.get()
    assert (status, medium.media_type) == (200, media_type)
    assert sentence in page
    stored = medium.file.read()
    assert b"script" not in stored
    picture = Image.open(io.BytesIO(stored))
    assert (picture.mode, getattr(picture, "n_frames", 1)) == ("RGB", 1)


PLACE = (53.0, 4.0, 31.0)
PLACE_BYTES = (struct.pack("<II", 53, 1), struct.pack(">II", 53, 1))
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>53,4.5N</exif:GPSLatitude></x:xmpmeta>"


def with_a_place(kind):
    notes = Image.Exif()
    notes[0x8825] = {1: "N", 2: PLACE, 3: "E", 4: (8.0, 48.0, 25.0)}
    notes[0x010F], notes[0x013B] = "Kamera XY", "Erika Muster"
    options = {"exif": notes, "xmp": XMP}
    if kind == "JPEG":
        options["comment"] = b"Zuhause bei Erika"
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Comment", "Zuhause bei Erika")
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"exif": notes, "pnginfo": texts}
    return written(kind, size=(1200, 40), **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_byte_of_the_place_or_of_a_name_is_kept(login, kind):
    traces = (b"Erika", b"Kamera", b"GPSLatitude", b"xmpmeta", b"Exif", b"eXIf", *PLACE_BYTES)
    data = with_a_place(kind)
    assert {b"Erika", b"GPSLatitude"} < {trace for trace in traces if trace in data}
    assert any(place in data for place in PLACE_BYTES)
    hand_in(login(), data)
    file = Medium.objects.get().file
    copies = [name(file.name, suffix) for name in (small_name, middle_name) for suffix in ("webp", "jpg")]
    folder, _, stem = file.name.rpartition("/")
    beside = {f"{folder}/{name}" for name in file.storage.listdir(folder)[1] if stem.split(".")[0] in name}
    assert beside == {file.name, *copies}
    for name in beside:
        with file.storage.open(name) as stored:
            content = stored.read()
        assert (name, [trace for trace in traces if trace in content]) == (name, [])
