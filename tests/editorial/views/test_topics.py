"""Settings of the Fachberatung: which departments there are, which topics need them."""

import pytest

from editorial.enums import Role
from editorial.models import AuditEntry, Department, Topic
from tests.factories import ConsultationFactory, DepartmentFactory, PostFactory, person

pytestmark = pytest.mark.django_db

DEPARTMENTS = "/redaktion/einstellungen/listen/abteilungen/"


def test_departments_are_a_list_of_the_house_and_their_members_are_in_the_record(login):
    client, expert = login(), person(Role.FACH)
    client.post(DEPARTMENTS, {"name": "Leistung", "members": [expert.pk]})
    house = Department.objects.get()
    assert list(house.members.all()) == [expert]
    assert str(expert) in client.get(DEPARTMENTS).content.decode()
    client.post(f"{DEPARTMENTS}{house.pk}/", {"name": "Leistung", "members": []})
    notes = list(AuditEntry.objects.order_by("position").values_list("note", flat=True))
    assert notes == [f"Leistung: user {expert.pk}", "Leistung: "]


def test_a_department_that_was_asked_stays(login):
    client, asked = login(), ConsultationFactory(person=None, department=DepartmentFactory(name="Leistung"))
    page = client.post(f"{DEPARTMENTS}{asked.department.pk}/", {"entfernen": "1"}, follow=True)
    assert "Leistung bleibt in der Liste: Es gibt Anfragen dazu." in page.content.decode()
    assert AuditEntry.objects.count() == 0


TOPIC = "/redaktion/einstellungen/themen/dienstleistungen/"


def test_proe_marks_a_topic_others_read(login):
    assert "freiwillig" in login(Role.GF).get(TOPIC).content.decode()
    assert login(Role.GF).post(TOPIC, {"needs_consultation": "on"}).status_code == 403
    page = login().post(TOPIC, {"needs_consultation": "on"}, follow=True).content.decode()
    assert "Gespeichert." in page
    assert "Pflicht" in page
    assert Topic.objects.get(needs_consultation=True).slug == "dienstleistungen"
    assert (
        "Es hat sich nichts geändert."
        in login().post(TOPIC, {"needs_consultation": "on"}, follow=True).content.decode()
    )
    login().post(TOPIC, {})
    assert not Topic.objects.filter(needs_consultation=True).exists()


def test_with_a_marked_topic_the_button_says_what_is_missing(login):
    Topic.objects.filter(slug="dienstleistungen").update(needs_consultation=True)
    post, client = PostFactory(), login()
    answer = client.post(f"/redaktion/beitraege/{post.pk}/schritt/einreichen/", {"digest": post.digest()})
    assert answer.status_code == 409
    assert "Zu diesem Thema gehört eine Fachberatung." in answer.content.decode()
