from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import NoticeKind


class Notice(models.Model):
    """Something a person is told, written in the transaction of what it is about; so is the mail of it, if any.

    ``words``: one German sentence without personal data of others. ``mail_due_at``: None where no mail is wanted.
    ``claimed_until``: somebody is mailing it just now. ``settled_at``: no longer of interest, read or not.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    words = models.CharField(max_length=300)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], condition=~Q(key=""), name="notice_key_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notice_person"),
            models.Index(fields=["mail_due_at"], condition=Q(mailed_at=None), name="notice_to_mail"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def label(self) -> str:
        return NoticeKind(self.kind).label
