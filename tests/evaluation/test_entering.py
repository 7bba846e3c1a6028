"""Figures typed by hand or taken from a file: nothing made up, nothing overwritten, nothing twice."""

import base64
import datetime as dt
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from editorial.enums import Figure, Role
from editorial.models import AuditEntry
from evaluation import analytics_csv, collecting, entering, figure_forms, reports
from evaluation.analytics_csv import Unreadable
from evaluation.models import FigureRow, Source
from tests.evaluation.conftest import AFTER, END, facts, moment, published

pytestmark = pytest.mark.django_db

PLACE = "/redaktion/auswertung/zahlen/"
TODAY = "2026-09-02"
NEW = "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Replies,Reposts\n"
OLD = "Tweet id,Tweet permalink,Tweet text,time,impressions,engagements,retweets,replies,likes\n"


@pytest.fixture(autouse=True)
def in_september(at_this_moment, monkeypatch):
    at_this_moment(AFTER)
    for module in (entering, figure_forms):
        monkeypatch.setattr(module, "database_now", lambda: AFTER)


@pytest.fixture
def delivery(channel):
    return published("2026-03-02 09:00", external_id="1234567890123456789")


def stored(delivery):
    rows = FigureRow.objects.standing().filter(delivery=delivery)
    return {row.figure: (row.value, row.source) for row in rows}


def upload(client, text, **fields):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("analytics.csv", content, content_type="text/csv")
    return client.post(f"{PLACE}datei/", {"file": file, "day": TODAY, **fields})


def take_over(client, text):
    content = base64.b64encode(text.encode()).decode()
    return client.post(f"{PLACE}datei/", {"content": content, "day": TODAY, "take_over": "1"})


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_with_its_source_and_an_empty_field_is_not_zero(login, delivery):
    answer = login().post(f"{PLACE}{delivery.pk}/", {"day": TODAY, "impressions": "1.240", "likes": "0", "replies": ""})
    assert answer.status_code == 302
    assert stored(delivery) == {"impressions": (1240, Source.HAND), "likes": (0, Source.HAND)}
    assert AuditEntry.objects.get(step="enter_figures").note == "von Hand, Stand 02.09.2026: 2"


def test_a_correction_keeps_the_old_row(login, delivery):
    client = login()
    client.post(f"{PLACE}{delivery.pk}/", {"day": TODAY, "likes": "7"})
    client.post(f"{PLACE}{delivery.pk}/", {"day": TODAY, "likes": "8"})
    old, new = FigureRow.objects.order_by("pk")
    assert (old.value, new.value, new.replaces_id) == (7, 8, old.pk)
    assert stored(delivery) == {"likes": (8, Source.HAND)}
    assert "später berichtigt" in client.get(f"{PLACE}{delivery.pk}/").content.decode()


def test_taking_a_figure_back_leaves_it_not_delivered(login, delivery):
    client = login()
    client.post(f"{PLACE}{delivery.pk}/", {"day": TODAY, "likes": "7"})
    client.post(f"{PLACE}{delivery.pk}/", {"day": TODAY, "likes": ""})
    assert stored(delivery) == {"likes": (None, Source.HAND)}
    client.post(f"{PLACE}{delivery.pk}/", {"day": TODAY, "likes": ""})
    assert FigureRow.objects.count() == 2


def test_a_later_day_is_a_new_reading_and_no_correction(login, delivery):
    client = login()
    for day, likes in (("2026-04-01", "7"), ("2026-05-01", "9")):
        client.post(f"{PLACE}{delivery.pk}/", {"day": day, "likes": likes})
    assert [row.value for row in FigureRow.objects.standing().order_by("taken_at")] == [7, 9]


@pytest.mark.parametrize(
    "fields", [{"likes": "viele"}, {"likes": "-1"}, {"likes": "1,5"}, {"day": "2026-09-03"}, {"day": "2026-03-01"}]
)
def test_what_is_no_figure_comes_back_at_its_field(login, delivery, fields):
    answer = login().post(f"{PLACE}{delivery.pk}/", {"day": TODAY, **fields})
    assert (answer.status_code, FigureRow.objects.count()) == (422, 0)
    assert "_error" in answer.content.decode()


def test_followers_are_entered_for_the_channel(login, channel):
    login().post(f"{PLACE}kanal/", {"day": "2026-08-31", "followers": "1200"})
    row = FigureRow.objects.get()
    assert (row.delivery_id, row.figure, row.value, row.unit) == (None, Figure.FOLLOWERS, 1200, "accounts")


