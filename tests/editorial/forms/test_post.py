import pytest
from django.http import QueryDict
from django.utils import timezone

from editorial.actions import approval, drafting
from editorial.clock import wall_text
from editorial.forms.post import PostForm
from editorial.models import Consent, Post
from editorial.workflow import StepRefused
from tests.factories import ConsentFactory, MediumFactory, PostFactory, person

pytestmark = pytest.mark.django_db


def resent(post):
    """What a browser sends back when nobody changed a thing."""
    shown, data = PostForm(post=post), QueryDict(mutable=True)
    for name, value in shown.initial.items():
        data.setlist(name, [str(one) for one in (value if isinstance(value, list) else [value])])
    offered = {str(obj.pk) for obj in shown.fields["consents"].queryset}
    data.setlist("consents", [pk for pk in map(str, data.getlist("consents")) if pk in offered])
    data["slot"], data["partner"], data["entry"] = wall_text(post.slot), "", ""
    form = PostForm(data, post=post)
    assert form.is_valid(), form.errors
    return form


def test_saving_again_does_not_lose_a_consent_that_was_withdrawn_meanwhile():
    gone, stays = ConsentFactory(), ConsentFactory()
    post = PostFactory(media=[MediumFactory(shows_people=True)], consents=[gone, stays])
    Consent.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    post = drafting.save(post, resent(post).content(), by=person())
    assert set(post.consents.all()) == {gone, stays}
    with pytest.raises(StepRefused) as refusal:
        approval.submit(post, by=person())
    assert refusal.value.codes == "consent.not_valid"


def test_a_withdrawn_consent_says_so_and_is_offered_nowhere_else():
    gone = ConsentFactory(withdrawn=True)
    own, other = PostFactory(consents=[gone]), PostFactory()
    labels = [label for _, label in PostForm(post=own).fields["consents"].choices]
    assert labels == [f"{gone.pseudonym} (widerrufen)"]
    assert list(PostForm(post=other).fields["consents"].choices) == []
    assert not PostForm(QueryDict(f"consents={gone.pk}")).is_valid()


def test_saving_again_what_is_shown_changes_nothing():
    post = PostFactory(media=[MediumFactory(), MediumFactory()], consents=[ConsentFactory()])
    before = post.digest()
    drafting.save(post, resent(Post.objects.get()).content(), by=person())
    assert Post.objects.get().digest() == before


def test_without_a_kind_it_is_a_post():
    form = PostForm(QueryDict("text=Guten Tag"))
    assert form.is_valid()
    assert form.content()["kind"] == "post"


@pytest.mark.parametrize("kind", ["POST", "tweet", "\x00"])
def test_an_unknown_kind_is_refused(kind):
    assert not PostForm(QueryDict(mutable=True) | {"kind": kind}).is_valid()
