"""Row 21 as it happens: no program for three days, then worker and beat are started again."""

import email
import itertools
import re
import time
from email import policy

import pytest

from tests.plant import PATIENCE_S
from tests.stack import wait_until

pytestmark = pytest.mark.services

GAP_S = 2
LONG_OVER, IN_TIME = 5, 3
# What fell due while nothing ran: some of it three days ago, some less than the grace.
SHIFT = """
WITH numbered AS (SELECT id, row_number() OVER (ORDER BY slot, id) AS n FROM editorial_delivery)
UPDATE editorial_delivery d
SET created_at = created_at - interval '4 days',
    slot = now() - CASE WHEN n <= %s THEN interval '3 days' - n * interval '5 hours'
                        ELSE interval '50 minutes' - n * interval '5 minutes' END
FROM numbered WHERE numbered.id = d.id
"""
STARTED = "SELECT started_at FROM editorial_attempt ORDER BY started_at"
# A mail waits until a minute long nothing more has come.
# The database lets nobody change the record; its owner can, for once.
BARE, GUARDED = (f"ALTER TABLE editorial_auditentry {what} TRIGGER USER" for what in ("DISABLE", "ENABLE"))
A_MINUTE_LATER = "UPDATE editorial_auditentry SET at = at - interval '70 seconds' WHERE step = 'miss'"
EDITORS = """
SELECT email FROM editorial_user u JOIN editorial_user_groups g ON g.user_id = u.id
JOIN auth_group r ON r.id = g.group_id WHERE r.name IN ('proe', 'gf')
"""
BETWEEN_MAILS = re.compile(rb"^-{70,}$", re.MULTILINE)


def digests(house):
    """To whom which mail about open cases went."""
    files = (house.folder / "var" / "mail").glob("*.log")
    mails = [mail.strip() for file in files for mail in BETWEEN_MAILS.split(file.read_bytes()) if mail.strip()]
    read = [email.message_from_bytes(mail, policy=policy.default) for mail in mails]
    subjects = [(mail["to"], mail["subject"].strip()) for mail in read]
    return sorted((to, subject) for to, subject in subjects if subject.endswith("brauchen Ihre Klärung"))


def test_row_21_after_three_days_without_a_program_one_mail_and_no_backlog_at_once(plant):
    house = plant(PUBLISH_CATCH_UP_GAP_S=str(GAP_S))
    house.plan(*[0] * (LONG_OVER + IN_TIME))
    house.ask(SHIFT, LONG_OVER)
    for name in ("worker", "beat"):
        house.add(name)
    house.wait_for("missed", "published")
    assert house.states().count("missed") == LONG_OVER
    began = [row[0] for row in house.ask(STARTED)]
    assert len(began) == len(set(house.sent())) == len(house.sent()) == IN_TIME
    gaps_s = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(began)]
    assert min(gaps_s) >= GAP_S, gaps_s
    assert digests(house) == []
    for statement in (BARE, A_MINUTE_LATER, GUARDED):
        house.ask(statement)
    people = sorted(row[0] for row in house.ask(EDITORS))
    wait_until(lambda: len(digests(house)) >= len(people), PATIENCE_S)
    time.sleep(2)  # long enough for a second one
    assert digests(house) == [(person, f"[Redaktion] {LONG_OVER} Beiträge brauchen Ihre Klärung") for person in people]