def test_figures_entered_by_hand_count_in_the_review(login, channel, delivery):
    client = login()
    client.post(f"{PLACE}{delivery.pk}/", {"day": "2026-08-30", "impressions": "500"})
    client.post(f"{PLACE}kanal/", {"day": "2026-08-31", "followers": "1300"})
    period = reports.period_until(facts(), END, dt.date(2026, 9, 2))
    totals = reports.freeze(facts(), period).figures["totals"]
    assert (totals["followers_end"], totals["figures"]["impressions"]["sum"]) == (1300, 500)
    assert totals["figures"]["likes"]["sum"] is None


@pytest.mark.parametrize("role", [Role.GF, Role.FACH, Role.ADMIN, Role.DSB])
def test_only_proe_enters_figures(login, delivery, role):
    client = login(role)
    for path in (PLACE, f"{PLACE}{delivery.pk}/"):
        assert client.get(path).status_code == 403
    for path in (f"{PLACE}kanal/", f"{PLACE}datei/", f"{PLACE}{delivery.pk}/"):
        assert client.post(path, {"day": TODAY}).status_code == 403


def test_a_retweet_has_no_figures_of_its_own(login, channel):
    retweet = published("2026-03-02 09:00", external_id="17", approval__post__kind="retweet")
    client = login()
    assert client.get(f"{PLACE}{retweet.pk}/").status_code == 404
    assert retweet.post.headline not in client.get(PLACE).content.decode()


# --- From a file ------------------------------------------------------------------------------------------------------

