"""What a director reads of a Beitrag in a mail, and what never leaves the house."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.files.base import ContentFile
from PIL import Image

from editorial.actions import approval, drafting, notices, reminding, scheduling
from editorial.actions.media import small_copy
from editorial.clock import BERLIN
from editorial.enums import MailWay, Role
from editorial.models import Channel, Notice, Post, Topic
from editorial.models.media import small_name
from tests.factories import ConsentFactory, FilmFactory, MediumFactory, PartnerFactory, PostFactory, person
from tests.mailing import mail_server

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 10, tzinfo=BERLIN)
SLOT = dt.datetime(2026, 11, 26, 9, tzinfo=BERLIN)
MINUTE = dt.timedelta(minutes=1)
TEXT = "Wir sind am Mittwoch <ab acht> für Sie da & beraten."


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def post_office(settings):
    with mail_server(settings) as catcher:
        yield catcher


@pytest.fixture(autouse=True)
def director():
    return person(Role.GF)


def waiting(**fields):
    author = person(email="")
    return approval.submit(
        PostFactory(**{"text": TEXT, "slot": SLOT, "written_by": author} | fields), by=author, at=NOW
    )


def mailed(post_office, at=NOW + 2 * MINUTE):
    notices.mail_due(at)
    return post_office.mails[-1]


def bodies(mail):
    return [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]


def picture(**fields):
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(out, "JPEG")
    medium = MediumFactory(file=ContentFile(out.getvalue(), name="gross.jpg"), **fields)
    medium.file.storage.save(small_name(medium.file.name), ContentFile(small_copy(out.getvalue())))
    return medium


def pictures_in(mail):
    return [part for part in mail.walk() if part.get_content_maintype() == "image"]


def test_the_mail_carries_the_whole_beitrag_with_deadline_and_one_link_behind_the_log_in(post_office):
    post = waiting()
    text, html = bodies(mailed(post_office))
    address = f"http://localhost:8000/redaktion/freigaben/{post.pk}/"
    assert f"> {TEXT}" in text
    assert "Wir sind am Mittwoch &lt;ab acht&gt; für Sie da &amp; beraten." in html
    for body in (text, html):
        assert "Do, 26. November 2026, 09:00 Uhr" in body
        assert "Fassung 1 von Probe Person" in body
        assert body.count("http") == body.count(address) == 1
        assert "nicht aus dieser Mail" in body


def test_a_picture_stands_small_in_the_html_part_and_as_words_in_the_plain_one(post_office):
    medium = picture(alt_text="Das neue Haus in der Neustadt")
    waiting(media=[medium])
    mail = mailed(post_office)
    text, html = bodies(mail)
    assert "Bild: Das neue Haus in der Neustadt" in text
    (part,) = pictures_in(mail)
    cid = part["Content-ID"].strip("<>")
    assert f'<img src="cid:{cid}" alt="Das neue Haus in der Neustadt">' in html
    assert (part.get_content_type(), part.get_content_disposition()) == ("image/jpeg", "inline")
    assert max(Image.open(io.BytesIO(part.get_content())).size) == 480
    assert mail.get_content_type() == "multipart/related"


def test_a_picture_whose_file_is_gone_still_has_its_words(post_office):
    medium = picture(alt_text="Das neue Haus in der Neustadt")
    waiting(media=[medium])
    for name in (medium.file.name, small_name(medium.file.name)):
        medium.file.storage.delete(name)
    mail = mailed(post_office)
    assert pictures_in(mail) == []
    assert all("Das neue Haus in der Neustadt" in body for body in bodies(mail))
    assert "<img" not in bodies(mail)[1]


def test_a_video_is_named_as_one(post_office):
    waiting(media=[FilmFactory(transcript="Musik, dann die Öffnungszeiten.", alt_text="Die Tür geht auf")])
    assert "Video: Die Tür geht auf" in bodies(mailed(post_office))[0]


def story():
    return {"topic": Topic.objects.get(slug="vorzeigegeschichten"), "consents": [ConsentFactory()]}


PRIVATE = {
    "Vorzeigegeschichte": story,
    "Einwilligung": lambda: {"consents": [ConsentFactory()]},
    "Personen zu erkennen": lambda: {"media": [picture(shows_people=True)]},
    "einzelnen Menschen": lambda: {"text": "Frau Beispiel fand Arbeit."},
    "Angaben": lambda: {"text": "Bitte antworten Sie @maxmuster."},
    "darin": lambda: {"media": [picture(alt_text="Plakat: rufen Sie an unter 0171 2345678")]},
    "Menschen stehen": lambda: {"media": [FilmFactory(transcript="Herr Muster erzählt.")]},
    "zu einzelnen": lambda: {"text": "Ihr Antrag liegt vor."},
}


@pytest.mark.parametrize("why", PRIVATE)
def test_where_single_people_may_be_meant_the_mail_stays_short_and_says_why(post_office, why):
    fields = PRIVATE[why]()
    post = PostFactory(**{"text": TEXT, "slot": SLOT} | fields)
    Post.objects.filter(pk=post.pk).update(state="in_review", submitted_at=NOW)
    Topic.objects.filter(slug="vorzeigegeschichten").update(needs_consent=True)
    key = f"freigabe-{post.pk}-x"
    path = f"/redaktion/freigaben/{post.pk}/"
    notices.tell("submitted", notices.staff(Role.GF), words="Ein Beitrag wartet.", path=path, key=key, at=NOW)
    mail = mailed(post_office)
    for body in bodies(mail):
        assert "Den Text lesen Sie nur nach der Anmeldung, weil" in body
        assert why in body
        assert path in body
        assert post.text[:20] not in body
        assert not any(medium.alt_text in body for medium in post.ordered_media())
    assert pictures_in(mail) == []


def test_our_own_account_and_a_partners_are_no_single_people(post_office):
    Channel.objects.update(handle="@jobcenter_hb")
    PartnerFactory(handle="@traeger_hb")
    waiting(text="Mit @Traeger_HB und @jobcenter_hb.")
    assert "> Mit @Traeger_HB" in bodies(mailed(post_office))[0]


def test_the_reminder_carries_it_as_well(post_office):
    waiting()
    mailed(post_office)
    reminding.watch(SLOT - dt.timedelta(hours=8))
    text, _ = bodies(mailed(post_office, SLOT - dt.timedelta(hours=7)))
    assert "Erinnerung:" in text
    assert f"> {TEXT}" in text


def test_so_does_the_mail_about_a_new_moment(post_office, director):
    post = waiting()
    post = approval.approve(post, by=director, seen_digest=post.digest(), at=NOW)
    scheduling.reschedule(post, SLOT + 60 * MINUTE, by=person(), at=NOW)
    text, _ = bodies(mailed(post_office))
    assert "Neuer Termin:" in text
    assert "Soll erscheinen: Do, 26. November 2026, 10:00 Uhr" in text
    assert f"> {TEXT}" in text


def test_once_a_day_only_the_short_form_comes(post_office, director):
    director.mail_way = MailWay.DAILY
    director.save()
    waiting()
    mail = mailed(post_office, NOW + dt.timedelta(days=1))
    assert not any("Wir sind am Mittwoch" in body for body in bodies(mail))
    assert "/redaktion/mitteilungen/" in bodies(mail)[0]


def test_whoever_is_no_director_any_more_reads_the_short_form(post_office, director):
    waiting()
    director.groups.clear()
    assert not any("Wir sind am Mittwoch" in body for body in bodies(mailed(post_office)))


def test_the_text_is_that_of_the_moment_of_mailing_and_a_change_is_named(post_office):
    post = waiting()
    drafting.save(post, {"text": "Wir sind erst ab neun da."}, by=person(), at=NOW + MINUTE)
    text, html = bodies(mailed(post_office))
    assert "> Wir sind erst ab neun da." in text
    assert TEXT not in text
    for body in (text, html):
        assert "Seit dieser Mitteilung wurde der Beitrag geändert." in body
    assert not any("ab neun" in words for words in Notice.objects.values_list("words", flat=True))


@pytest.mark.breaks("I8 Beitrag")
def test_what_was_decided_while_the_mail_was_written_is_said_without_the_text(post_office):
    post = waiting()
    Post.objects.filter(pk=post.pk).update(state="draft")
    for body in bodies(mailed(post_office)):
        assert "Darüber ist inzwischen entschieden." in body
        assert "Wir sind am Mittwoch" not in body


def test_what_was_decided_before_is_not_mailed_at_all(post_office, director):
    post = waiting()
    approval.approve(post, by=director, seen_digest=post.digest(), at=NOW)
    assert notices.mail_due(NOW + 2 * MINUTE) == 0


def test_a_director_who_wrote_on_it_meanwhile_is_not_asked_to_decide(post_office, director):
    post = waiting()
    drafting.save(post, {"text": "Von mir."}, by=director, at=NOW + MINUTE)
    assert "Sie haben inzwischen daran geschrieben" in bodies(mailed(post_office))[0]


def test_of_many_in_one_mail_three_stand_there_whole_and_each_has_its_link(post_office):
    posts = [waiting(text=f"Folge {number}.") for number in range(5)]
    text, html = bodies(mailed(post_office))
    assert [f"> Folge {number}." in text for number in range(5)] == [True, True, True, False, False]
    for body in (text, html):
        assert body.count("weil diese Mail sonst zu lang wird") == 2
        assert all(f"/redaktion/freigaben/{post.pk}/" in body for post in posts)
