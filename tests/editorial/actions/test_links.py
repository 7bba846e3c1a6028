import datetime as dt

import pytest

from editorial.actions import approval, drafting, links, registers
from editorial.enums import LinkOpinion, LinkState, PostState, Role
from editorial.models import AuditEntry, Entry, LinkCheck, Notice, Post, PostLink
from tests.factories import DeliveryFactory, OfferFactory, PostFactory, person
from tests.sites import counting_listener, endless, html, site

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7)
SOURCE = "https://zeitung.example/bericht"
GOOD = {"problem": "", "status": 200, "is_free": None, "marks": "", "asks_to_log_in": False, "title": "Bericht"}
GONE, LOST, PAID = GOOD | {"status": 404}, {"problem": "no_answer"}, GOOD | {"is_free": False}


def noted(**fields):
    post = PostFactory(**{"source_url": SOURCE, "twin_url": ""} | fields)
    links.note(post, at=AT)
    return post


def the_link(url=SOURCE):
    return LinkCheck.objects.get(url=url)


def look(*answers, at=AT):
    for answer in answers:
        links.settle(the_link(), answer, at=at)
    return the_link()


def test_saving_by_hand_keeps_the_links_and_the_browsers_saving_does_not():
    by = person()
    post = drafting.create({"text": "Siehe zeitung.de/a", "source_url": SOURCE}, by=by, at=AT)
    assert set(post.links.values_list("url", "places__place")) == {(SOURCE, "source"), ("https://zeitung.de/a", "text")}
    drafting.save(post, {"text": "Siehe https://zeitu.de"}, by=by, at=AT, autosave=True)
    assert not LinkCheck.objects.filter(url__contains="zeitu.de").exists()
    drafting.save(post, {"text": "Siehe https://zeitung.de/b"}, by=by, at=AT)
    assert set(post.links.values_list("url", flat=True)) == {SOURCE, "https://zeitung.de/b"}


def test_two_beitraege_share_one_look():
    noted()
    look(GOOD)
    noted()
    link = the_link()
    assert (link.posts.count(), link.wanted_at) == (2, None)
    links.note(PostFactory(source_url=SOURCE), at=AT + 2 * DAY)
    assert the_link().wanted_at == AT + 2 * DAY


def test_what_was_saved_only_by_the_browser_is_kept_when_it_is_handed_in():
    by = person()
    post = PostFactory(source_url=SOURCE, written_by=by)
    approval.submit(post, by=by)
    assert post.links.filter(url=SOURCE).exists()


def test_the_page_of_a_demonstration_is_never_fetched_until_somebody_else_needs_it():
    noted(is_demo=True)
    assert links.check_due(at=AT, read=lambda url: pytest.fail("fetched")) == 0
    assert links.ask(LinkCheck.objects.all(), at=AT) == 0
    noted()
    assert links.check_due(at=AT, read=lambda url: GOOD) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (GOOD, LinkState.GOOD),
        (GOOD | {"status": 404}, LinkState.DEAD),
        (GOOD | {"status": 410}, LinkState.DEAD),
        ({"problem": "certificate"}, LinkState.DEAD),
        (GOOD | {"status": 403}, LinkState.UNREACHABLE),
        (GOOD | {"status": 503}, LinkState.UNREACHABLE),
        ({"problem": "no_name"}, LinkState.UNREACHABLE),
        ({"problem": "no_answer"}, LinkState.UNREACHABLE),
        ({"problem": "too_slow"}, LinkState.UNREACHABLE),
        ({"problem": "refused", "why": "private"}, LinkState.REFUSED),
        (PAID, LinkState.PAID),
        (GOOD | {"status": 402}, LinkState.PAID),
        (GOOD | {"status": 401, "asks_to_log_in": True}, LinkState.LOG_IN),
        (GOOD | {"marks": "paywall"}, LinkState.MARKED),
        (GOOD | {"marks": "paywall", "is_free": True}, LinkState.GOOD),
    ],
)
def test_what_is_made_of_an_answer(answer, state):
    assert links.state_of(answer) == state


def test_a_good_link_is_looked_at_every_week_and_a_lost_one_sooner():
    noted()
    assert look(GOOD).next_at == AT + WEEK
    assert look(LOST).next_at == AT + HOUR
    assert look(LOST).next_at == AT + 2 * HOUR
    assert look(LOST, LOST, LOST, LOST).next_at == AT + DAY
    assert look(GONE).next_at == AT + DAY


def test_what_no_beitrag_needs_any_more_is_left_alone():
    post = noted()
    Post.objects.filter(pk=post.pk).update(state=PostState.WITHDRAWN)
    assert look(GONE).next_at is None
    assert not Notice.objects.exists()


def test_what_somebody_waits_for_comes_first_and_what_another_has_in_hand_is_left_to_them():
    for number in range(3):
        noted(source_url=f"https://zeitung.example/{number}")
    LinkCheck.objects.update(wanted_at=None, next_at=AT - HOUR)
    LinkCheck.objects.filter(url__endswith="2").update(wanted_at=AT)
    LinkCheck.objects.filter(url__endswith="0").update(claimed_until=AT + HOUR)
    asked = []
    links.check_due(at=AT, read=lambda url: asked.append(url[-1]) or GOOD)
    assert asked == ["2", "1"]


def test_dead_links_are_told_once_and_the_notice_ends_with_the_cause():
    proe, gf = person(Role.PROE), person(Role.GF)
    post = noted(written_by=proe)
    look(GOOD)
    look(GONE, GONE, at=AT + WEEK)
    (notice,) = Notice.objects.filter(person=proe)
    assert notice.words == f"Ein Link zu zeitung.example führt ins Leere. Er steht in Beitrag {post.pk}."
    assert not Notice.objects.filter(person=gf).exists()
    look(GOOD, at=AT + 2 * WEEK)
    notice.refresh_from_db()
    assert notice.settled_at == AT + 2 * WEEK
    look(GONE, at=AT + 3 * WEEK)
    assert Notice.objects.filter(person=proe).count() == 2