ID = "1234567890123456789"
FILES = {
    "new names": f"{NEW}{ID},Mon,Text,https://x.com/a/status/{ID},1240,7,9,1,0,3\n",
    "old names": f"{OLD}{ID},https://twitter.com/a/status/{ID},Text,x,1240.0,9.0,3.0,0.0,7.0\n",
    "semicolons, BOM, German numbers": f"\ufeff{NEW.replace(',', ';')}{ID};Mo;Text;;1.240;7;9;1;0;3,0\n",
    "a number that a spreadsheet shortened": f"{NEW}1.23457E+18,Mon,T,https://x.com/a/status/{ID},1240,7,9,1,0,3\n",
    "tabs": f"{NEW}{ID},Mon,Text,,1240,7,9,1,0,3\n".replace(",", "\t"),
    "a text over two lines": f'{NEW}{ID},Mon,"Zeile 1\nZeile 2, ""so""",,"1,240",7,9,1,0,3\n',
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_each_usual_form_of_the_file_is_read(text):
    (row,) = analytics_csv.read(text.encode())
    assert (row.external_id, row.problems) == (ID, ())
    wanted = {"impressions": 1240, "likes": 7, "replies": 0, "retweets": 3}
    assert {figure.value: value for figure, value in row.values.items() if figure != "bookmarks"} == wanted


def test_nothing_is_stored_before_the_preview_was_confirmed(login, delivery):
    client, text = login(), FILES["new names"] + "999,Mon,T,,5,,1,1,1,1\n"
    html = upload(client, text).content.decode()
    assert FigureRow.objects.count() == 0
    assert "1 Beitrag von uns" in html
    assert "Zeile 3: Nummer 999" in html
    assert take_over(client, text).status_code == 302
    assert stored(delivery) == {
        "impressions": (1240, Source.CSV),
        "likes": (7, Source.CSV),
        "replies": (0, Source.CSV),
        "retweets": (3, Source.CSV),
        "bookmarks": (1, Source.CSV),
    }


BAD_ROWS = {
    "no number of a post": ("Unsinn,Mon,T,,5,1,1,1,1,1", "Die Nummer des Beitrags ist nicht lesbar."),
    "below zero": ("999,Mon,T,,-5,1,1,1,1,1", "Impressionen: „-5“ ist eine Zahl unter null."),
    "words": ("999,Mon,T,,viele,1,1,1,1,1", "Impressionen: „viele“ ist keine ganze Zahl."),
    "a date in the place of a figure": ("999,Mon,T,,02.03.2026,1,1,1,1,1", "„02.03.2026“ ist keine ganze Zahl."),
    "a field too few": ("999,Mon,,5,1,1,1,1,1", "Die Zeile hat 9 Felder, die erste Zeile 10."),
    "a field too many": ("999,Mon,T,x,,5,1,1,1,1,1", "Die Zeile hat 11 Felder, die erste Zeile 10."),
    "the same post, other figures": (
        f"{ID},Mon,T,,5,1,1,1,1,1",
        "Derselbe Beitrag steht mit anderen Zahlen schon in Zeile 2.",
    ),
}


@pytest.mark.parametrize(("line", "words"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_with_one_bad_row_it_is_named_and_nothing_is_stored(login, delivery, line, words):
    client, text = login(), f"{FILES['new names']}{line}\n"
    html = upload(client, text).content.decode()
    assert f"Zeile 3: {words}" in html or ("Zeile 3: " in html and words in html)
    assert "Zahlen übernehmen" not in html
    assert take_over(client, text).status_code == 422
    with pytest.raises(entering.Faulty):
        entering.take_over(facts(), analytics_csv.read(text.encode()), day=AFTER.date(), by=client.person)
    assert FigureRow.objects.count() == 0


def test_the_same_row_twice_counts_once_and_is_named(login, delivery):
    client, text = login(), FILES["new names"] + FILES["new names"].split("\n")[1] + "\n"
    html = upload(client, text).content.decode()
    assert "Steht doppelt in der Datei" in html
    assert f"Zeile 3: Nummer {ID}" in html
    take_over(client, text)
    assert stored(delivery)["impressions"] == (1240, Source.CSV)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_each_encoding_of_a_spreadsheet_is_read(encoding):
    text = f"Beitrags-ID;Text;Impressionen;Gefällt mir\r\n{ID};Größe;1.240;7\r\n"
    (row,) = analytics_csv.read(text.encode(encoding))
    assert row.values == {Figure.IMPRESSIONS: 1240, Figure.LIKES: 7}


@pytest.mark.parametrize("day", ["Mon, Mar 2, 2026", "02.03.2026", "2026-03-02 09:00", "3/2/2026", ""])
def test_the_day_of_a_post_is_known_here_however_the_file_writes_it(day):
    (row,) = analytics_csv.read(f'{NEW}{ID},"{day}",T,,1240,7,9,1,0,3\n'.encode())
    assert (row.problems, row.values[Figure.IMPRESSIONS]) == ((), 1240)


@pytest.mark.parametrize("day", ["31.08.2026", "2026-08-31"])
def test_the_day_of_the_file_may_be_written_the_german_way(login, delivery, day):
    upload(login(), FILES["new names"], day=day)
    answer = login().post(f"{PLACE}kanal/", {"day": day, "followers": "1200"})
    assert answer.status_code == 302
    assert FigureRow.objects.get().taken_at == moment("2026-08-31 12:00")


def test_views_are_not_taken_for_impressions(login, channel):
    with pytest.raises(Unreadable):
        analytics_csv.read(f"Post id,Views\n{ID},5\n".encode())
    (row,) = analytics_csv.read(f"Post id,Views,Likes\n{ID},5,7\n".encode())
    assert row.values == {Figure.LIKES: 7}


def test_a_column_that_stands_there_twice_is_refused():
    with pytest.raises(Unreadable, match="zweimal"):
        analytics_csv.read(f"Post id,Likes,likes\n{ID},5,7\n".encode())


def test_reading_a_file_twice_stores_it_once(login, delivery):
    client = login()
    for _ in range(2):
        take_over(client, FILES["new names"])
    assert FigureRow.objects.count() == 5
    assert AuditEntry.objects.filter(step="enter_figures").count() == 1


def test_an_empty_field_of_the_file_is_not_zero(login, delivery):
    take_over(login(), f"{NEW}{ID},Mon,T,,,7,9,1,-,3\n")
    assert set(stored(delivery)) == {"likes", "retweets", "bookmarks"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "fehlt eine Spalte"),
        (b"a,b\n1,2\n", "fehlt eine Spalte"),
        (b"Post id,Date\n1,2\n", "fehlt jede Spalte mit Zahlen"),
        (b"\x00\x01\x02", "keine CSV-Datei"),
        (b"x" * (analytics_csv.LONGEST_FILE + 1), "1 MB"),
        (NEW.encode() + b'"' + b"x" * 200_000, "keine CSV-Datei"),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_reason(login, channel, content, words):
    answer = upload(login(), content)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html or "leer" in html


def test_without_a_file_the_form_asks_for_one(login, channel):
    answer = login().post(f"{PLACE}datei/", {"day": TODAY})
    assert answer.status_code == 422
    assert "Bitte wählen Sie eine Datei aus." in answer.content.decode()


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content):
    with suppress(Unreadable):
        analytics_csv.read(NEW.encode() + content)


def test_the_schedule_of_the_collector_goes_on_beside_what_a_person_entered(login, channel, delivery):
    login().post(f"{PLACE}{delivery.pk}/", {"day": TODAY, "impressions": "5"})
    due = collecting.due_readings(facts(), moment("2026-03-02 09:00") + dt.timedelta(hours=2))
    assert [reading.point for reading in due] == ["1h"]
