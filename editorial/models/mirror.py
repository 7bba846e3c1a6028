from django.conf import settings
from django.db import models


class MirrorQuerySet(models.QuerySet["MirrorItem"]):
    def visible(self) -> "MirrorQuerySet":
        return self.filter(taken_down_at=None)


class MirrorItem(models.Model):
    """What the public reads of a Beitrag without an account (K-47): frozen as approved, taken down in one step."""

    post = models.OneToOneField("editorial.Post", on_delete=models.PROTECT, related_name="mirror_item")
    shown_from = models.DateTimeField(db_index=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField()
    topic_name = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    twin_url = models.URLField(max_length=500, blank=True)
    retweet_url = models.URLField(max_length=500, blank=True)
    media = models.JSONField(default=list)

    objects = MirrorQuerySet.as_manager()

    class Meta:
        ordering = ["-shown_from", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Correction(models.Model):
    """A note on the mirror that says what was wrong; what was first said stays kept in the house (K-25)."""

    post = models.ForeignKey("editorial.Post", on_delete=models.PROTECT, related_name="corrections")
    note = models.TextField("Richtigstellung")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.note[:60]
