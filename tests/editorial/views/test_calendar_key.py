import pytest
from django.test import Client
from icalendar import Calendar

from editorial.enums import Role
from editorial.models import AuditEntry, CalendarKey
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db
ACCOUNT, KEY = "/konto/", "/konto/kalender/"


def made(client):
    """The path of a new key, as the account page shows it."""
    html = client.post(KEY, follow=True).content.decode()
    start = html.index("/redaktion/plan/abo/")
    return html[start : html.index('"', start)]


def test_a_calendar_reads_moment_first_words_and_state_and_nothing_else(login):
    post = PostFactory(text="Ein Satz über das Jobcenter. " * 10, written_by=person(last_name="Geheim"))
    answer = Client().get(made(login()))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "STATUS", "TRANSP"}
    assert str(event["summary"]) == f"Entwurf: {post.text[:80]}"
    assert event["dtstart"].dt == post.slot
    assert "Geheim" not in answer.content.decode()
    assert not answer.cookies


def test_the_address_is_shown_once_and_not_kept(login):
    client = login()
    path = made(client)
    assert path not in client.get(ACCOUNT).content.decode()
    key = path.rsplit("/", 1)[1].removesuffix(".ics")
    assert key not in CalendarKey.objects.get().digest
    assert list(AuditEntry.objects.values_list("step", "note")) == [("renew_calendar_key", "")]


def test_a_new_address_and_an_end_close_the_old_one(login):
    client = login()
    old = made(client)
    new = made(client)
    assert [Client().get(path).status_code for path in (old, new)] == [404, 200]
    html = client.post(KEY, {"entziehen": "1"}, follow=True).content.decode()
    assert "Das Abo ist beendet." in html
    assert (Client().get(new).status_code, CalendarKey.objects.count()) == (404, 0)


def test_the_key_of_somebody_who_left_or_changed_role_opens_nothing(login):
    client = login()
    path = made(client)
    client.person.groups.clear()
    assert Client().get(path).status_code == 404
    other = login()
    path = made(other)
    other.person.is_active = False
    other.person.save()
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DSB])
def test_who_may_not_read_the_plan_is_offered_no_subscription(login, role):
    client = login(role)
    assert "Plan im eigenen Kalender" not in client.get(ACCOUNT).content.decode()
    assert client.post(KEY).status_code == 403


def test_the_calendar_of_the_fachberatung_shows_what_is_approved_only(login):
    draft = PostFactory(text="Noch ein Entwurf")
    approved = DeliveryFactory(approval__post__text="Schon freigegeben").post
    found = {}
    for role in (Role.FACH, Role.GF):
        calendar = Calendar.from_ical(Client().get(made(login(role))).content)
        found[role] = {int(str(event["uid"]).partition("@")[0].removeprefix("beitrag-")) for event in calendar.events}
    assert found == {Role.FACH: {approved.pk}, Role.GF: {draft.pk, approved.pk}}
