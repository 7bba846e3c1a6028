import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..enums import ApprovalKind


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def standing(self) -> "ApprovalQuerySet":
        return self.filter(voided_at=None)

    def post_check_open(self) -> "ApprovalQuerySet":
        return self.filter(kind=ApprovalKind.EXPRESS, post_checked_at=None)


class Approval(models.Model):
    """A Freigabe: this person approved exactly this digest. Any later edit voids it; it is never edited itself.

    ``slot`` is the approved moment, None when the date was left open. ``last_author`` makes four eyes a constraint.
    """

    post = models.ForeignKey("editorial.Post", on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=10, choices=ApprovalKind, default=ApprovalKind.REGULAR)
    digest = models.CharField(max_length=64)
    version_number = models.PositiveIntegerField()
    slot = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals")
    last_author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    post_check_due_on = models.DateField(null=True, blank=True)
    post_checked_at = models.DateTimeField(null=True, blank=True)
    post_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-approved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(voided_at=None), name="one_standing_approval"),
            models.CheckConstraint(
                condition=Q(last_author=None) | ~Q(approved_by=F("last_author")), name="approval_by_second_person"
            ),
        ]
        indexes = [models.Index(fields=["post_check_due_on"], name="approval_post_check")]

    def __str__(self) -> str:
        return f"Freigabe {self.post_id} vom {self.approved_at:%d.%m.%Y}"

    @property
    def post_check_is_open(self) -> bool:
        return self.kind == ApprovalKind.EXPRESS and self.post_checked_at is None

    def post_check_overdue(self, on: dt.date) -> bool:
        return self.post_check_due_on is not None and self.post_checked_at is None and on > self.post_check_due_on
