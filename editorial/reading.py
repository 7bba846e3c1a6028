"""Which Beiträge a person reads: the Fachberatung what is approved, her own ideas and what she was asked about.

Nothing confidential is for her (K-37): no text that nobody approved, and of a success story not even its draft that she
was asked about; the question itself shows what she needs. Everybody else who reads Beiträge at all reads all of them.
"""

from django.db.models import Exists, OuterRef, Q

from .enums import PostState, Role
from .models import Consultation, Medium, Post, PostVersion, User

APPROVED_ONLY = Q(state=PostState.APPROVED)


def readable_by(person: User) -> Q:
    """A condition on Beiträge; empty where all may be read."""
    if person.role != Role.FACH:
        return Q()
    begun = PostVersion.objects.filter(post=OuterRef("pk"), number=1, saved_by=person)
    own_idea = Q(Exists(begun), state=PostState.IDEA)
    return APPROVED_ONLY | own_idea | Q(_asked(person), ~Q(topic__needs_consent=True))


def may_read(person: User, post: Post) -> bool:
    return person.role != Role.FACH or Post.objects.filter(readable_by(person), pk=post.pk).exists()


def may_see(person: User, medium: Medium) -> bool:
    """Its file: with any Beitrag this person reads or was asked about."""
    if person.role != Role.FACH:
        return True
    return Post.objects.filter(readable_by(person) | Q(_asked(person)), media_links__medium=medium).exists()


def _asked(person: User) -> Exists:
    return Exists(Consultation.objects.asked_of(person).filter(post=OuterRef("pk")).order_by())
