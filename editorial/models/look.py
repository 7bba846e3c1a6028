from django.conf import settings
from django.db import models


class Look(models.Model):
    """What somebody who decides had on the screen: opened to decide, or decided about. One row a person and content.

    ``payload`` is as ``Post.payload`` and ``digest`` its digest; ``version_number`` names it to people.
    """

    post = models.ForeignKey("editorial.Post", on_delete=models.CASCADE, related_name="looks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    version_number = models.PositiveIntegerField()
    payload = models.JSONField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "person", "digest"], name="look_once_per_content"),
        ]
        indexes = [models.Index(fields=["post", "person", "-seen_at"], name="look_latest")]

    def __str__(self) -> str:
        return f"{self.post_id} Fassung {self.version_number}"
