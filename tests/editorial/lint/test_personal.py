"""What belongs to one person is found; what belongs to nobody is left alone; no text holds it up."""

import datetime as dt
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban

from editorial.lint.personal import Kind, digits_of_phone, find
from tests.editorial.weighing.hostile_texts import hostile_texts

TODAY = dt.date(2026, 11, 23)


def found(text):
    return [(one.kind, one.words) for one in find(text, TODAY)]


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (Kind.CUSTOMER, "Ihre Nummer 214D123456 bitte", "214D123456"),
        (Kind.CUSTOMER, "214 D 123456", "214 D 123456"),
        (Kind.COMMUNITY, "BG 21404//0012345.", "21404//0012345"),
        (Kind.COMMUNITY, "21404BG0012345", "21404BG0012345"),
        (Kind.COMMUNITY, "21404 / 0012345", "21404 / 0012345"),
        (Kind.NUMBER, "Kundennummer: 123456789", "123456789"),
        (Kind.INSURANCE, "RV 12 150780 J 009", "12 150780 J 009"),
        (Kind.IBAN, "auf DE89 3704 0044 0532 0130 00 bei der Bank", "DE89 3704 0044 0532 0130 00"),
        (Kind.IBAN, "de89370400440532013000", "de89370400440532013000"),
        (Kind.IBAN, "GB29-NWBK-6016-1331-9268-19", "GB29-NWBK-6016-1331-9268-19"),
        (Kind.MAIL, "an erika.muster@web.de schreiben", "erika.muster@web.de"),
        (Kind.MAIL, "Erika (at) web (punkt) de", "Erika (at) web (punkt) de"),
        (Kind.MAIL, "mu\u200bster@web.de", "mu\u200bster@web.de"),
        (Kind.PHONE, "Tel. 0421 178-0", "0421 178-0"),
        (Kind.PHONE, "(0421) 56 60 12", "(0421) 56 60 12"),
        (Kind.PHONE, "+49 (0)421 123456", "+49 (0)421 123456"),
        (Kind.PHONE, "0049 421/123456", "0049 421/123456"),
        (Kind.PHONE, "0171 1234567", "0171 1234567"),
        (Kind.PHONE, "Telefon: 361 12345", "361 12345"),
        (Kind.PHONE, "０４２１ １２３４５６", "０４２１ １２３４５６"),
        (Kind.BIRTH, "geb. 12.03.1985", "12.03.1985"),
        (Kind.BIRTH, "geboren am 3. Mai 1971", "3. Mai 1971"),
        (Kind.BIRTH, "Erika Muster (12.03.1985)", "12.03.1985"),
        (Kind.BIRTH, "am 12.03.1985 in Bremen geboren", "12.03.1985"),
        (Kind.BIRTH, "Geburtsdatum: 1985-03-12", "1985-03-12"),
        (Kind.CASE_FILE, "SG Bremen, S 12 AS 345/24", "S 12 AS 345/24"),
        (Kind.CASE_FILE, "ArbG 12 Ca 345/20", "12 Ca 345/20"),
        (Kind.CASE_FILE, "Az.: W-123/24", "W-123/24"),
        (Kind.CASE_FILE, "Aktenzeichen 531-II-1234/26", "531-II-1234/26"),
    ],
)
def test_it_is_found_where_it_stands(kind, text, words):
    (one,) = find(text, TODAY)
    assert (one.kind, one.words, text[one.start : one.end]) == (kind, words, words)


@pytest.mark.parametrize(
    "text",
    [
        "Am 24.11.2026 von 09:00 bis 12:00 Uhr, 08.00-12.00 Uhr, Mo-Fr 8-12",
        "Schon am 1. Dezember 2026, 2. bis 4.12.2026 und 01.02.2027",
        "Seit 01.01.2005 gibt es uns. Das Jobcenter feiert Geburtstag am 01.01.2025.",
        "28195 Bremen, 01067 Dresden, Zimmer 0421",
        "1.234.567,89 Euro, 0,99 €, 30.000 Menschen, 2026/2027, Schuljahr 2024/25",
        "www.jobcenter-bremen.de/0421123456 #0421123456 iab.de/2026/04211234567",
        "https://x.com/konto/status/1234567890123456789",
        "@JobcenterBremen und @name@social.bund.de",
        "§ 16e SGB II, BGBl. I 2003, 2954, ISBN 978-3-16-148410-0",
        "BSG, B 4 AS 12/22 R, und BVerfG, 1 BvL 7/16",
        "Halten Sie Ihre Kundennummer bereit. Die 115 hilft. Telefon 24 Stunden.",
        "Partner*innen am 24.11.2025, Folge 3/2026, Linie 1, 4, 6 und 10",
    ],
)
def test_what_belongs_to_nobody_passes(text):
    assert found(text) == []


