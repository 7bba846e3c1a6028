from django.conf import settings
from django.db import models
from django.db.models import F, Q


class RuleChangeQuerySet(models.QuerySet["RuleChange"]):
    def in_force(self) -> "RuleChangeQuerySet":
        return self.exclude(approved_at=None).filter(ended_at=None)

    def not_ended(self) -> "RuleChangeQuerySet":
        return self.filter(ended_at=None)


class RuleChange(models.Model):
    """Another strength for a rule: for every Beitrag, or as an exception for one. Holds once a director agreed.

    ``rule`` is the name of the rule's function, ``blocks`` the strength that holds instead of its own.
    Never edited: what no longer holds is ended.
    """

    rule = models.CharField(max_length=60)
    post = models.ForeignKey("editorial.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    blocks = models.BooleanField()
    reason = models.TextField("Begründung")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=Q(post=None, ended_at=None), name="one_change_per_rule"),
            models.UniqueConstraint(
                fields=["rule", "post"], condition=Q(post__isnull=False, ended_at=None), name="one_exception_per_post"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="rule_change_by_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {'Block' if self.blocks else 'Hinweis'}"

    @property
    def is_in_force(self) -> bool:
        return self.approved_at is not None and self.ended_at is None
