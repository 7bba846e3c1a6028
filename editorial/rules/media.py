import re
from collections.abc import Iterator

from ..clock import berlin_day
from ..models import Post
from .base import Objection, Situation, hint

MOST_PICTURES = 4  # what the channel takes in one post (x-api.md 2.3)


def pictures_are_described(post: Post, situation: Situation) -> Iterator[Objection]:
    """Every picture or video has an alt text that is more than its file name (K-49, G-11)."""
    for medium in post.ordered_media():
        alt = medium.alt_text.strip()
        if not alt or (alt.lower() == medium.title.strip().lower() and "." in alt):
            yield Objection(
                "media.alt_missing",
                f"Das Video „{medium.title}“ braucht eine Kurzbeschreibung: Worum geht es?"
                if medium.is_video
                else f"Das Bild „{medium.title}“ braucht einen Alternativtext: Was ist darauf zu sehen?",
                "K-49",
                "media",
            )


def picture_rights_are_clear(post: Post, situation: Situation) -> Iterator[Objection]:
    """Author and licence are known, and the right lasts until the day it is shown (K-49, G-13)."""
    day = berlin_day(max(situation.slot or situation.at, situation.at))
    for medium in post.ordered_media():
        if not medium.author.strip() or not medium.licence.strip():
            yield Objection(
                "media.rights_missing",
                f"Bei „{medium.title}“ fehlen Urheber:in oder Nutzungsrecht.",
                "K-49",
                "media",
            )
        elif medium.rights_until and medium.rights_until < day:
            yield Objection(
                "media.rights_missing",
                f"„{medium.title}“ darf nur bis {medium.rights_until:%d.%m.%Y} gezeigt werden.",
                "G-13",
                "media",
            )


def not_too_many_pictures(post: Post, situation: Situation) -> Iterator[Objection]:
    """The channel takes at most four pictures (K-16)."""
    count = len(post.ordered_media())
    if count > MOST_PICTURES:
        yield Objection("media.too_many", f"Höchstens {MOST_PICTURES} Bilder, es sind {count}.", "K-16", "media")


def pictures_have_a_purpose(post: Post, situation: Situation) -> Iterator[Objection]:
    """A picture helps to understand, it is no decoration (K-49)."""
    for medium in post.ordered_media():
        if not medium.purpose.strip():
            yield hint(
                "media.purpose_missing",
                f"Wozu dient „{medium.title}“? Bitte tragen Sie unter „Medien“ den Zweck ein.",
                "K-49",
                "media",
            )


def artificial_people_are_named(post: Post, situation: Situation) -> Iterator[Objection]:
    """What looks like people and was made by a machine says so beside it (G-15, Art. 50 AI Act)."""
    for medium in post.ordered_media():
        if medium.ai_mark and medium.shows_people and not re.search(r"\bKI\b", post.text):
            yield Objection(
                "media.ai_unlabelled",
                f"„{medium.title}“ zeigt Menschen und ist mit KI gemacht. Bitte schreiben Sie das in den Text, "
                "zum Beispiel „Bild: mit KI erzeugt“.",
                "G-15",
                "text",
            )