def test_an_iban_with_a_wrong_digit_is_a_number_of_somebody_all_the_same():
    assert found("DE89 3704 0044 0532 0130 01") == [(Kind.NUMBER, "DE89 3704 0044 0532 0130 01")]


def test_several_are_told_in_the_order_of_the_text():
    text = "Erika Muster, geb. 12.03.1985, Tel. 0421 123456, erika@web.de, 214D123456"
    assert [kind for kind, _ in found(text)] == [Kind.BIRTH, Kind.PHONE, Kind.MAIL, Kind.CUSTOMER]


def test_a_number_is_compared_as_it_is_dialled():
    assert {digits_of_phone(n) for n in ("0421 12-3", "+49 (0)421 123", "0049421123", "+49 421/123")} == {"0421123"}


@given(st.text(max_size=300))
@example("\u200bDE89 3704 0044 0532 0130 00\u200b")
@example("31.02.1985 geb. 99.99.9999")
def test_any_text_is_read_and_each_place_is_in_it(text):
    for one in find(text, TODAY):
        assert one.words
        assert text[one.start : one.end] == one.words


digits = st.text("0123456789", min_size=1)


@st.composite
def german_ibans(draw):
    account = draw(st.text("0123456789", min_size=18, max_size=18))
    number = "DE" + iban.calc_check_digits("DE00" + account) + account
    return " ".join(number[at : at + 4] for at in range(0, 22, 4)) if draw(st.booleans()) else number


WORDS = [
    "Wir",
    "laden",
    "Sie",
    "herzlich",
    "ein",
    "und",
    "beraten",
    "gern",
    "zu",
    "Arbeit",
    "für",
    "alle",
    "in",
    "Bremen",
]
german = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
planted = st.one_of(
    st.tuples(st.just(Kind.CUSTOMER), st.from_regex(r"[0-9]{3}[A-Z][0-9]{6}", fullmatch=True)),
    st.tuples(st.just(Kind.COMMUNITY), st.from_regex(r"[1-9][0-9]{4}//[0-9]{7}", fullmatch=True)),
    st.tuples(st.just(Kind.IBAN), german_ibans()),
    st.tuples(st.just(Kind.MAIL), st.from_regex(r"[a-z]{1,9}\.[a-z]{1,9}@[a-z]{1,9}\.(de|com)", fullmatch=True)),
    st.tuples(st.just(Kind.PHONE), st.from_regex(r"0[1-9][0-9]{2,3}[ /-][0-9]{4,8}", fullmatch=True)),
    st.tuples(st.just(Kind.CASE_FILE), st.from_regex(r"S [1-9][0-9]? AS [1-9][0-9]{0,3}/[0-9]{2}", fullmatch=True)),
    st.tuples(
        st.just(Kind.BIRTH), st.dates(dt.date(1930, 1, 1), dt.date(2010, 1, 1)).map(lambda day: f"{day:%d.%m.%Y}")
    ),
)


@given(german, planted, german)
def test_what_is_planted_in_a_german_text_is_found(before, plant, after):
    kind, words = plant
    label = "geb. " if kind is Kind.BIRTH else ""
    assert found(f"{before} {label}{words}, {after}") == [(kind, words)]


@given(german)
def test_a_german_text_without_data_is_left_alone(text):
    assert found(text) == []


LENGTH = 25_000
PIECES = ["1 ", "a@", "@a.", "0", "DE12 ", "DE12345678901234567890 ", "DE89 3704 ", "1.1.11 ", "Ma Mus 1.1.85 "]
PIECES += ["geb. 1.1.85 ", "0421 ", "+49 ", "Tel. ", "Az. A ", "a(at)a.de", "x/", "BG-Nummer 1 ", "1 AS 1/1 "]
PIECES += ["\u200b1", "-", "(0", "#"]
HOSTILE = hostile_texts(LENGTH) | {piece: (piece * LENGTH)[:LENGTH] for piece in PIECES}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_of_25000_characters_takes_less_than_50_ms(name):
    times = []
    for _ in range(3):
        begin = time.process_time()
        find(HOSTILE[name], TODAY)
        times.append((time.process_time() - begin) * 1000)
    assert min(times) < 50
