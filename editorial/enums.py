"""The words of the house: stored value in English, label in German."""

from django.db.models import TextChoices


class Role(TextChoices):
    PROE = "proe", "PRÖ"
    GF = "gf", "Geschäftsführung"
    FACH = "fach", "Fachberatung"
    ADMIN = "admin", "Administration"
    DSB = "dsb", "Datenschutz"


class PostKind(TextChoices):
    POST = "post", "Eigener Beitrag"
    RETWEET = "retweet", "Retweet"


class MediumKind(TextChoices):
    PICTURE = "picture", "Bild"
    VIDEO = "video", "Video"


class AiMark(TextChoices):
    CREATED = "created", "Ja, mit KI erzeugt"
    EDITED = "edited", "Ja, mit KI bearbeitet"


class NoticeKind(TextChoices):
    """What somebody is told in the application and by mail."""

    SUBMITTED = "submitted", "Wartet auf Freigabe"
    APPROVED = "approved", "Freigegeben"
    RETURNED = "returned", "Zurückgegeben"
    MOVED = "moved", "Neuer Termin"
    REMINDED = "reminded", "Erinnerung"
    URGENT = "urgent", "Es eilt"
    CASE = "case", "Braucht Ihre Klärung"
    RIGHTS_ENDING = "rights_ending", "Bildrechte enden"
    QUESTION = "question", "Frage an Sie"
    OPINION = "opinion", "Antwort der Fachberatung"
    NO_OPINION = "no_opinion", "Keine Antwort der Fachberatung"
    LINK = "link", "Link nicht in Ordnung"
    CONSENT_ENDING = "consent_ending", "Einwilligung endet"
    CONSENT_ENDED = "consent_ended", "Einwilligung beendet"
    WITHDRAWAL = "withdrawal", "Widerruf eingegangen"
    ACCESS = "access", "Zugangsregister"


class AccessKind(TextChoices):
    """How somebody gets at the channel on the platform: always as oneself, never by a password that others know."""

    DELEGATED_ADMIN = "delegated_admin", "Delegation als Administrator:in"
    DELEGATED_WRITER = "delegated_writer", "Delegation als Mitwirkende:r"


class MailWay(TextChoices):
    """How the mails of notices reach a person."""

    AT_ONCE = "at_once", "Sofort"
    DAILY = "daily", "Einmal am Tag um 7:30 Uhr"
    NEVER = "never", "Gar nicht, nur hier in der Anwendung"


class Agreement(TextChoices):
    """How the staff council's participation ended."""

    AGREED = "agreed", "Einigung"
    INFORMED = "informed", "Zur Kenntnis genommen"
    OPEN = "open", "Noch offen"
    REFUSED = "refused", "Abgelehnt"


class Crop(TextChoices):
    WIDE = "16:9", "Querformat 16:9"
    SQUARE = "1:1", "Quadrat 1:1"
    TALL = "4:5", "Hochformat 4:5"


class PostState(TextChoices):
    IDEA = "idea", "Idee"
    DRAFT = "draft", "Entwurf"
    IN_REVIEW = "in_review", "In Freigabe"
    APPROVED = "approved", "Freigegeben"
    WITHDRAWN = "withdrawn", "Zurückgezogen"


class DeliveryState(TextChoices):
    SCHEDULED = "scheduled", "Geplant"
    SENDING = "sending", "Wird gesendet"
    PUBLISHED = "published", "Veröffentlicht"
    UNKNOWN = "unknown", "Unbekannt"
    NEEDS_DECISION = "needs_decision", "Entscheidung nötig"
    MISSED = "missed", "Verpasst"
    BLOCKED = "blocked", "Blockiert"
    CANCELLED = "cancelled", "Angehalten"
    TAKEDOWN_DUE = "takedown_due", "Wird gelöscht"
    DELETED = "deleted", "Gelöscht"


# A delivery in one of these may still change something on the channel, or has done so.
LIVE_DELIVERY_STATES = (
    DeliveryState.SCHEDULED,
    DeliveryState.SENDING,
    DeliveryState.PUBLISHED,
    DeliveryState.UNKNOWN,
    DeliveryState.NEEDS_DECISION,
    DeliveryState.TAKEDOWN_DUE,
)
# Something of it has, or may have, left the house: the text can no longer be changed.
SENT_DELIVERY_STATES = (
    DeliveryState.SENDING,
    DeliveryState.PUBLISHED,
    DeliveryState.UNKNOWN,
    DeliveryState.NEEDS_DECISION,
    DeliveryState.TAKEDOWN_DUE,
    DeliveryState.DELETED,
)


