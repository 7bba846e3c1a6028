import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.lint import readers
from tests.editorial.weighing.hostile_texts import hostile_texts

FINDERS = (
    *(readers.member_link, readers.only_there, readers.private_message, readers.reply, readers.one_case),
    *(readers.person_named, readers.party, readers.advertising),
)


@pytest.mark.parametrize(
    ("finder", "text", "words"),
    [
        (readers.member_link, "Mehr: https://x.com/konto/status/1 oder so", "https://x.com/konto/status/1"),
        (readers.member_link, "www.facebook.com/jobcenter", "www.facebook.com/jobcenter"),
        (readers.member_link, "instagram.com/a", "instagram.com/a"),
        (readers.member_link, "https://www.jobcenter-bremen.de/x.com", None),
        (readers.only_there, "Alles im Thread 🧵", "im Thread"),
        (readers.only_there, "Link in Bio", "Link in Bio"),
        (readers.only_there, "Der rote Faden", None),
        (readers.private_message, "Schreiben Sie uns eine Direktnachricht", "eine Direktnachricht"),
        (readers.private_message, "Schreiben Sie uns per DM", "per DM"),
        (readers.private_message, "Eine gute Nachricht für alle", None),
        (readers.reply, "@erika Danke", "@erika"),
        (readers.reply, "Danke, @erika", None),
        (readers.one_case, "In Ordnung, Ihr Antrag ist da.", "Ihr Antrag ist"),
        (readers.one_case, "So stellen Sie Ihren Antrag.", None),
        (readers.person_named, "Fragen Sie Frau Dr. Muster", "Frau Dr. Muster"),
        (readers.person_named, "Jede Frau und jeder Mann", None),
        (readers.party, "Der Antrag der SPD", "SPD"),
        (readers.party, "Die grünen Berufe", None),
        (readers.advertising, "Jetzt kaufen!", "Jetzt kaufen"),
        (readers.advertising, "Wir arbeiten zusammen.", None),
    ],
)
def test_what_is_found_and_what_is_not(finder, text, words):
    span = finder(text)
    assert (text[slice(*span)] if span else None) == words


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    for finder in FINDERS:
        span = finder(text)
        assert span is None or text[slice(*span)]


@pytest.mark.parametrize("name", (hostile := hostile_texts(25_000)))
def test_a_hostile_text_of_25000_characters_takes_no_time(name):
    begin = time.process_time()
    for finder in FINDERS:
        finder(hostile[name])
    assert (time.process_time() - begin) * 1000 < 150
