from django.db import models

from ..enums import BlockKind


class GlossaryTerm(models.Model):
    """An abbreviation the house uses (K-11). ``spell_out``: readers outside need its words the first time."""

    short = models.CharField("Abkürzung", max_length=12, unique=True)
    meaning = models.CharField("Bedeutung", max_length=200)
    spell_out = models.BooleanField("Beim ersten Mal ausschreiben", default=False)

    class Meta:
        ordering = ["short"]

    def __str__(self) -> str:
        return self.short


class PublishedContact(models.Model):
    """A phone number or mail address that is public already and belongs to no single person (K-52).

    ``value`` is kept as it is compared: a number as it is dialled, an address in lower case.
    """

    value = models.CharField("Nummer oder Adresse", max_length=120, unique=True)
    purpose = models.CharField("Wofür sie da ist", max_length=200)

    class Meta:
        ordering = ["value"]

    def __str__(self) -> str:
        return self.value


class Election(models.Model):
    """An election before which the house is especially reserved (G-10)."""

    name = models.CharField("Wahl", max_length=120)
    quiet_from = models.DateField("Zurückhaltung ab")
    day = models.DateField("Wahltag")

    class Meta:
        ordering = ["-day", "name"]
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="election_once")]

    def __str__(self) -> str:
        return self.name


class TextBlock(models.Model):
    """Words the house uses again and again, offered while writing. Without a topic: for all of them."""

    title = models.CharField("Bezeichnung", max_length=80, unique=True)
    kind = models.CharField("Art", max_length=10, choices=BlockKind.choices)
    topic = models.ForeignKey(
        "editorial.Topic", verbose_name="Thema", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("Text", max_length=1000)

    class Meta:
        ordering = ["kind", "title"]

    def __str__(self) -> str:
        return self.title
