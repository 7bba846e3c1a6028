import datetime as dt

import pytest

from editorial.rules import Situation, ask, blocking
from editorial.rules.base import Passage
from editorial.rules.personal import no_personal_data
from tests.factories import MediumFactory, PostFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def found(**content):
    return blocking(ask([no_personal_data], PostFactory(**content), Situation(at=NOW)))


def test_a_persons_number_in_the_text_stops_it_and_is_shown_where_it_stands():
    (objection,) = found(text="Bitte melden: 0421 123456, danke.")
    assert (objection.code, objection.clause, objection.field) == ("text.personal_data", "K-52", "text")
    assert "eine Telefonnummer: „0421 123456“" in objection.text
    assert objection.passage == Passage(14, 25, "Bitte melden: ", "0421 123456", ", danke.")


def test_it_is_found_in_the_alternative_text_as_well():
    picture = MediumFactory(title="Urkunde", alt_text="Bescheid für 214D123456")
    (objection,) = found(media=[picture])
    assert (objection.code, objection.field) == ("text.personal_data", "media")
    assert objection.text.startswith("Der Alternativtext von „Urkunde“ enthält eine Kundennummer")


@pytest.mark.parametrize(
    "text",
    [
        "Schreiben Sie an presse@jobcenter-bremen.de.",
        "Schreiben Sie an info@sozial.jobcenter-bremen.de.",
        "Rufen Sie an: 0800 4 5555 00.",
        "Am 24.11.2026 um 9 Uhr in 28195 Bremen.",
    ],
)
def test_what_the_house_itself_has_published_passes(text):
    assert found(text=text) == []


def test_a_mail_address_elsewhere_does_not_pass():
    assert [objection.code for objection in found(text="an presse@jobcenter-bremen.de.example.org")] == [
        "text.personal_data"
    ]


def test_of_many_the_first_five_are_told():
    assert len(found(text=" und ".join(f"0421 12345{n}" for n in range(9)))) == 5
