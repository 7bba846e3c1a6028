import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from editorial import navigation
from editorial.actions import pausing
from editorial.clock import BERLIN
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import Channel, User
from tests.factories import ConsultationFactory, DeliveryFactory, DepartmentFactory, PostFactory, person

pytestmark = pytest.mark.django_db

TODAY, CONCEPT = "/redaktion/", "/nutzungskonzept/"
AT = dt.datetime(2026, 11, 20, 14, tzinfo=BERLIN)
KEYS = dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "schlüssel")


def logged_in(role):
    client = Client()
    client.force_login(person(role))
    return client


def labels(answer, which="navigation"):
    return [item["label"] for item in answer.context[which]]


def warnings(role=Role.PROE):
    return [(banner["kind"], banner["text"]) for banner in logged_in(role).get(TODAY).context["banners"]]


@pytest.fixture
def keys(settings):
    settings.X_KEYS = KEYS


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (
            Role.PROE,
            [
                "Heute",
                "Freigaben",
                "Klärung",
                "Plan",
                "Beiträge",
                "Medien",
                "Einwilligungen",
                "Register",
                "Auswertung",
                "Einstellungen",
            ],
        ),
        (
            Role.GF,
            [
                "Heute",
                "Freigaben",
                "Klärung",
                "Plan",
                "Beiträge",
                "Einwilligungen",
                "Register",
                "Auswertung",
                "Einstellungen",
            ],
        ),
        (Role.FACH, ["Heute", "Anfragen", "Ideen", "Plan", "Beiträge", "Register"]),
        (Role.ADMIN, ["Heute", "Ideen", "Konten", "Betrieb", "Einstellungen"]),
        (Role.DSB, ["Heute", "Einwilligungen", "Zugänge", "Protokoll", "Ideen"]),
    ],
)
def test_each_role_sees_its_places_and_may_open_every_one(role, places):
    client = logged_in(role)
    answer = client.get(TODAY)
    assert labels(answer) == places
    for item in answer.context["navigation"]:
        assert client.get(item["url"]).status_code == 200, item


@pytest.mark.parametrize(
    "page", ["register/", "register/lesetipps/", "netzwerk/", "medienspiegel/neu/", "beobachtung/", "zugaenge/"]
)
def test_every_register_lies_below_the_registers(page):
    answer = logged_in(Role.PROE).get(f"/redaktion/{page}")
    assert [item["label"] for item in answer.context["navigation"] if item["current"]] == ["Register"]


def test_the_place_one_is_at_is_marked_and_start_pages_only_when_one_is_there():
    client = logged_in(Role.PROE)
    here = {path: labels_here(client.get(path)) for path in (TODAY, "/redaktion/plan/", "/redaktion/beitraege/neu/")}
    assert here == {TODAY: ["Heute"], "/redaktion/plan/": ["Plan"], "/redaktion/beitraege/neu/": ["Beiträge"]}


def labels_here(answer):
    return [item["label"] for item in answer.context["navigation"] if item["current"]]


@pytest.mark.parametrize("role", Role)
def test_the_first_place_of_each_role_is_the_page_it_starts_with(role, settings):
    first = logged_in(role).get(settings.LOGIN_REDIRECT_URL).context["navigation"][0]
    assert (first["url"], first["label"], first["current"]) == (settings.LOGIN_REDIRECT_URL, "Heute", True)


def test_a_place_nobody_has_built_is_not_linked():
    places = (("Plan", "editorial:plan"), ("Klärung", "editorial:does_not_exist"))
    assert [item["label"] for item in navigation.items(places, "/")] == ["Plan"]
    assert navigation.address_of("editorial:does_not_exist") is None


def test_the_directors_see_how_many_posts_wait_for_them_and_nobody_else_does():
    for _ in range(3):
        PostFactory(state=PostState.IN_REVIEW)
    counts = {
        role: [i["count"] for i in logged_in(role).get(TODAY).context["navigation"] if "count" in i] for role in Role
    }
    assert counts == {role: [3] if role == Role.GF else [] for role in Role}


def test_the_fachberatung_sees_how_many_questions_wait_for_her_answer_and_for_nobody_elses():
    client = logged_in(Role.FACH)
    expert = User.objects.latest("pk")
    ConsultationFactory(person=expert)
    ConsultationFactory(person=None, department=DepartmentFactory(members=[expert]))
    ConsultationFactory(person=expert, answered=True)
    ConsultationFactory()
    counts = {item["label"]: item.get("count") for item in client.get(TODAY).context["navigation"]}
    assert {label: count for label, count in counts.items() if count} == {"Anfragen": 2}


def test_who_decides_what_becomes_of_a_failed_post_sees_how_many_there_are():
    for _ in range(2):
        DeliveryFactory(state=DeliveryState.MISSED)
    counts = {
        role: [i["count"] for i in logged_in(role).get(TODAY).context["navigation"] if "count" in i] for role in Role
    }
    assert counts == {role: [2] if role in (Role.PROE, Role.GF) else [] for role in Role}


