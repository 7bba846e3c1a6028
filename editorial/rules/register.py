"""Every rule with the sentence people read, the clauses it serves and its strength.

``CONTENT`` is what every Beitrag is asked, in this order: a new rule is a function and a line here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..models import Post
from . import (
    approval,
    budget,
    channel,
    consent,
    consultation,
    entries,
    films,
    language,
    linked,
    links,
    media,
    personal,
    readers,
    text,
    timing,
    topic,
)
from .base import Objection, Rule, Situation

LAW, NETWORK, FREE, FOUR_EYES = (
    "Das verlangt das Gesetz.",
    "Anders nimmt es das Netzwerk nicht.",
    "Alle dürfen alles lesen: Das steht fest.",
    "Vier Augen und ein nachvollziehbarer Ablauf: Das steht fest.",
)
ADVICE = "Die Fachberatung berät, sie entscheidet nicht."


@dataclass(frozen=True)
class About:
    """``blocks``: its own strength. ``fixed``: why nobody can change that; empty where it can be changed."""

    rule: Rule
    sentence: str
    clauses: tuple[str, ...]
    blocks: bool = True
    fixed: str = ""

    @property
    def name(self) -> str:
        return self.rule.__name__


def _hint(rule: Rule, sentence: str, *clauses: str) -> About:
    return About(rule, sentence, clauses, blocks=False)


CONTENT = (
    About(text.text_is_written, "Ein Beitrag hat einen Text, ein Retweet eine Zusammenfassung.", ("K-47",), fixed=FREE),
    _hint(language.gaps_are_filled, "Jede Lücke einer Vorlage ist ausgefüllt.", "K-16"),
    About(text.text_fits, "Der Text ist nicht länger als erlaubt.", ("K-16",), fixed=NETWORK),
    About(text.letters_are_letters, "Der Text besteht aus Buchstaben, die man vorlesen kann.", ("G-11",), fixed=LAW),
    About(text.machine_text_has_an_editor, "Für den Text steht ein Mensch ein.", ("G-15",), fixed=LAW),
    _hint(text.text_says_something_new, "Der Text sagt etwas, das nicht schon ein anderer sagt.", "K-44"),
    About(personal.no_personal_data, "Nichts weist auf einen einzelnen Menschen hin.", ("K-52", "G-05"), fixed=LAW),
    _hint(readers.names_need_a_consent, "Wer mit Namen genannt wird, ist einverstanden.", "K-58", "G-08"),
    _hint(readers.private_matters_stay_away, "Persönliche Anliegen bleiben außerhalb des Netzwerks.", "G-05", "G-06"),
    _hint(readers.nobody_is_answered_here, "Ein Beitrag gibt Auskunft für alle, nicht für einen Fall.", "K-52", "G-06"),
    _hint(readers.nobody_takes_sides, "Wir sind neutral und machen keine Werbung.", "G-10", "K-55"),
    _hint(language.house_style, "Wir schreiben mit Doppelpunkt.", "K-81"),
    _hint(language.words_are_for_everybody, "Die Wörter meinen alle Menschen.", "K-81"),
    _hint(language.hashtags_show_their_words, "In Hashtags beginnt jedes Wort groß.", "G-11"),
    _hint(language.emoji_are_few, "Emoji sind selten und stehen am Ende.", "G-11"),
    _hint(language.abbreviations_are_explained, "Abkürzungen sind bekannt oder erklärt.", "K-11"),
    _hint(language.sentences_are_short, "Die Sätze sind kurz.", "K-10"),
    _hint(language.text_is_easy_to_read, "Der Text ist leicht zu lesen.", "K-10"),
    About(links.retweet_has_original, "Ein Retweet nennt sein Original.", ("K-44",), fixed=NETWORK),
    About(topic.topic_is_chosen, "Jeder Beitrag hat eines der zehn Themen.", ("K-50",)),
    About(topic.audience_is_chosen, "Jeder Beitrag nennt mindestens eine Zielgruppe.", ("K-22",)),
    About(
        topic.duties_of_the_topic_are_met,
        "Jedes Thema bringt mit, was es verlangt: Mehrwert, Organisation und Einverständnis, Quelle.",
        ("K-54", "K-55", "K-57", "K-59", "K-63", "K-64"),
    ),
    About(
        entries.entry_is_chosen,
        "Sechs Themen sprechen von einem Eintrag aus dem Register.",
        ("K-51", "K-53", "K-56", "K-59", "K-60", "K-63", "K-64"),
    ),
    About(entries.entry_is_current, "Von Archiviertem ist nicht mehr die Rede.", ("K-51", "K-54")),
    About(entries.offer_still_holds, "Das Serviceangebot gilt noch.", ("K-51",)),
    About(
        entries.event_can_be_visited,
        "Die Veranstaltung liegt noch vor uns, Ort und Barrierefreiheit sind bekannt.",
        ("K-53",),
    ),
    About(
        entries.appointment_is_released,
        "Der Termin ist freigegeben; wo jemand sein wird, steht nur dann vorher da, wenn es öffentlich ist.",
        ("K-56",),
        fixed=FOUR_EYES,
    ),
    About(entries.article_was_checked, "Der Fachbeitrag ist auf Neutralität geprüft.", ("K-63",)),
    About(entries.partner_is_a_company, "Eine Kooperation mit einem Unternehmen nennt ein Unternehmen.", ("K-55",)),
    About(entries.retweeted_report_is_free, "Retweetet wird nur, was frei zu lesen ist.", ("K-61",), fixed=FREE),
    About(entries.paywall_is_named, "Was nicht frei zu lesen ist, heißt Bezahlinhalt.", ("K-62",), fixed=FREE),
    About(text.figures_have_a_source, "Was gezählt oder gemessen wurde, hat eine Quelle.", ("K-26",)),
    _hint(links.source_is_trusted, "Die Quelle steht auf der Liste geprüfter Seiten.", "K-46"),
    About(
        linked.linked_pages_are_free,
        "Wohin wir verlinken, können alle lesen; sonst steht es dabei.",
        ("K-46", "K-61", "K-62"),
        fixed=FREE,
    ),
    _hint(linked.linked_pages_look_free, "Was nach Bezahlschranke oder Anmeldung aussieht, sieht jemand an.", "K-46"),
    _hint(linked.original_was_looked_at, "Was wir retweeten, hat jemand angesehen.", "K-61"),
    About(linked.source_still_exists, "Die Quelle gibt es noch.", ("K-26",)),
    _hint(linked.links_can_be_reached, "Jeder Link führt zu einer Seite.", "K-45", "K-46"),
    About(links.has_twin, "Dasselbe steht auf einer freien Website.", ("K-15", "K-45"), fixed=FREE),
    _hint(readers.nothing_needs_an_account, "Nichts ist nur mit einem Konto zu verstehen.", "K-46", "K-47"),
    About(media.pictures_are_described, "Jedes Bild hat einen Alternativtext.", ("K-49", "G-11"), fixed=LAW),
    About(films.videos_can_be_read, "Jedes Video hat Untertitel und eine Textfassung.", ("K-49", "G-11"), fixed=LAW),
    _hint(readers.alternative_texts_tell_something, "Der Alternativtext sagt, was zu sehen ist.", "G-11"),
    _hint(readers.pictures_come_now_and_then, "Immer wieder ist ein Bild dabei.", "K-48"),
    About(media.picture_rights_are_clear, "Die Rechte am Bild sind geklärt.", ("K-49", "G-13"), fixed=LAW),
    _hint(media.pictures_have_a_purpose, "Jedes Bild hat einen Zweck.", "K-49"),
    About(
        media.artificial_people_are_named, "Künstlich gezeigte Menschen sind als solche benannt.", ("G-15",), fixed=LAW
    ),
    About(media.not_too_many_pictures, "Es sind höchstens vier Bilder.", ("K-16",), fixed=NETWORK),
    About(films.a_video_stands_alone, "Ein Video steht allein.", ("K-16",), fixed=NETWORK),
    About(
        consent.everyone_shown_has_consented,
        "Wer gezeigt wird, hat eingewilligt, und die Einwilligung gilt am Tag des Sendens.",
        ("K-58",),
        fixed=LAW,
    ),
    About(
        consultation.experts_were_heard,
        "Bei markierten Themen hat die Fachberatung geantwortet, oder es gibt einen Grund, nicht länger zu warten.",
        ("K-37",),
    ),
    About(
        consultation.opinions_are_known,
        "Wer entscheidet, kennt das Votum der Fachberatung.",
        ("K-37",),
        blocks=False,
        fixed=ADVICE,
    ),
    _hint(timing.slot_is_usual, "Der Termin liegt an einem Werktag und allein in seiner Stunde.", "K-44"),
    _hint(timing.slot_is_in_no_quiet_time, "Vor Wahlen halten wir uns besonders zurück.", "G-10"),
)


def _step(rule: Rule, sentence: str, *clauses: str) -> About:
    return About(rule, sentence, clauses, fixed=FOUR_EYES)


AROUND_SENDING = (
    _step(approval.four_eyes, "Niemand gibt die eigene Arbeit frei.", "K-26"),
    _step(approval.seen_as_it_is, "Freigegeben wird, was auf dem Bildschirm stand.", "K-26"),
    _step(approval.unchanged_since_approval, "Gesendet wird, was freigegeben wurde.", "K-26"),
    _step(approval.slot_is_the_approved_one, "Der Termin ist der freigegebene.", "K-26"),
    _step(approval.approved_slot_lies_ahead, "Der freigegebene Termin liegt noch vor uns.", "K-38"),
    _step(approval.nothing_left_the_house, "Was gesendet ist, bleibt, wie es ist.", "K-25"),
    _step(approval.post_check_is_open, "Nachgeprüft wird, was im Eilweg hinausging.", "K-17"),
    _step(approval.not_the_express_approver, "Die Nachprüfung macht eine andere Person.", "K-26"),
    _step(approval.no_open_resend, "Erneutes Senden wird nur einmal vorgeschlagen.", "K-26"),
    _step(approval.resend_is_asked_by_another, "Erneutem Senden stimmt eine zweite Person zu.", "K-26"),
    _step(approval.senders_are_trained, "Wer zur Freigabe gibt oder sendet, ist geschult.", "G-09"),
    _step(approval.senders_hold_access, "Sofort sendet, wer Zugang zum Kanal hat.", "K-35", "K-36"),
    _step(approval.has_no_open_delivery, "Ein Beitrag ist je Kanal nur einmal eingeplant.", "K-38"),
    _step(approval.has_scheduled_delivery, "Angehalten wird nur, was eingeplant ist.", "K-38"),
    _step(approval.has_published_delivery, "Gelöscht wird nur, was veröffentlicht ist.", "K-25"),
    _step(consultation.question_is_for_this_person, "Es antwortet, wer gefragt ist.", "K-37"),
    _step(consultation.beitrag_is_still_wanted, "Geantwortet wird, solange es den Beitrag gibt.", "K-37"),
    _step(consultation.opinion_is_about_what_was_read, "Ein Votum gilt dem, was zu lesen war.", "K-37"),
    _step(consultation.deadline_is_over, "Ohne Antwort geht es erst nach der Frist weiter.", "K-37"),
    _step(consultation.something_was_proposed, "Übernommen wird, was vorgeschlagen wurde.", "K-37"),
    _step(timing.slot_lies_ahead, "Der Termin liegt in der Zukunft.", "K-38"),
    _step(timing.slot_lies_within_grace, "Freigegeben wird spätestens kurz nach dem Termin.", "K-38"),
    _step(timing.slot_is_not_over, "Gesendet wird nichts, dessen Zeit vorbei ist.", "K-38"),
    _step(approval.no_express_where_two_decide, "Wo zwei entscheiden, gibt es keinen Eilweg.", "G-10", "K-58"),
    _step(
        approval.two_directors_decide,
        "Vor Wahlen und über besonders geschützte Angaben entscheiden zwei Geschäftsführer:innen.",
        "G-10",
        "K-58",
    ),
    _step(approval.first_of_two_is_wanted, "Mitgezeichnet wird nur, wo zwei entscheiden.", "G-10", "K-58"),
    _step(budget.month_has_money, "Das Geld des Monats reicht."),
    _step(channel.sending_is_on, "Es ist keine Sendepause.", "G-16"),
    _step(channel.channel_takes_posts, "Der Kanal nimmt Beiträge an.", "G-16"),
    _step(channel.is_sent_by_the_application, "Was jemand von Hand sendet, sendet die Anwendung nicht.", "K-38"),
    _step(channel.is_posted_by_hand, "Von Hand gesendet wird nur auf Kanälen, die so geführt werden.", "K-38"),
)
REGISTER: dict[str, About] = {about.name: about for about in (*CONTENT, *AROUND_SENDING)}


@cache
def quotes() -> dict[str, str]:
    """The words of each clause that a rule names."""
    path = Path(__file__).resolve().parent.parent / "data" / "clauses.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def is_changeable(name: str) -> bool:
    return name in REGISTER and not REGISTER[name].fixed


def with_strength(rule: Rule, post: Post, situation: Situation, found: Iterable[Objection]) -> list[Objection]:
    """What the rule said, in the strength the house has agreed on: for this Beitrag, else for all.

    What is stricter now does not stop what was approved before.
    """
    said = list(found)
    if not said or not is_changeable(rule.__name__):
        return said
    strengths = situation.known.lists.strengths
    blocks = strengths.get((rule.__name__, post.pk), strengths.get((rule.__name__, None)))
    if blocks is None or (blocks and situation.delivery):
        return said
    return [replace(objection, blocks=blocks) for objection in said]