class ConsultationState(TextChoices):
    """What became of a question to the Fachberatung (K-37)."""

    ASKED = "asked", "Offen"
    ANSWERED = "answered", "Beantwortet"
    WITHDRAWN = "withdrawn", "Zurückgezogen"
    LAPSED = "lapsed", "Frist vorbei"
    GONE_ON = "gone_on", "Ohne Antwort weiter"


UNANSWERED_STATES = (ConsultationState.ASKED, ConsultationState.LAPSED)


class Opinion(TextChoices):
    """What the Fachberatung says. It advises, it does not decide."""

    FINE = "fine", "Keine Einwände"
    CHANGE = "change", "Änderungsvorschlag"
    CONCERNS = "concerns", "Bedenken"


class ConsentState(TextChoices):
    """How far the consent of one person holds (K-58)."""

    PREPARED = "prepared", "In Vorbereitung"
    EFFECTIVE = "effective", "Wirksam"
    RESTRICTED = "restricted", "Eingeschränkt"
    EXPIRED = "expired", "Abgelaufen"
    REVOKED = "revoked", "Widerrufen"
    ERASED = "erased", "Gelöscht"


HOLDING_STATES = (ConsentState.EFFECTIVE, ConsentState.RESTRICTED)


class ConsentUse(TextChoices):
    """What of a person may be shown."""

    FIRST_NAME = "first_name", "Vorname"
    FULL_NAME = "full_name", "Voller Name"
    PHOTO = "photo", "Foto"
    VIDEO = "video", "Video"
    VOICE = "voice", "Stimme"
    QUOTE = "quote", "Zitat oder Geschichte"
    WORKPLACE = "workplace", "Arbeitsplatz"


class ConsentPlace(TextChoices):
    """Where it may be shown."""

    WEBSITE = "website", "Website"
    X = "x", "X (früher Twitter)"
    MASTODON = "mastodon", "Mastodon"
    PRESS = "press", "Presse"
    PRINT = "print", "Gedrucktes"


class WithdrawalWay(TextChoices):
    """How a withdrawal reached the house; any way counts (Art. 7 (3) DSGVO)."""

    IN_PERSON = "in_person", "Persönlich"
    PHONE = "phone", "Telefon"
    MAIL = "mail", "E-Mail"
    LETTER = "letter", "Brief"
    WEBSITE = "website", "Formular auf der Website"


class ApprovalKind(TextChoices):
    REGULAR = "regular", "Freigabe"
    EXPRESS = "express", "Eilfreigabe"


class AttemptOutcome(TextChoices):
    STARTED = "started", "begonnen"
    PUBLISHED = "published", "veröffentlicht"
    NOT_SENT = "not_sent", "nicht gesendet"
    BUSY = "busy", "Kanal nimmt gerade nichts an"
    LOCKED = "locked", "Kanal gesperrt"
    REFUSED = "refused", "vom Kanal abgelehnt"
    ABSENT = "absent", "nachweislich nicht erschienen"
    UNKNOWN = "unknown", "Ausgang unbekannt"


class Evidence(TextChoices):
    """How we know that it is online."""

    ANSWER = "answer", "Antwort des Kanals"
    TIMELINE = "timeline", "gelesen auf dem Kanal"
    PERSON = "person", "von einer Person bestätigt"


class Reading(TextChoices):
    """What one look at the timeline came to. A failed look says nothing."""

    FOUND = "found", "gefunden"
    ABSENT = "absent", "nicht gefunden"
    FAILED = "failed", "nicht lesbar"


class CallKind(TextChoices):
    """What a paid network charges for, each at its own price."""

    POST = "post", "Beitrag"
    POST_WITH_LINK = "post_with_link", "Beitrag mit Link"
    REPOST = "repost", "Retweet"
    DELETE = "delete", "Löschen"
    MEDIA_METADATA = "media_metadata", "Angaben zum Bild"
    OWNED_READ = "owned_read", "Lesen der eigenen Beiträge"
    READ = "read", "Abruf eines Beitrags"
    USER_READ = "user_read", "Abruf eines Kontos"


class Payment(TextChoices):
    RESERVED = "reserved", "vorgemerkt"
    SPENT = "spent", "ausgegeben"
    RELEASED = "released", "nicht berechnet"


