import uuid
from typing import Any

from django.conf import settings
from django.db import models


class AuditActor(models.Model):
    """Who hides behind a pseudonym. Emptied after 12 months, so the chain itself never holds a name."""

    pseudonym = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="audit_actor"
    )
    name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.pseudonym)


class AuditEntry(models.Model):
    """One step that was taken. Written once, in the transaction of the step; never edited, never deleted.

    ``digest_sha256`` is that of the text the step was about; ``hash`` chains the entry to the one before it.
    """

    position = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    step = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20, blank=True)
    digest_sha256 = models.CharField(max_length=64, blank=True)
    concept_stand = models.CharField(max_length=7, blank=True)
    note = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "position"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.position} {self.step}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValueError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ValueError("An audit entry is never deleted.")


class AuditHead(models.Model):
    """The end of the chain: one row, locked by whoever writes next, so that the chain never forks."""

    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
    # When it was last told to people outside: whoever rewrites the chain cannot rewrite their mails.
    mailed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.position)
