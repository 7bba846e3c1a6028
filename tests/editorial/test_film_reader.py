"""What the channel takes as a video and what not, and that nothing but picture and sound is kept."""

import io

import av
import pytest
from PIL import Image

from editorial import film_reader
from editorial.film_reader import DAMAGED, NO_VIDEO, Refused, read
from tests.films import film, silence, turned


def through(tmp_path, data):
    source = tmp_path / "source"
    source.write_bytes(data)
    copy, still = tmp_path / "copy.mp4", tmp_path / "still.jpg"
    return read(str(source), str(copy), str(still)), copy.read_bytes(), Image.open(still)


def refusal(tmp_path, data):
    with pytest.raises(Refused) as caught:
        through(tmp_path, data)
    return str(caught.value)


def test_a_usual_video_is_taken_and_told_of(tmp_path):
    found, copy, still = through(tmp_path, film(1.0))
    assert (found.width_px, found.height_px, found.has_sound, found.notes) == (320, 180, True, [])
    assert (found.duration_s, found.frames_per_s) == (1.0, 25.0)
    assert (still.format, still.size) == ("JPEG", (320, 180))
    with av.open(io.BytesIO(copy), format="mp4") as again:
        assert [stream.type for stream in again.streams] == ["video", "audio"]
        assert sum(1 for _ in again.decode(video=0)) == 25


def test_a_video_without_sound_is_one_too(tmp_path):
    assert not through(tmp_path, film(sound=None))[0].has_sound


def test_a_video_from_an_upright_phone_stays_upright_and_so_does_its_still(tmp_path):
    found, copy, still = through(tmp_path, turned(film()))
    assert (found.width_px, found.height_px) == (180, 320)
    red, blue = still.getpixel((90, 40)), still.getpixel((90, 280))
    assert (red[0] > 150, blue[2] > 150) == (True, True)
    with av.open(io.BytesIO(copy), format="mp4") as again:
        assert next(again.decode(video=0)).rotation == -90


TRACES = (b"Erika", b"+53.07", b"x264", b"Lavf", b"<script", b"GPMF")


def test_no_byte_of_a_place_a_name_or_a_camera_is_kept(tmp_path):
    notes = {"location": "+53.0758+008.8071/", "title": "Zuhause bei Erika", "comment": "Erika", "artist": "Erika"}
    data = film(notes=notes, movflags="use_metadata_tags") + b"\0\0\0\x20freeGPMF<script>alert(1)</script>"
    assert [trace for trace in TRACES if trace not in data] == []
    _, copy, still = through(tmp_path, data)
    assert [trace for trace in TRACES if trace in copy] == []
    assert len(still.getexif()) == 0


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"seconds": 0.2}, "Das Video ist zu kurz. X verlangt mindestens 0,5 Sekunden."),
        ({"size": (1920, 1080)}, "Das Video hat 1920 × 1080 Bildpunkte. Erlaubt sind 1280 × 1024, auch hochkant."),
        ({"size": (1200, 1100)}, "Das Video hat 1200 × 1100 Bildpunkte. Erlaubt sind 1280 × 1024, auch hochkant."),
        ({"size": (64, 16)}, "Das Video hat 64 × 16 Bildpunkte. X verlangt mindestens 32 × 32."),
        ({"size": (640, 180)}, "Das Video hat 640 × 180 Bildpunkte. Erlaubt sind Seitenverhältnisse von 1:3 bis 3:1."),
        ({"fps": 120}, "Das Video hat 120 Bilder in der Sekunde. Erlaubt sind 60."),
        ({"codec": "libx265"}, "Das Bild im Video ist als HEVC gespeichert. X nimmt nur H.264."),
        ({"codec": "libvpx-vp9"}, "Das Bild im Video ist als VP9 gespeichert. X nimmt nur H.264."),
        ({"pix_fmt": "yuv444p"}, "Das Video hat das Farbformat yuv444p. X nimmt nur yuv420p."),
        ({"sound": "libmp3lame"}, "Der Ton ist als MP3 gespeichert. X nimmt nur AAC-LC."),
        ({"layout": "5.1"}, "Der Ton hat 6 Kanäle. X nimmt nur Mono und Stereo."),
        ({"options": {"x264-params": "interlaced=1"}}, "Das Video besteht aus Halbbildern. X nimmt nur Vollbilder."),
        (
            {"options": {"x264-params": "open-gop=1:keyint=8:bframes=3:b-adapt=0"}},
            "Das Video ist mit „offener GOP“ gespeichert. X nimmt nur geschlossene.",
        ),
        ({"kind": "matroska"}, NO_VIDEO),
    ],
)
def test_what_the_channel_does_not_take_is_refused_with_its_limit(tmp_path, what, sentence):
    assert refusal(tmp_path, film(**what)).startswith(sentence)


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        ((b"avc1",), "Das Bild im Video ist in einem unbekannten Format gespeichert. X nimmt nur H.264."),
        ((b"mp4a", b"\x40\x15"), "Der Ton ist in einem unbekannten Format gespeichert. X nimmt nur AAC-LC."),
    ],
)
def test_a_codec_nobody_knows_is_refused_by_what_it_concerns(tmp_path, marks, sentence):
    data = film()
    for mark in marks:
        assert mark in data
        data = data.replace(mark, b"x" * len(mark))
    assert refusal(tmp_path, data).startswith(sentence)


def test_a_video_that_is_too_long_is_refused(tmp_path):
    data = film(142, fps=2, size=(32, 32), sound=None)
    assert refusal(tmp_path, data) == "Das Video dauert 142 Sekunden. Erlaubt sind 140. Bitte kürzen Sie es."


def test_a_length_told_wrong_is_not_believed(tmp_path, monkeypatch):
    monkeypatch.setattr(film_reader, "LONGEST_S", 3)  # a long one would take long to make
    data = bytearray(film(5, sound=None))
    duration = data.index(b"mvhd") + 4 + 16
    data[duration : duration + 4] = (1000).to_bytes(4, "big")
    assert refusal(tmp_path, bytes(data)).startswith("Das Video dauert 5 Sekunden. Erlaubt sind 3.")


def test_an_uneven_rate_is_taken_and_told_of(tmp_path):
    (note,) = through(tmp_path, film(2.0, gaps=(1, 1, 1, 3)))[0].notes
    assert note.startswith("Die Bildrate des Videos schwankt zwischen 8 und 25 Bildern in der Sekunde.")


def test_bursts_of_frames_count_by_the_busiest_second(tmp_path):
    bursts = (1,) * 80 + (200,)
    assert refusal(tmp_path, film(1.0, fps=90, gaps=bursts, sound=None)).startswith("Das Video hat 81 Bilder")


@pytest.mark.parametrize("movflags", ["", "+faststart"])
def test_half_a_video_is_refused(tmp_path, movflags):
    data = film(movflags=movflags)
    assert refusal(tmp_path, data[: len(data) * 3 // 4]) == DAMAGED


@pytest.mark.parametrize("data", [b"", b"Guten Tag", b"\x89PNG\r\n\x1a\n" + bytes(50), bytes(5000)])
def test_what_is_no_video_is_refused(tmp_path, data):
    assert refusal(tmp_path, data) == NO_VIDEO


def test_sound_alone_is_no_video(tmp_path):
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("aac", rate=48_000, layout="mono")
        for frame in silence(1.0, "mono"):
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    assert refusal(tmp_path, out.getvalue()) == NO_VIDEO
