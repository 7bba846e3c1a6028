from collections.abc import Iterator

from ..models import Post
from .base import Objection, Situation


def videos_can_be_read(post: Post, situation: Situation) -> Iterator[Objection]:
    """Who cannot hear reads the captions; who cannot see or play it reads the transcript (K-49, G-11)."""
    for medium in post.ordered_media():
        if not medium.is_video:
            continue
        if not medium.captions.strip():
            yield Objection(
                "media.captions_missing",
                f"Das Video „{medium.title}“ braucht Untertitel, auch ohne Ton: dann genügt „[ohne Ton]“.",
                "K-49",
                "media",
            )
        if not medium.transcript.strip():
            yield Objection(
                "media.transcript_missing",
                f"Das Video „{medium.title}“ braucht eine Textfassung: Was ist zu hören und zu sehen?",
                "G-11",
                "media",
            )


def a_video_stands_alone(post: Post, situation: Situation) -> Iterator[Objection]:
    """The channel takes one video or up to four pictures, never both (K-16)."""
    media = post.ordered_media()
    if len(media) > 1 and any(medium.is_video for medium in media):
        yield Objection(
            "media.mixed",
            "Ein Video steht allein: ohne Bilder und ohne zweites Video. Bitte wählen Sie das andere ab.",
            "K-16",
            "media",
        )
