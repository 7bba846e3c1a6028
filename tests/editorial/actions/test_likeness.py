"""What nearly says the same as another Beitrag is told, when a person saves and when it is handed in."""

import datetime as dt

import pytest
from django.utils import timezone

from editorial.actions import approval, drafting
from editorial.models import Post
from editorial.rules import Situation, ask, text
from tests.factories import DeliveryFactory, PostFactory, person

pytestmark = pytest.mark.django_db

TEXT = "Am Montag bleibt das Jobcenter wegen einer Schulung den ganzen Tag geschlossen."
ALIKE = TEXT.replace("Montag", "Dienstag")
OTHER = "Unsere Beratung für Selbstständige beginnt im neuen Jahr mit eigenen Abenden."
YEAR = dt.timedelta(days=365)


def said(post, **situation):
    return [
        (o.code, o.field) for o in ask([text.text_says_something_new], post, Situation(at=timezone.now(), **situation))
    ]


def similar(content, **options):
    return drafting.create({"text": content}, by=person(), **options).similar_to


def test_a_text_that_is_nearly_there_already_is_a_hint_and_a_new_one_is_none():
    first = PostFactory(text=TEXT)
    second = drafting.create({"text": ALIKE}, by=person())
    assert (second.similar_to, said(second)) == (first, [("text.similar", "text")])
    second = drafting.save(second, {"text": OTHER}, by=person())
    assert (second.similar_to, said(second)) == (None, [])


def test_the_browsers_saving_compares_nothing_and_handing_in_does():
    PostFactory(text=TEXT)
    by = person()
    post = PostFactory(text=OTHER, written_by=by)
    post = drafting.save(post, {"text": ALIKE}, by=by, autosave=True)
    assert post.similar_to is None
    approval.submit(post, by=by)
    assert Post.objects.get(pk=post.pk).similar_to is not None


def test_the_last_twelve_months_and_what_is_planned_count():
    at = timezone.now()
    long_ago = {"updated_at": at - 2 * YEAR, "created_at": at - 2 * YEAR}
    PostFactory(text=TEXT, slot=at - 2 * YEAR, **long_ago)
    PostFactory(text=TEXT, withdrawn=True)
    assert similar(ALIKE) is None
    planned = PostFactory(text=TEXT, slot=at + YEAR, **long_ago)
    assert similar(TEXT) == planned


def test_it_is_not_asked_when_it_goes_out():
    post = PostFactory(text=ALIKE, similar_to=PostFactory(text=TEXT), approved=True)
    assert said(post)
    assert said(post, delivery=DeliveryFactory(approval__post=post)) == []
