from django.conf import settings
from django.db import models


def small_name(name: str) -> str:
    """Where the small copy for pages lies: beside the file. Not every file has one."""
    return f"{name.rpartition('.')[0]}-klein.webp"


class Medium(models.Model):
    """A picture of the house: re-encoded, named at random, with alt text and rights (K-49, G-13)."""

    file = models.FileField("Datei", upload_to="bilder/%Y/%m/")
    media_type = models.CharField(max_length=30)
    sha256 = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    title = models.CharField("Bezeichnung", max_length=120)
    alt_text = models.CharField("Alternativtext", max_length=1000, blank=True)
    captions = models.FileField("Untertitel", upload_to="untertitel/%Y/%m/", blank=True)
    duration_s = models.PositiveIntegerField("Dauer in Sekunden", null=True, blank=True)
    author = models.CharField("Urheber:in", max_length=200, blank=True)
    licence = models.CharField("Nutzungsrecht", max_length=200, blank=True)
    rights_until = models.DateField("Nutzbar bis", null=True, blank=True)
    shows_people = models.BooleanField("Personen sind erkennbar", default=False)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.title