def test_the_public_sees_its_own_places_only():
    answer = Client().get(CONCEPT)
    assert labels(answer, "public_navigation") == ["Beiträge", "Evaluation", "Nutzungskonzept", "Kanäle", "Kontakt"]
    footer = ["Impressum", "Datenschutz", "Netiquette", "Barrierefreiheit", "Einwilligung widerrufen"]
    assert labels(answer, "footer_navigation") == footer
    assert (list(answer.context["navigation"]), list(answer.context["banners"])) == ([], [])


def test_every_public_place_opens_without_a_log_in():
    answer = Client().get(CONCEPT)
    for item in [*answer.context["public_navigation"], *answer.context["footer_navigation"]]:
        assert Client().get(item["url"]).status_code == 200, item


def test_a_public_page_knows_no_visitor():
    answer = Client().get(CONCEPT)
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_what_goes_wrong_inside_is_no_matter_of_a_public_page():
    pausing.switch_off("Wahltag")
    assert "Sendepause" not in logged_in(Role.PROE).get(CONCEPT).content.decode()


def test_an_unknown_internal_address_keeps_the_way_around():
    answer = logged_in(Role.PROE).get("/redaktion/gibt-es-nicht/")
    assert answer.status_code == 404
    assert labels(answer)[0] == "Heute"


# --- Warnings ---------------------------------------------------------------------------------------------------------


def test_on_a_quiet_day_nothing_warns(keys):
    assert warnings() == []


def test_a_pause_tells_reason_and_beginning_to_everybody(keys):
    pausing.switch_off("Angriff auf das Konto.", at=AT)
    sentence = (
        "Sendepause seit 20.11.2026, 14:00 Uhr. Grund: Angriff auf das Konto. Es geht nichts hinaus. "
        "Sie endet, wenn jemand sie beendet."
    )
    assert {role: warnings(role) for role in Role} == {role: [("danger", sentence)] for role in Role}


def test_a_pause_with_an_end_tells_it_and_one_that_ended_is_silent(keys):
    until = timezone.now() + dt.timedelta(hours=2)
    pausing.switch_off("Wahltag", until=until)
    assert warnings()[0][1].endswith(f"Sie endet am {until.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr.")
    pausing.switch_on()
    assert warnings() == []


def test_a_locked_channel_tells_why_and_who_does_what(keys):
    Channel.objects.update(locked_reason="no_credits", locked_at=AT)
    assert warnings() == [
        (
            "danger",
            "Gesperrt seit 20.11.2026, 14:00 Uhr: X (früher Twitter). Das Guthaben bei X ist aufgebraucht. "
            "Die Administration muss das Guthaben aufladen.",
        )
    ]


def test_a_reason_nobody_foresaw_is_no_error(keys):
    Channel.objects.update(locked_reason="something_new")
    assert warnings() == [
        (
            "danger",
            "Gesperrt: X (früher Twitter). Der Kanal hat die Anmeldung abgelehnt. "
            "Bitte geben Sie der Administration Bescheid.",
        )
    ]


def test_a_resting_channel_tells_until_when_and_is_silent_afterwards(keys):
    until = timezone.now() + dt.timedelta(minutes=15)
    Channel.objects.update(paused_until=until)
    kind, text = warnings()[0]
    assert (kind, text.startswith(f"X (früher Twitter) nimmt bis {until.astimezone(BERLIN):%d.%m.%Y, %H:%M} Uhr")) == (
        "warning",
        True,
    )
    Channel.objects.update(paused_until=timezone.now() - dt.timedelta(seconds=1))
    assert warnings() == []


@pytest.mark.parametrize("missing", KEYS)
def test_without_all_four_keys_everybody_knows_that_posting_is_by_hand(settings, missing):
    settings.X_KEYS = KEYS | {missing: ""}
    assert warnings() == [("info", navigation.HAND_POSTING)]


# --- Demonstration ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_demonstration_says_so_on_every_page(is_demo):
    PostFactory(is_demo=is_demo)
    pages = [Client().get(CONCEPT), Client().get("/konto/anmelden/"), logged_in(Role.GF).get(TODAY)]
    assert ["<strong>Demonstration.</strong>" in page.content.decode() for page in pages] == [is_demo] * 3


def test_once_known_a_demonstration_costs_public_pages_no_query(django_assert_num_queries):
    PostFactory(is_demo=True)
    Client().get("/gibt-es-nicht/")
    with django_assert_num_queries(0):
        Client().get("/gibt-es-nicht/")


def test_a_fragment_of_a_page_pays_for_none_of_it(rf, django_assert_num_queries):
    request = rf.get(TODAY)
    request.user = person(Role.GF)
    with django_assert_num_queries(0):
        navigation.navigation(request)
