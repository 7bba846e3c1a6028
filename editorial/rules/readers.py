"""Everybody can read it, and it speaks to everybody: hints, because a person knows the context."""

from collections.abc import Iterator

from ..enums import PostKind
from ..lint import readers
from ..models import Post
from .base import Objection, Situation, hint, passage
from .house_lists import MOST_WITHOUT_PICTURE
from .known import host_of

ADVERTISED_TOPIC = "unternehmen"
LEAST_ALT_WORDS = 3


def nothing_needs_an_account(post: Post, situation: Situation) -> Iterator[Objection]:
    """Nothing is kept from people who do not use the network (K-47), and sources are free to read (K-46)."""
    if span := readers.member_link(post.text):
        found = passage(post.text, *span)
        words = f"„{found.words}“ ist ohne Konto nicht ganz zu lesen. Bitte nennen Sie auch eine freie Seite."
        yield hint("text.needs_account", words, "K-47", "text", found)
    if span := readers.only_there(post.text):
        found = passage(post.text, *span)
        words = f"„{found.words}“ findet nur, wer im Netzwerk ist. Auf unserer Website führt es ins Leere."
        yield hint("text.needs_account", words, "K-47", "text", found)
    if post.source_url and readers.is_members_only(post.source_url):
        words = f"{host_of(post.source_url)} ist ohne Konto nicht ganz zu lesen. Bitte nennen Sie eine freie Quelle."
        yield hint("source.needs_account", words, "K-46", "source_url")


def private_matters_stay_away(post: Post, situation: Situation) -> Iterator[Objection]:
    """No administrative act and no personal message in a social network (G-05, G-06)."""
    if span := readers.private_message(post.text):
        found = passage(post.text, *span)
        words = f"„{found.words}“: Persönliche Anliegen gehören nicht in ein soziales Netzwerk. "
        words += "Bitte nennen Sie einen sicheren Weg, zum Beispiel Telefon oder Onlineportal."
        yield hint("text.private_message", words, "G-05", "text", found)


def nobody_is_answered_here(post: Post, situation: Situation) -> Iterator[Objection]:
    """General information only, no single case (K-52)."""
    if post.kind == PostKind.POST and (span := readers.reply(post.text)):
        found = passage(post.text, *span)
        words = f"Der Text beginnt mit „{found.words.strip()}“ und ist damit eine Antwort an eine Person. "
        words += "Ein Beitrag richtet sich an alle."
        yield hint("text.single_case", words, "K-52", "text", found)
    if span := readers.one_case(post.text):
        found = passage(post.text, *span)
        words = f"„{found.words}“ klingt nach einem einzelnen Fall. Hier stehen nur allgemeine Auskünfte."
        yield hint("text.single_case", words, "K-52", "text", found)


def names_need_a_consent(post: Post, situation: Situation) -> Iterator[Objection]:
    """Somebody who is named has agreed (K-58); the house's own people are not named at all (G-08)."""
    if (span := readers.person_named(post.text)) and not post.consents.all():
        found = passage(post.text, *span)
        words = f"„{found.words}“: Wer genannt wird, muss einverstanden sein. Beschäftigte nennen wir nicht."
        yield hint("text.person_named", words, "K-58", "text", found)


def nobody_takes_sides(post: Post, situation: Situation) -> Iterator[Objection]:
    """The house is neutral towards parties (G-10) and advertises nobody (K-55)."""
    if span := readers.party(post.text):
        found = passage(post.text, *span)
        words = f"„{found.words}“ ist eine Partei. Wir bleiben neutral: Bitte prüfen Sie, ob der Name nötig ist."
        yield hint("text.party", words, "G-10", "text", found)
    if post.topic and post.topic.slug == ADVERTISED_TOPIC and (span := readers.advertising(post.text)):
        found = passage(post.text, *span)
        yield hint("text.advertising", f"„{found.words}“ klingt nach Werbung.", "K-55", "text", found)


def alternative_texts_tell_something(post: Post, situation: Situation) -> Iterator[Objection]:
    """An alternative text tells in words what is to be seen (G-11)."""
    for medium in post.ordered_media():
        alt = medium.alt_text.strip()
        if alt and readers.says_picture_of(alt):
            words = f"„{medium.title}“: Dass es ein Bild ist, sagt das Vorleseprogramm. Beschreiben Sie es gleich."
        elif alt and len(alt.split()) < LEAST_ALT_WORDS:
            words = f"„{medium.title}“: Der Alternativtext ist sehr kurz. Was ist zu sehen, was ist wichtig?"
        else:
            continue
        yield hint("media.alt_short", words, "G-11", "media")


def pictures_come_now_and_then(post: Post, situation: Situation) -> Iterator[Objection]:
    """Not always but regularly with a picture (K-48). Asked while a Beitrag is made, not when it goes out."""
    if situation.delivery or post.kind == PostKind.RETWEET or post.ordered_media():
        return
    if situation.known.lists.no_picture_lately:
        yield hint(
            "media.none_for_long",
            f"Die letzten {MOST_WITHOUT_PICTURE} Beiträge hatten kein Bild. Passt hier eines dazu?",
            "K-48",
            "media",
        )