def test_what_could_be_down_for_an_hour_is_told_after_the_third_time():
    proe = person(Role.PROE)
    noted(written_by=proe)
    look(LOST, LOST)
    assert not Notice.objects.exists()
    look(LOST, LOST)
    assert Notice.objects.filter(person=proe).count() == 1


def test_what_is_no_longer_free_is_told():
    proe = person(Role.PROE)
    noted(written_by=proe)
    look(PAID, PAID)
    (notice,) = Notice.objects.filter(person=proe)
    assert notice.words.startswith("Ein Link zu zeitung.example ist nicht frei zu lesen.")


def test_a_persons_word_is_dated_named_reasoned_and_audited():
    noted()
    by, link = person(), look(LOST)
    links.judge(link, LinkOpinion.FREE, "Im Browser geht sie auf.", by=by, at=AT + HOUR)
    link = the_link()
    assert (link.opinion, link.opinion_by, link.opinion_at, link.opinion_holds) == ("free", by, AT + HOUR, True)
    assert AuditEntry.objects.filter(step="judge_link", subject_id=link.pk, note="unreachable: free").exists()
    assert not look(GONE).opinion_holds
    assert the_link().opinion_reason == "Im Browser geht sie auf."


def test_just_looked_at_is_not_looked_at_again():
    noted()
    look(GOOD)
    assert links.ask(LinkCheck.objects.all(), at=AT + dt.timedelta(seconds=5)) == 0
    assert links.ask(LinkCheck.objects.all(), at=AT + dt.timedelta(minutes=1)) == 1


def test_in_the_hours_before_the_slot_every_link_is_looked_at_again():
    delivery = DeliveryFactory(slot=AT + 2 * HOUR, approval__post__source_url=SOURCE)
    links.note(delivery.post, at=AT - DAY)
    look(GOOD, at=AT - 4 * HOUR)
    links.plan_looks(AT)
    assert the_link().wanted_at == AT
    look(GOOD)
    links.plan_looks(AT + HOUR)
    assert the_link().wanted_at is None


def test_a_look_lies_far_before_the_slot_or_never():
    delivery = DeliveryFactory(slot=AT + DAY, approval__post__source_url=SOURCE)
    links.note(delivery.post, at=AT - DAY)
    look(GOOD, at=AT - 4 * HOUR)
    links.plan_looks(AT)
    assert the_link().wanted_at is None


def test_what_went_out_leaves_the_rules_and_stays_under_watch():
    delivery = DeliveryFactory(published=True, slot=AT - HOUR, approval__post__source_url=SOURCE)
    links.note(delivery.post, at=AT - DAY)
    look(GOOD)
    links.plan_looks(AT)
    assert (the_link().is_ahead, the_link().next_at) == (False, AT + WEEK)


def test_beitraege_from_before_get_their_links():
    post = PostFactory(source_url=SOURCE)
    assert not PostLink.objects.filter(post=post).exists()
    links.plan_looks(AT)
    assert the_link().posts.get() == post


def test_what_stands_on_the_network_is_left_to_a_person(monkeypatch):
    monkeypatch.setattr("subprocess.run", lambda *given, **named: pytest.fail("fetched"))
    original = "https://x.com/zeitung/status/123456"
    noted(kind="retweet", source_url="", retweet_url=original)
    assert links.check_due(at=AT) == 1
    assert (the_link(original).state, the_link(original).problem) == (LinkState.REFUSED, "account")


def test_the_address_of_an_entry_is_looked_at_and_followed_when_it_changes():
    offer = OfferFactory(url="https://www.bremen.de/alt")
    post = noted(source_url="", entry=Entry.objects.get(pk=offer.pk))
    gone_out = DeliveryFactory(published=True, approval__post__entry=post.entry).post
    links.note(gone_out, at=AT)
    assert [place.place for place in post.link_places.all()] == ["entry"]
    offer.url = "https://www.bremen.de/neu"
    registers.change(offer, ["url"], seen=offer.updated_at.isoformat(), by=person(), at=AT)
    assert [link.url for link in post.links.all()] == ["https://www.bremen.de/neu"]
    assert "https://www.bremen.de/alt" in [link.url for link in gone_out.links.all()]


def test_the_reader_in_its_own_process_tells_what_stands_there(settings):
    page = html(
        '<html lang="de"><title>Bericht</title><p>Text</p>', **{"Last-Modified": "Mon, 23 Nov 2026 08:00:00 GMT"}
    )
    with site({"/a": page, "/endlos": endless}) as here:
        settings.LINK_CHECK_ALSO = tuple(here.also)
        noted(source_url=here.url("/a"))
        assert links.check_due(at=AT) == 1
        link = the_link(here.url("/a"))
        assert (link.state, link.title, link.language, link.http_status) == ("good", "Bericht", "de", 200)
        assert link.last_modified == "Mon, 23 Nov 2026 08:00:00 GMT"
        assert links.read_page(here.url("/endlos"))["status"] == 200


def test_without_the_tests_permission_nobody_connects_to_this_machine():
    with counting_listener() as (port, came):
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
            assert links.read_page(f"http://{host}:{port}/") == {"problem": "refused", "why": "private"}
    assert came == []


def test_the_reader_knows_no_key_of_ours(monkeypatch, settings):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    assert "SECRET_KEY" not in settings.LINK_CHECK_ENVIRONMENT
    assert set(settings.LINK_CHECK_ENVIRONMENT) <= {"SSL_CERT_FILE", "SSL_CERT_DIR"}
