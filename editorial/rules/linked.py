"""Where the links of a Beitrag lead, as the link check found it earlier: nobody is asked while rules are."""

from collections.abc import Iterator

from ..enums import LinkPlace, PostKind
from ..models import Post
from .base import Objection, Situation, hint
from .house_lists import Finding
from .known import host_of
from .links import PAYWALL_NOTE, addresses_in, mirror_is_twin

FIELDS = {
    LinkPlace.SOURCE: "source_url",
    LinkPlace.TWIN: "twin_url",
    LinkPlace.TEXT: "text",
    LinkPlace.ENTRY: "entry",
    LinkPlace.ORIGINAL: "retweet_url",
}


def linked_pages_are_free(post: Post, situation: Situation) -> Iterator[Objection]:
    """What one must pay for is not retweeted and named where we write of it; it is no twin (K-46, K-61, K-62)."""
    for place, url, found in _findings(post, situation):
        if not found.is_not_free:
            continue
        words = f"{host_of(url)} ist nicht frei zu lesen."
        if place == LinkPlace.TWIN:
            if not post.twin_exception.strip() and not mirror_is_twin(situation.known):
                words += " Bitte nennen Sie eine freie Seite mit demselben Inhalt."
                yield Objection("twin.missing", words, "K-46", "twin_url")
        elif post.kind == PostKind.RETWEET:
            yield Objection("retweet.not_free", f"{words} Es wird nicht retweetet.", "K-61", FIELDS[place])
        elif PAYWALL_NOTE not in post.text:
            words += f" Bitte schreiben Sie „{PAYWALL_NOTE}“ in den Text."
            yield Objection("paywall.note_missing", words, "K-62", "text")


def linked_pages_look_free(post: Post, situation: Situation) -> Iterator[Objection]:
    """Marks of a paywall or a log-in: a person looks and says what there is (K-46)."""
    for place, url, found in _findings(post, situation):
        if found.is_doubtful:
            words = f"{host_of(url)} sieht aus, als könnten nicht alle es lesen. "
            words += "Bitte sehen Sie nach und halten Sie es unter „Links“ fest."
            yield hint("source.not_free", words, "K-46", FIELDS[place])


def source_still_exists(post: Post, situation: Situation) -> Iterator[Objection]:
    """A source that is gone proves nothing (K-26); a person who can open it all the same says so with a reason."""
    for place, url, found in _findings(post, situation):
        if place == LinkPlace.SOURCE and found.is_dead:
            words = f"Die Quelle bei {host_of(url)} gibt es nicht mehr, oder sie ist nicht sicher zu öffnen. "
            words += "Bitte nennen Sie eine andere, oder sehen Sie nach und halten Sie es unter „Links“ fest."
            yield Objection("source.unreachable", words, "K-26", "source_url")


def links_can_be_reached(post: Post, situation: Situation) -> Iterator[Objection]:
    """What could not be reached may be down for an hour: a person decides (K-45, K-46)."""
    for place, url, found in _findings(post, situation):
        if place == LinkPlace.SOURCE and found.is_unreachable and not _decided(post):
            words = f"{host_of(url)} war nicht zu erreichen. Bitte sehen Sie nach, ob die Quelle noch da ist."
            yield hint("source.unreachable", words, "K-46", "source_url")
        elif place not in (LinkPlace.SOURCE, LinkPlace.ORIGINAL) and (found.is_dead or found.is_unreachable):
            words = f"{host_of(url)} war nicht zu erreichen. Bitte sehen Sie nach, ob die Adresse stimmt."
            yield hint("link.unreachable", words, "K-45", FIELDS[place])


def original_was_looked_at(post: Post, situation: Situation) -> Iterator[Objection]:
    """No machine can read what stands on the network: a person says whether the report is free (K-61)."""
    if post.source_url or post.entry:  # what the original is about is known, and looked at there
        return
    for place, url, found in _findings(post, situation):
        if place == LinkPlace.ORIGINAL and found.is_unreachable:
            words = f"Bei {host_of(url)} kann die Prüfung nicht nachsehen. Führt das Original zu einem Bericht? "
            words += "Bitte sehen Sie nach, ob er frei zu lesen ist, und halten Sie es unter „Links“ fest."
            yield hint("retweet.not_looked_at", words, "K-61", "retweet_url")


def _decided(post: Post) -> bool:
    """A person's word about a source that could not be looked at."""
    return bool(post.source_decision and post.source_reason.strip())


def _findings(post: Post, situation: Situation) -> Iterator[tuple[LinkPlace, str, Finding]]:
    known = situation.known.lists.links
    if known:
        yield from ((place, url, known[url]) for place, url in addresses_in(post) if url in known)
