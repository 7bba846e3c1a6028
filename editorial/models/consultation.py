from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import UNANSWERED_STATES, ConsultationState, Opinion, PostState
from .account import User
from .post import Post, digest_of

# Of what an approval covers, this is no business of somebody who is asked for an opinion.
NOT_FOR_EXPERTS = ("consents", "slot", "message_text", "source_decision", "source_reason", "twin_exception")


def digest_as_shown(post: Post) -> str:
    """SHA-256 over what the Fachberatung is shown of a Beitrag: only a change of that makes an opinion an old one."""
    return digest_of({name: value for name, value in post.payload().items() if name not in NOT_FOR_EXPERTS})


class Department(models.Model):
    """A part of the house that can be asked; whoever belongs to it sees its questions and may answer them."""

    name = models.CharField("Abteilung", max_length=80, unique=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="departments", verbose_name="Wer antwortet"
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def asked_of(self, user: User | models.Expression) -> "ConsultationQuerySet":
        """What was asked of this person or of a department of theirs; nothing that was withdrawn."""
        mine = Q(person=user) | Q(department__in=Department.objects.filter(members=user))
        return self.filter(mine).exclude(state=ConsultationState.WITHDRAWN)

    def unanswered(self) -> "ConsultationQuerySet":
        """What somebody can still usefully answer, the nearest deadline first."""
        waiting = self.filter(state__in=UNANSWERED_STATES).exclude(post__state=PostState.WITHDRAWN)
        return waiting.order_by("due_at", "pk")


class ConsultationManager(models.Manager["Consultation"]):
    """A question is never of interest without whom it was put to."""

    def get_queryset(self) -> ConsultationQuerySet:
        return ConsultationQuerySet(self.model, using=self._db).select_related(
            "person", "department", "asked_by", "answered_by", "ended_by", "taken_over_by"
        )


class Consultation(models.Model):
    """A question about a Beitrag to a person or a department, and what came of it (K-37).

    ``seen_sha256`` (as ``digest_as_shown``), ``seen_number`` and ``seen_text`` say which version the opinion is about.
    ``ended_…``: it was withdrawn, or decided to go on without an answer. ``taken_over_…``: the proposed text was.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="consultations")
    state = models.CharField("Status", max_length=10, choices=ConsultationState, default=ConsultationState.ASKED)
    version = models.PositiveIntegerField(default=0)
    question = models.TextField("Frage")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="consultations"
    )
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField("Antwort bis")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField("Votum", max_length=10, choices=Opinion, blank=True)
    reason = models.TextField("Begründung", blank=True)
    proposal = models.TextField("Vorschlag für den Text", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seen_sha256 = models.CharField(max_length=64, blank=True)
    seen_number = models.PositiveIntegerField(null=True, blank=True)
    seen_text = models.TextField(blank=True)
    end_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_over_at = models.DateTimeField(null=True, blank=True)
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConsultationManager.from_queryset(ConsultationQuerySet)()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, department__isnull=False) | Q(person__isnull=False, department=None),
                name="consultation_of_person_or_department",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsultationState.ANSWERED) | ~Q(opinion=""), name="an_answer_has_an_opinion"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="consultation_due")]

    def __str__(self) -> str:
        return f"Anfrage zu Beitrag {self.post_id}"

    @property
    def addressee(self) -> str:
        """Whom it was put to, by name."""
        return str(self.department or self.person)