class ChannelStatus(TextChoices):
    ACTIVE = "active", "aktiv"
    RETIRED = "retired", "eingestellt"


class Figure(TextChoices):
    """What a channel tells us in numbers. Impressions and views are different things and never mixed."""

    FOLLOWERS = "followers", "Follower:innen"
    IMPRESSIONS = "impressions", "Impressionen"
    RETWEETS = "retweets", "Retweets"
    LIKES = "likes", "Likes"
    REPLIES = "replies", "Antworten"
    QUOTES = "quotes", "Zitate"
    BOOKMARKS = "bookmarks", "Lesezeichen"
    LINK_CLICKS = "link_clicks", "Link-Klicks"


class OrganisationKind(TextChoices):
    PARTNER = "partner", "Netzwerkpartner:in"
    COMPANY = "company", "Unternehmen"


class EntryKind(TextChoices):
    """The registers a Beitrag can refer to; the value is the name of the model in lower case."""

    OFFER = "offer", "Serviceangebote"
    EVENT = "event", "Veranstaltungen"
    APPOINTMENT = "appointment", "Termine der Geschäftsführung"
    READINGTIP = "readingtip", "Lesetipps"
    ARTICLE = "article", "Fachbeiträge"
    MENTION = "mention", "Medienspiegel"


class Paywall(TextChoices):
    FREE = "free", "frei lesbar"
    REGISTRATION = "registration", "nur mit Anmeldung"
    PAID = "paid", "bezahlt"
    UNCLEAR = "unclear", "unklar"


class LinkState(TextChoices):
    """What the machine found where a link leads."""

    UNCHECKED = "unchecked", "Noch nicht geprüft"
    GOOD = "good", "Erreichbar"
    PAID = "paid", "Hinter Bezahlschranke"
    MARKED = "marked", "Vielleicht hinter Bezahlschranke"
    LOG_IN = "log_in", "Verlangt Anmeldung"
    UNREACHABLE = "unreachable", "Nicht erreichbar"
    DEAD = "dead", "Führt ins Leere"
    REFUSED = "refused", "Wird nicht abgerufen"


class LinkOpinion(TextChoices):
    """What a person saw who opened the link."""

    FREE = "free", "Erreichbar und für alle frei lesbar"
    NOT_FREE = "not_free", "Nicht frei lesbar (Bezahlung oder Anmeldung nötig)"


class LinkPlace(TextChoices):
    SOURCE = "source", "Quelle"
    TWIN = "twin", "Seite mit demselben Inhalt"
    TEXT = "text", "Im Text"
    ENTRY = "entry", "Eintrag aus dem Register"
    ORIGINAL = "original", "Original des Retweets"


class BlockKind(TextChoices):
    TEMPLATE = "vorlage", "Vorlage"
    BLOCK = "baustein", "Baustein"
    HASHTAGS = "hashtags", "Hashtags"


class ReadingKind(TextChoices):
    STATISTICS = "statistics", "Statistik"
    IAB = "iab", "IAB-Beitrag"
    STUDY = "study", "Studie"
    PRESS = "press", "Medienbericht"


class Subject(TextChoices):
    LABOUR = "labour", "Arbeitsmarkt"
    DIGITAL = "digital", "Digitalisierung"


class About(TextChoices):
    """Whom a report in the media is about (K-64)."""

    HOUSE = "house", "das Jobcenter"
    DIRECTORS = "directors", "die Geschäftsführung"
    BOTH = "both", "beide"
    TOPIC = "topic", "nur unser Thema"


class Certainty(TextChoices):
    """How sure we are that a Beitrag of ours caused a report (K-73)."""

    SURE = "sure", "sicher"
    SUPPOSED = "supposed", "vermutet"


class Region(TextChoices):
    """Where something takes place (K-53, K-56)."""

    MITTE = "mitte", "Bremen-Mitte"
    NORD = "nord", "Bremen-Nord"
    OST = "ost", "Bremen-Ost"
    SUED = "sued", "Bremen-Süd"
    WEST = "west", "Bremen-West"
    BREMERHAVEN = "bremerhaven", "Bremerhaven"
    UMLAND = "umland", "Umland (Delmenhorst, Verden, Osterholz, Diepholz)"
    ONLINE = "online", "online"


IN_BREMEN = (Region.MITTE, Region.NORD, Region.OST, Region.SUED, Region.WEST)
