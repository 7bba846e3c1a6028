"""Which addresses are ours, which are trusted, and what a text looks like when it is sent."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings

from .. import weighing
from ..channels.addresses import address_to_id
from ..enums import PostKind
from ..models import Post, TrustedSite
from .base import Objection, Situation, hint

PAYWALL_NOTE = "Bezahlinhalt"


def host_of(url: str) -> str:
    """The host in lower case without port; empty for what is no web address."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _lies_under(host: str, domains: list[str]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def _bare(domains: Iterator[str]) -> list[str]:
    return [domain.removeprefix("www.") for domain in domains]


def is_own(url: str) -> bool:
    """Whether the address lies on the authority's own site (K-45)."""
    return _lies_under(host_of(url), _bare(iter(_domains(own=True))))


def is_trusted(url: str) -> bool:
    """Whether the address lies on a site that is listed as free to read (K-46)."""
    return _lies_under(host_of(url), _bare(iter(_domains(own=False))))


def _domains(*, own: bool) -> list[str]:
    sites = TrustedSite.objects.filter(is_own=True) if own else TrustedSite.objects.all()
    return list(sites.values_list("domain", flat=True))


def mirror_is_twin() -> bool:
    """Our own mirror counts as the website twin only below the authority's domain (decision on K-45)."""
    return is_own(settings.PUBLIC_BASE_URL)


def message_for(post: Post) -> str:
    """The text as it is sent: links to our own site carry the post's token, by which we find it again."""
    if not post.link_token:
        return post.text
    own = _bare(iter(_domains(own=True)))
    pieces, done = [], 0
    for found in weighing.extract_urls_with_indices(post.text):
        ours = _lies_under(host_of(found.text), own)
        pieces += [post.text[done : found.start], with_token(found.text, post.link_token) if ours else found.text]
        done = found.end
    return "".join([*pieces, post.text[done:]])


def with_token(url: str, token: str) -> str:
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "t"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("t", token)])))


def has_twin(post: Post, situation: Situation) -> Iterator[Objection]:
    """What stands on the channel also stands on a free page, or a reason says why not (K-15, K-45)."""
    if post.twin_exception.strip() or mirror_is_twin():
        return
    if not post.twin_url:
        yield Objection(
            "twin.missing",
            "Bitte nennen Sie die Seite mit demselben Inhalt oder begründen Sie, warum es keine gibt.",
            "K-45",
            "twin_url",
        )
    elif not is_trusted(post.twin_url):
        yield Objection(
            "twin.missing",
            f"{host_of(post.twin_url) or 'Diese Adresse'} ist keine eigene und keine geprüfte freie Website. "
            "Bitte nennen Sie eine andere Seite oder begründen Sie die Ausnahme.",
            "K-45",
            "twin_url",
        )


def source_is_trusted(post: Post, situation: Situation) -> Iterator[Objection]:
    """A source outside the list is allowed, the second person confirms it with the Freigabe (K-46)."""
    if post.source_url and not is_trusted(post.source_url):
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
