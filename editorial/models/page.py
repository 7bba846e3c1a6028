from django.conf import settings
from django.db import models


class PublicPage(models.Model):
    """A public text of responsibility (Impressum, Netiquette, …), kept as versions (G-01, G-04, K-43)."""

    slug = models.SlugField(unique=True)
    title = models.CharField("Titel", max_length=120)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    @property
    def current(self) -> "PublicPageVersion":
        return self.versions.latest("number")


class PublicPageVersion(models.Model):
    page = models.ForeignKey(PublicPage, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField("Text")
    is_draft = models.BooleanField("Noch ein Entwurf", default=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="page_version_number")]

    def __str__(self) -> str:
        return f"{self.page} {self.number}"
