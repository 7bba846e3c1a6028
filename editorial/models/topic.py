from django.db import models


class Topic(models.Model):
    """One of the ten topics of the concept (K-50). Its duties say what a Beitrag about it must bring along."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(unique=True)
    clause = models.CharField(max_length=40)
    description = models.TextField()
    duty_text = models.TextField(blank=True)
    needs_value_added = models.BooleanField(default=False)
    needs_partner = models.BooleanField(default=False)
    needs_consent = models.BooleanField(default=False)
    needs_source = models.BooleanField(default=False)
    needs_consultation = models.BooleanField("Fachberatung ist Pflicht", default=False)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class CoreMessage(models.Model):
    """A Kernbotschaft of the house, offered while writing about its topic (K-24)."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="core_messages")
    text = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["topic", "position"]
        constraints = [models.UniqueConstraint(fields=["topic", "position"], name="core_message_position")]

    def __str__(self) -> str:
        return self.text


class Audience(models.Model):
    """One of the six target groups of the concept (K-22)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(unique=True)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name
