from django.db import models

from .register import Kept


class Observation(Kept):
    """A topic or a trend seen on the network, and what we conclude (K-30, K-32). Never about a person.

    ``idea`` is the Beitrag that came of it. The row is deleted after 90 days; the Beitrag stays.
    """

    noted_on = models.DateField("Gesehen am")
    subject = models.CharField("Thema oder Hashtag", max_length=120)
    link = models.URLField("Link", max_length=500, blank=True)
    conclusion = models.TextField("Was schließen wir daraus?", max_length=1000)
    is_trend = models.BooleanField("Das ist ein Trend", default=False)
    idea = models.OneToOneField("editorial.Post", null=True, on_delete=models.PROTECT, editable=False)

    class Meta:
        ordering = ["-noted_on", "-pk"]

    def __str__(self) -> str:
        return self.subject
