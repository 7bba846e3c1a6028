"""What is typed is kept, who typed it is known, and what was read by others stays readable."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.actions import approval, drafting, scheduling
from editorial.enums import DeliveryState, PostState, Role
from editorial.models import AuditEntry, ConceptVersion, Post
from editorial.rules.approval import author_ids
from editorial.workflow import StepRefused
from tests.factories import ConsentFactory, DeliveryFactory, MediumFactory, PartnerFactory, PostFactory, person

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
NOW = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)


def begun(by, **content):
    return drafting.create({"text": "Eins", **content}, by=by, at=NOW)


def texts(post):
    return [version.payload["text"] for version in post.versions.order_by("number")]


def approved(**fields):
    post = approval.submit(PostFactory(**fields), by=person())
    return approval.approve(post, by=person(Role.GF), seen_digest=post.digest())


def test_a_new_draft_has_an_author_a_version_a_concept_and_an_entry():
    by = person()
    post = begun(by)
    assert (post.state, texts(post), author_ids(post)) == (PostState.DRAFT, ["Eins"], [by.pk])
    assert post.concept_version == ConceptVersion.objects.get(stand="2021-09")
    assert AuditEntry.objects.get().digest_sha256 == post.digest()


@pytest.mark.parametrize(("minutes", "expected"), [(9, ["Zwei"]), (10, ["Eins", "Zwei"])])
def test_what_one_person_types_within_ten_minutes_is_one_version(minutes, expected):
    by = person()
    post = drafting.save(begun(by), {"text": "Zwei"}, by=by, at=NOW + minutes * MINUTE)
    assert (post.text, texts(post)) == ("Zwei", expected)


def test_a_second_person_begins_a_version_and_is_an_author_beside_the_first():
    one, two = person(), person(Role.GF)
    post = drafting.save(begun(one), {"text": "Zwei"}, by=two, at=NOW + MINUTE)
    post = drafting.save(post, {"text": "Drei"}, by=one, at=NOW + 2 * MINUTE)
    assert texts(post) == ["Eins", "Zwei", "Drei"]
    assert author_ids(post) == [one.pk, two.pk]


def test_a_consent_taken_away_is_a_version_of_its_own():
    by, consent = person(), ConsentFactory()
    post = begun(by, consents=[consent])
    post = drafting.save(post, {"consents": []}, by=by, at=NOW + MINUTE)
    assert [version.payload["consents"] for version in post.versions.order_by("number")] == [[consent.pk], []]
    assert [entry.step for entry in AuditEntry.objects.all()] == ["create", "edit"]


def test_every_save_moves_the_number_by_which_others_notice_it():
    by = person()
    post = begun(by)
    seen = [post.version]
    for text in ("Zwei", "Drei"):
        post = drafting.save(post, {"text": text}, by=by, at=NOW + MINUTE)
        seen.append(post.version)
    assert seen == sorted(set(seen))


def test_what_was_handed_in_stays_readable_and_typing_on_is_one_more_version():
    by = person()
    post = approval.submit(PostFactory(text="Vorgelegt", written_by=by), by=by)
    for minute, text in enumerate(("Neu", "Neue", "Neuer Text"), 1):
        post = drafting.save(post, {"text": text}, by=by, at=timezone.now() + minute * MINUTE)
    assert post.state == PostState.IN_REVIEW
    assert texts(post) == ["Vorgelegt", "Neuer Text"]
    assert AuditEntry.objects.filter(step="edit").count() == 1


def test_what_a_director_sent_back_stays_readable():
    by = person()
    post = approval.submit(PostFactory(text="Vorgelegt", written_by=by), by=by)
    post = approval.request_changes(post, "Bitte kürzer.", by=person(Role.GF))
    assert texts(drafting.save(post, {"text": "Kürzer"}, by=by)) == ["Vorgelegt", "Kürzer"]


def test_a_browser_that_saves_by_itself_ends_no_approval_not_even_one_just_given():
    post = approval.submit(PostFactory(), by=person())
    opened = Post.objects.get(pk=post.pk)
    approval.approve(post, by=person(Role.GF), seen_digest=post.digest())
    with pytest.raises(StepRefused) as refusal:
        drafting.save(opened, {"text": "Noch getippt"}, by=person(), autosave=True)
    assert refusal.value.codes == "approval.would_end"
    assert (Post.objects.get().state, Post.objects.get().text) == (PostState.APPROVED, post.text)


def test_an_edit_by_hand_ends_the_approval_and_what_was_planned():
    post = drafting.save(approved(), {"text": "Anders."}, by=person())
    assert (post.state, post.deliveries.get().state) == (PostState.DRAFT, DeliveryState.CANCELLED)
    assert not post.approvals.standing().exists()


def test_an_idea_becomes_a_draft_when_it_is_saved_by_hand():
    by = person()
    idea = drafting.create({"text": "Eins"}, by=by, at=NOW, as_idea=True)
    assert drafting.save(idea, {"text": "Eins"}, by=person(), at=NOW, autosave=True).state == PostState.IDEA
    post = drafting.save(idea, {"text": "Eins"}, by=person(), at=NOW)
    assert (post.state, texts(post), author_ids(post)) == (PostState.DRAFT, ["Eins"], [by.pk])


def test_what_is_withdrawn_takes_no_more_words():
    post = approval.withdraw(PostFactory(), by=person())
    with pytest.raises(StepRefused) as refusal:
        drafting.save(post, {"text": "Neu"}, by=person())
    assert refusal.value.codes == "step.wrong_state"
    assert Post.objects.get().text == post.text


def test_fields_that_were_not_sent_stay_as_they_are():
    medium, consent = MediumFactory(), ConsentFactory()
    post = PostFactory(media=[medium], consents=[consent])
    before = post.payload()
    after = drafting.save(post, {"text": "Neu"}, by=person()).payload()
    assert {key for key in before if before[key] != after[key]} == {"text"}


def test_pictures_keep_the_order_they_were_chosen_in():
    first, second = MediumFactory(), MediumFactory()
    post = begun(person(), media=[second, first])
    assert post.ordered_media() == [second, first]


def test_the_slot_is_kept_as_moment_and_as_the_wall_clock_showed_it():
    slot = dt.datetime(2027, 7, 1, 7, tzinfo=dt.UTC)
    post = begun(person(), slot=slot)
    assert (post.slot, post.slot_wall) == (slot, "2027-07-01T09:00")
    assert drafting.save(post, {"slot": None}, by=person(), at=NOW).slot_wall == ""


def test_a_post_that_becomes_a_retweet_sends_no_text():
    post = approval.submit(PostFactory(), by=person())
    assert post.message_text == post.text
    assert drafting.save(post, {"kind": "retweet"}, by=person()).message_text == ""


def test_a_copy_has_the_words_and_pictures_but_no_date_no_consents_and_no_history():
    partner, medium = PartnerFactory(), MediumFactory()
    original = DeliveryFactory(
        published=True,
        slot=timezone.now() - dt.timedelta(days=1),
        approval__post__partner=partner,
        approval__post__media=[medium],
        approval__post__consents=[ConsentFactory()],
        approval__post__source_decision="frei",
        approval__post__source_reason="geprüft",
    ).post
    by = person(Role.GF)
    copied = drafting.copy(original, by=by)
    expected = {**original.payload(), "slot": "", "consents": [], "source_decision": "", "source_reason": ""}
    assert copied.payload() == expected
    assert (copied.state, copied.link_token, author_ids(copied)) == (PostState.DRAFT, "", [by.pk])
    assert copied.public_id != original.public_id
    assert copied.approvals.count() == copied.deliveries.count() == 0


def test_a_moved_slot_makes_its_mover_an_author():
    director = person(Role.GF)
    post = approved()
    moved = scheduling.reschedule(post, post.slot + dt.timedelta(days=1), by=director)
    assert author_ids(moved) == [director.pk]
    with pytest.raises(StepRefused) as refusal:
        approval.approve(moved, by=director, seen_digest=moved.digest())
    assert refusal.value.codes == "approval.own_work"


def test_as_long_as_nobody_changed_what_was_approved_its_last_writer_is_its_author():
    writer = person()
    assert author_ids(approved(written_by=writer)) == [writer.pk]


def test_who_answers_for_a_text_of_a_machine_stands_in_the_version_and_a_copy_asks_anew():
    by = person()
    plain = drafting.create({"text": "Text"}, by=by)
    assert "ai_text" not in plain.payload()  # what was approved before there was this field stays approved
    post = drafting.save(plain, {"ai_text": "created", "ai_edited": True}, by=by, as_new_version=True)
    last = post.versions.first()
    assert (last.saved_by, last.payload["ai_edited"]) == (by, True)
    copied = drafting.copy(post, by=by)
    assert (copied.ai_text, copied.ai_edited) == ("created", False)
    first = post.versions.get(number=1)
    assert drafting.restore(post, first, by=by).ai_text == ""
