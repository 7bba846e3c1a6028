"""Which addresses are ours, which are trusted, and what a text looks like when it is sent."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings

from .. import weighing
from ..channels.addresses import address_to_id
from ..enums import LinkPlace, PostKind
from ..models import Post
from ..models.link import LONGEST_URL
from .base import Objection, Situation, hint
from .known import Known, host_of

PAYWALL_NOTE = "Bezahlinhalt"


def mirror_is_twin(known: Known) -> bool:
    """Our own mirror counts as the website twin only below the authority's domain (decision on K-45)."""
    return known.is_own(settings.PUBLIC_BASE_URL)


def message_for(post: Post, known: Known | None = None) -> str:
    """The text as it is sent: links to our own site carry the post's token, by which we find it again."""
    if not post.link_token:
        return post.text
    known = known or Known()
    pieces, done = [], 0
    for found in weighing.extract_urls_with_indices(post.text):
        ours = known.is_own(found.text)
        pieces += [post.text[done : found.start], with_token(found.text, post.link_token) if ours else found.text]
        done = found.end
    return "".join([*pieces, post.text[done:]])


def with_token(url: str, token: str) -> str:
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "t"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("t", token)])))


def addresses_in(post: Post) -> list[tuple[LinkPlace, str]]:
    """Every address readers may follow, with its place. Of a text typed without scheme, as browsers read it.

    An entry's address counts only where it stands in no other place.
    """
    is_retweet = post.kind == PostKind.RETWEET
    written = [] if is_retweet else weighing.extract_urls(post.text)
    found = [(LinkPlace.SOURCE, post.source_url), (LinkPlace.TWIN, post.twin_url)]
    found += [(LinkPlace.TEXT, url if "://" in url else f"https://{url}") for url in written]
    if is_retweet:
        found.append((LinkPlace.ORIGINAL, post.retweet_url))
    if post.entry and post.entry.url not in [url for _, url in found]:
        found.append((LinkPlace.ENTRY, post.entry.url))
    return [(place, url) for place, url in dict.fromkeys(found) if host_of(url) and len(url) <= LONGEST_URL]


def has_twin(post: Post, situation: Situation) -> Iterator[Objection]:
    """What stands on the channel also stands on a free page, or a reason says why not (K-15, K-45)."""
    if post.twin_exception.strip() or mirror_is_twin(situation.known):
        return
    if not post.twin_url:
        yield Objection(
            "twin.missing",
            "Bitte nennen Sie die Seite mit demselben Inhalt oder begründen Sie, warum es keine gibt.",
            "K-45",
            "twin_url",
        )
    elif not situation.known.is_trusted(post.twin_url):
        yield Objection(
            "twin.missing",
            f"{host_of(post.twin_url) or 'Diese Adresse'} ist keine eigene und keine geprüfte freie Website. "
            "Bitte nennen Sie eine andere Seite oder begründen Sie die Ausnahme.",
            "K-45",
            "twin_url",
        )


def source_is_trusted(post: Post, situation: Situation) -> Iterator[Objection]:
    """A source outside the list is allowed, the second person confirms it with the Freigabe (K-46)."""
    if post.source_url and not situation.known.is_trusted(post.source_url):
        yield hint(
            "source.not_trusted",
            f"{host_of(post.source_url)} steht nicht auf der Liste geprüfter Quellen. "
            "Wer freigibt, bestätigt damit auch diese Quelle.",
            "K-46",
            "source_url",
        )


def retweet_has_original(post: Post, situation: Situation) -> Iterator[Objection]:
    """A retweet names the post it repeats (K-44)."""
    if post.kind != PostKind.RETWEET:
        return
    if address_to_id(post.retweet_url) is None:
        yield Objection(
            "retweet.original_missing",
            "Bitte geben Sie die Adresse des Originals an, zum Beispiel https://x.com/konto/status/123.",
            "K-44",
            "retweet_url",
        )
