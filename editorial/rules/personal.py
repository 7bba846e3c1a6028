from collections.abc import Iterator
from itertools import islice

from ..captions import spoken
from ..clock import berlin_day
from ..lint.personal import Finding, Kind, digits_of_phone, find
from ..models import Post
from .base import Objection, Situation, passage
from .known import Known

MOST_FINDINGS = 5  # of one text; whoever mends these sees the next
SERVICE_NUMBERS = ("0800", "0180")  # never a person's own


def no_personal_data(post: Post, situation: Situation) -> Iterator[Objection]:
    """Nothing that points to one person stands in what is published: text, alternative texts, captions (K-52, G-05)."""
    yield from in_public_words(post.text, "Der Text", "text", situation)
    for medium in post.ordered_media():
        yield from in_public_words(medium.alt_text, f"Der Alternativtext von „{medium.title}“", "media", situation)
        if medium.is_video:
            heard = spoken(medium.captions)
            yield from in_public_words(heard, f"Der Untertitel von „{medium.title}“", "media", situation)
            yield from in_public_words(medium.transcript, f"Die Textfassung von „{medium.title}“", "media", situation)


def in_public_words(written: str, where: str, field: str, situation: Situation) -> Iterator[Objection]:
    """``where`` begins the sentence, as in "Der Text"."""
    found = (one for one in find(written, berlin_day(situation.at)) if not _may_be_public(one, situation.known))
    for finding in islice(found, MOST_FINDINGS):
        yield Objection(
            "text.personal_data",
            f"{where} enthält {finding.kind}: „{finding.words}“. "
            "Daten einzelner Menschen gehören nicht in einen Beitrag. Bitte streichen Sie die Angabe.",
            "K-52",
            field,
            passage=passage(written, finding.start, finding.end),
        )


def _may_be_public(finding: Finding, known: Known) -> bool:
    """What is public already and belongs to no single person: addresses of the house, service numbers, its list."""
    if finding.kind == Kind.MAIL:
        is_own = known.is_own(finding.words.rpartition("@")[2])
        return is_own or finding.words.lower() in known.lists.contacts
    if finding.kind == Kind.PHONE:
        number = digits_of_phone(finding.words)
        return number.startswith(SERVICE_NUMBERS) or number in known.lists.contacts
    return False
