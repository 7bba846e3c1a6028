"""Pictures as they really come: from phones, scanners, screenshots, and from people who mean no good."""

import hashlib
import io
import random
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image

from editorial.actions import approval, media
from editorial.actions.media import UnusablePicture, prepare
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import AuditEntry, Medium, Post
from editorial.models.media import middle_name, small_name
from editorial.workflow import StepRefused
from tests.factories import DeliveryFactory, MediumFactory, PostFactory, person

RED, BLUE = (200, 10, 10), (0, 0, 255)
NO_PICTURE = "Diese Datei ist kein Bild. Bitte wählen Sie JPEG, PNG oder WebP."
TOO_MANY = media.TOO_MANY_PIXELS
DAMAGED = media.DAMAGED


def plain(mode="RGB", size=(40, 30), colour=RED):
    return Image.new("RGB", size, colour).convert(mode)


def file(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, format=kind, **options)
    return out.getvalue()


def read(prepared):
    picture = Image.open(io.BytesIO(prepared.data))
    picture.load()
    return picture


def png(width, height, *, depth=8, colour=2, raw=b"", extra=()):
    """A PNG chunk by chunk, so that it may say what no library would write."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            head,
            *(chunk(*one) for one in extra),
            chunk(b"IDAT", zlib.compress(raw)),
            chunk(b"IEND", b""),
        ]
    )


def near(found, wanted):
    return all(abs(a - b) < 6 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "media_type", "suffix"),
    [("JPEG", "image/jpeg", "jpg"), ("PNG", "image/png", "png"), ("WEBP", "image/webp", "webp")],
)
def test_a_picture_keeps_its_kind_its_size_and_its_colours(kind, media_type, suffix):
    prepared = prepare(file(plain(), kind))
    assert (prepared.media_type, prepared.suffix) == (media_type, suffix)
    assert (prepared.width_px, prepared.height_px) == read(prepared).size == (40, 30)
    assert near(read(prepared).getpixel((20, 15)), RED)


def test_a_picture_from_a_phone_with_a_second_one_behind_it_is_a_plain_jpeg():
    prepared = prepare(file(plain(), "MPO", save_all=True, append_images=[plain(colour=BLUE)]))
    assert (prepared.media_type, prepared.suffix, read(prepared).format) == ("image/jpeg", "jpg", "JPEG")
    assert near(read(prepared).getpixel((20, 15)), RED)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_one_stays(kind):
    prepared = prepare(file(plain(), kind, save_all=True, append_images=[plain(colour=BLUE)], duration=100))
    assert getattr(read(prepared), "n_frames", 1) == 1
    assert near(read(prepared).convert("RGB").getpixel((20, 15)), RED)


def test_a_picture_in_printers_colours_is_shown_in_screen_colours():
    picture = read(prepare(file(plain("CMYK"), "JPEG")))
    assert picture.mode == "RGB"
    assert near(picture.getpixel((20, 15)), RED)


@pytest.mark.parametrize("see_through", [1, bytes([255, 0])])
def test_what_shows_through_in_a_picture_with_a_palette_still_does(see_through):
    picture = Image.new("P", (40, 30), 1)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    prepared = read(prepare(file(picture, "PNG", transparency=see_through)))
    assert (prepared.mode, prepared.getpixel((0, 0))) == ("RGBA", (0, 255, 0, 0))


def test_a_picture_with_a_palette_and_without_holes_has_its_colours():
    picture = Image.new("P", (40, 30), 1)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    assert read(prepare(file(picture, "PNG"))).getpixel((0, 0)) == (0, 255, 0)


def test_one_colour_declared_see_through_stays_so():
    assert read(prepare(file(plain(), "PNG", transparency=RED))).getpixel((0, 0)) == (*RED, 0)


@pytest.mark.parametrize(("mode", "expected"), [("L", "L"), ("1", "L"), ("LA", "RGBA"), ("RGBA", "RGBA")])
def test_every_way_to_store_a_pixel_becomes_one_of_three(mode, expected):
    assert read(prepare(file(plain(mode), "PNG"))).mode == expected


def test_sixteen_bits_of_grey_become_eight_of_the_same_brightness():
    row = b"\0" + struct.pack(">HH", 40000, 512)
    picture = read(prepare(png(2, 2, depth=16, colour=0, raw=row * 2)))
    assert (picture.mode, picture.getpixel((0, 0)), picture.getpixel((1, 0))) == ("L", 156, 2)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_sideways_is_turned_upright_and_keeps_no_trace_of_its_place(kind):
    notes = Image.Exif()
    notes[0x0112] = 6  # turned by a quarter
    notes[0x8825] = {1: "N", 2: (53.0, 4.0, 30.0)}  # where it was taken
    notes[0x013B] = "Name der Fotografin"
    sideways = plain(size=(40, 20))
    sideways.putpixel((0, 19), BLUE)
    data = file(sideways, kind, exif=notes)
    assert b"Fotografin" in data
    prepared = prepare(data)
    assert read(prepared).size == (20, 40)
    assert len(read(prepared).getexif()) == 0
    assert b"Fotografin" not in prepared.data
    if kind == "PNG":  # the only one that keeps a single pixel
        assert read(prepared).getpixel((0, 0)) == BLUE


@pytest.mark.parametrize(("kind", "more"), [("JPEG", b"PK\x03\x04<script>"), ("PNG", b"<?php echo 1;")])
def test_what_hangs_behind_the_picture_is_gone(kind, more):
    data = file(plain(), kind) + more
    assert more not in prepare(data).data


def test_a_large_picture_is_made_as_wide_as_the_channel_shows_it():
    prepared = prepare(file(plain(size=(4000, 3000)), "JPEG"))
    assert (prepared.width_px, prepared.height_px) == (2048, 1536)


def test_a_line_of_pixels_is_a_picture_too():
    prepared = prepare(file(plain(size=(1, 60_000)), "PNG"))
    assert (prepared.width_px, prepared.height_px) == (1, 2048)


def test_what_the_channel_would_refuse_as_too_heavy_is_made_smaller():
    noise = Image.merge("RGBA", [Image.effect_noise((1400, 1400), 200) for _ in range(4)])
    data = file(noise, "PNG", compress_level=1)
    assert len(data) > media.HEAVIEST_SENT_BYTES
    prepared = prepare(data)
    assert len(prepared.data) <= media.HEAVIEST_SENT_BYTES
    assert read(prepared).size == (prepared.width_px, prepared.height_px) == (1050, 1050)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (12_000, 12_000), (30_000, 30_000), (2**31 - 1, 1)])
def test_a_small_file_that_would_fill_the_memory_is_refused_unread(width, height):
    with pytest.raises(UnusablePicture) as refusal:
        prepare(png(width, height, raw=b"x"))
    assert str(refusal.value) == TOO_MANY


@pytest.mark.parametrize("chunk", [b"zTXt", b"iCCP", b"iTXt"])
def test_a_note_that_unpacks_to_much_more_is_not_unpacked(chunk):
    keyword = b"k\0\1\0\0\0" if chunk == b"iTXt" else b"k\0\0"
    bomb = (chunk, keyword + zlib.compress(b"a" * 20_000_000))
    with pytest.raises(UnusablePicture) as refusal:
        prepare(png(1, 1, raw=b"\0abc", extra=[bomb]))
    assert str(refusal.value) == DAMAGED


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO"])
def test_other_kinds_of_pictures_are_refused(kind):
    with pytest.raises(UnusablePicture) as refusal:
        prepare(file(plain(), kind))
    assert str(refusal.value).startswith(f"Bilder im Format {kind} nehmen wir nicht an.")


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"RIFF"])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(UnusablePicture) as refusal:
        prepare(data)
    assert str(refusal.value) == NO_PICTURE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_refused(kind):
    data = file(Image.effect_noise((300, 200), 80).convert("RGB"), kind)
    with pytest.raises(UnusablePicture):
        prepare(data[: len(data) // 2])


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "MPO"])
def test_damaged_files_are_read_or_refused_and_never_break_anything(kind):
    notes = Image.Exif()
    notes[0x0112] = 6
    more = {"save_all": True, "append_images": [plain(colour=BLUE)]} if kind == "MPO" else {"exif": notes}
    whole, chance = file(plain(), kind, **more), random.Random(7)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(UnusablePicture):
            assert read(prepare(bytes(data))).format == {"MPO": "JPEG"}.get(kind, kind)


@pytest.mark.django_db
def test_an_upload_is_kept_under_a_random_name_with_an_entry_in_the_record():
    by = person()
    prepared = prepare(file(plain(), "PNG"))
    first, second = (media.store(Medium(title="IMG 1.png"), prepared, by=by) for _ in range(2))
    assert first.file.name != second.file.name
    assert "IMG" not in first.file.name
    assert first.file.read() == prepared.data
    assert first.sha256 == hashlib.sha256(prepared.data).hexdigest()
    assert (first.width_px, first.height_px, first.size_bytes) == (40, 30, len(prepared.data))
    assert [(e.step, e.subject_id) for e in AuditEntry.objects.all()] == [("upload", first.pk), ("upload", second.pk)]


def described(medium, alt_text, *, by):
    medium = Medium.objects.get(pk=medium.pk)
    medium.alt_text = alt_text
    return media.describe(medium, by=by)


def approved(medium):
    post = approval.submit(PostFactory(media=[medium]), by=person())
    return approval.approve(post, by=person(Role.GF), seen_digest=post.digest())


@pytest.mark.django_db
def test_a_new_alt_text_ends_the_approval_and_what_was_planned():
    medium = MediumFactory()
    post, other = approved(medium), approved(MediumFactory())
    assert described(medium, "Etwas ganz anderes", by=person()) == [post]
    post = Post.objects.get(pk=post.pk)
    assert (post.state, post.deliveries.get().state) == (PostState.DRAFT, DeliveryState.CANCELLED)
    assert not post.approvals.standing().exists()
    assert Post.objects.get(pk=other.pk).state == PostState.APPROVED
    steps = AuditEntry.objects.filter(subject_id=post.pk, subject_type="post").values_list("step", flat=True)
    assert list(steps) == ["submit", "approve", "look", "edit"]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_who_writes_the_alt_text_is_an_author_and_does_not_approve_it(state):
    medium, director = MediumFactory(), person(Role.GF)
    post = PostFactory(media=[medium])
    if state == "in_review":
        post = approval.submit(post, by=person())
    assert described(medium, "Etwas ganz anderes", by=director) == []
    post = Post.objects.get()
    if state == "draft":
        post = approval.submit(post, by=person())
    with pytest.raises(StepRefused) as refusal:
        approval.approve(post, by=director, seen_digest=post.digest())
    assert refusal.value.codes == "approval.own_work"


@pytest.mark.django_db
def test_other_facts_about_a_picture_end_nothing():
    medium = MediumFactory()
    post = approved(medium)
    medium.title = "Neue Bezeichnung"
    assert media.describe(medium, by=person()) == []
    assert Post.objects.get().state == post.state == PostState.APPROVED
    assert AuditEntry.objects.latest("position").step == "describe"


@pytest.mark.django_db
def test_what_was_sent_or_withdrawn_stays_as_it_was():
    medium = MediumFactory()
    sent = DeliveryFactory(published=True, approval__post__media=[medium]).post
    gone = PostFactory(media=[medium], withdrawn=True)
    idea = PostFactory(media=[medium], state=PostState.IDEA)
    before = [Post.objects.get(pk=post.pk).version for post in (sent, gone, idea)]
    assert described(medium, "Etwas ganz anderes", by=person()) == []
    assert [Post.objects.get(pk=post.pk).version for post in (sent, gone, idea)] == before


@pytest.mark.django_db
def test_smaller_copies_for_pages_lie_beside_the_file_as_webp_and_as_jpeg():
    large = file(plain(size=(1600, 900)), "JPEG")
    medium = media.store(Medium(title="Haus"), prepare(large), by=person())
    found = []
    for name in (small_name, middle_name):
        for suffix in ("webp", "jpg"):
            with medium.file.storage.open(name(medium.file.name, suffix)) as stored:
                copy = Image.open(stored)
                found.append((copy.format, copy.size))
    assert found == [("WEBP", (480, 270)), ("JPEG", (480, 270)), ("WEBP", (960, 540)), ("JPEG", (960, 540))]
    assert (medium.width_px, medium.media_type) == (1600, "image/jpeg")


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "LA", "P"])
def test_every_kind_of_colours_becomes_a_jpeg_on_white(mode):
    clear = mode in ("RGBA", "LA")
    picture = plain("RGBA", colour=RED)
    if clear:
        picture.putalpha(0)
    data = prepare(file(picture.convert(mode), "PNG")).data
    copy = Image.open(io.BytesIO(media.small_copy(data, 480, "jpg"))).convert("RGB")
    dots = {"L": (66, 66, 66), "RGBA": (255, 255, 255), "LA": (255, 255, 255)}
    for seen, wanted in zip(copy.getpixel((5, 5)), dots.get(mode, RED), strict=True):
        assert abs(seen - wanted) < 12
