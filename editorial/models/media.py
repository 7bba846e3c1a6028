import hashlib

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from ..enums import AiMark, Crop, MediumKind

# The longest side of the smaller copies; the middle one fills the 704 px of a page even on sharper screens.
SMALL_PX, MIDDLE_PX = 480, 960


def small_name(name: str, suffix: str = "webp") -> str:
    """Where the small copy for pages lies: beside the file. Not every file has one, older ones none as ``jpg``."""
    return f"{name.rpartition('.')[0]}-klein.{suffix}"


def middle_name(name: str, suffix: str = "webp") -> str:
    """Where the copy for one large picture on a page lies. Only wide pictures have one."""
    return f"{name.rpartition('.')[0]}-mittel.{suffix}"


def still_name(name: str) -> str:
    """Where the still picture of a video lies: beside the file."""
    return f"{name.rpartition('.')[0]}-standbild.jpg"


class Medium(models.Model):
    """A picture or video of the house: written anew, named at random, with alt text and rights (K-49, G-13).

    ``captions`` is WebVTT as typed or handed in; ``transcript`` tells what is heard and seen. Both only for videos, as
    is ``has_sound``.
    """

    kind = models.CharField("Art", max_length=10, choices=MediumKind.choices, default=MediumKind.PICTURE)
    file = models.FileField("Datei", upload_to="bilder/%Y/%m/")
    media_type = models.CharField(max_length=30)
    sha256 = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    title = models.CharField("Bezeichnung", max_length=120)
    alt_text = models.CharField("Alternativtext", max_length=1000, blank=True)
    captions = models.TextField("Untertitel", blank=True)
    transcript = models.TextField("Textfassung", blank=True)
    duration_s = models.PositiveIntegerField("Dauer in Sekunden", null=True, blank=True)
    has_sound = models.BooleanField("Mit Ton", default=False)
    # Empty: ``file`` is the whole picture.
    whole = models.FileField("Ganzes Bild", upload_to="bilder/%Y/%m/", blank=True)
    crop = models.CharField("Ausschnitt", max_length=5, choices=Crop.choices, blank=True)
    focus_x_pct = models.PositiveSmallIntegerField(
        "Wichtigste Stelle: von links in Prozent", default=50, validators=[MaxValueValidator(100)]
    )
    focus_y_pct = models.PositiveSmallIntegerField(
        "Wichtigste Stelle: von oben in Prozent", default=50, validators=[MaxValueValidator(100)]
    )
    purpose = models.CharField("Zweck", max_length=200, blank=True)
    source = models.CharField("Quelle", max_length=300, blank=True)
    ai_mark = models.CharField("Mit KI gemacht?", max_length=10, choices=AiMark.choices, blank=True)
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

    @property
    def is_video(self) -> bool:
        return self.kind == MediumKind.VIDEO

    def approved_as(self) -> list[str]:
        """What an approval covers of it (``Post.payload``)."""
        covered = [self.sha256, self.alt_text]
        if self.is_video:
            covered += [hashlib.sha256(words.encode()).hexdigest() for words in (self.captions, self.transcript)]
        return covered


class EarlierCut(models.Model):
    """What a picture was before its part was chosen anew: a version of a Beitrag names it by this sum."""

    medium = models.ForeignKey(Medium, on_delete=models.CASCADE, related_name="earlier_cuts")
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["medium", "sha256"], name="earlier_cut_once")]

    def __str__(self) -> str:
        return f"{self.medium_id}: {self.sha256[:8]}"
