from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from ..enums import LinkOpinion, LinkPlace, LinkState

LONGEST_URL = 1_000


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def with_word(self) -> "LinkCheckQuerySet":
        """``word``: what a person said, as long as the machine still finds what it found then; otherwise empty."""
        holds = When(opinion_of=F("state"), then=F("opinion"))
        return self.annotate(word=Case(holds, default=Value("", output_field=models.CharField())))

    def to_tell(self) -> "LinkCheckQuerySet":
        """Of Beiträge that have not gone out, what rules have to know: all that is not simply good."""
        ahead = self.with_word().filter(is_ahead=True)
        return ahead.exclude(Q(state__in=(LinkState.GOOD, LinkState.UNCHECKED)) & Q(opinion=""))


class LinkCheck(models.Model):
    """One address and what stands there, as the machine found it and, apart from that, as a person saw it (K-46).

    ``is_free``: as the page declares it; None where it says nothing. ``problem``: why nothing could be read.
    ``opinion_of``: what the machine had found when the person looked. ``is_ahead``: a Beitrag needs it that has not
    gone out. ``wanted_at``: somebody waits for a look. ``next_at``: None while no Beitrag needs it.
    """

    url = models.CharField("Adresse", max_length=LONGEST_URL, unique=True)
    state = models.CharField(max_length=12, choices=LinkState, default=LinkState.UNCHECKED)
    problem = models.CharField(max_length=20, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    final_url = models.CharField(max_length=LONGEST_URL, blank=True)
    title = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=35, blank=True)
    canonical = models.CharField(max_length=LONGEST_URL, blank=True)
    last_modified = models.CharField(max_length=40, blank=True)
    is_free = models.BooleanField(null=True)
    marks = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    bad_since = models.DateTimeField(null=True)
    bad_times = models.PositiveSmallIntegerField(default=0)

    opinion = models.CharField("Was sehen Sie?", max_length=10, choices=LinkOpinion, blank=True)
    opinion_of = models.CharField(max_length=12, blank=True)
    opinion_reason = models.CharField("Begründung", max_length=500, blank=True)
    opinion_at = models.DateTimeField(null=True)
    opinion_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    is_ahead = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    wanted_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    posts: Any = models.ManyToManyField("editorial.Post", through="PostLink", related_name="links")

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-bad_since", "-pk"]
        indexes = [
            models.Index(fields=["next_at"], name="link_next"),
            models.Index(fields=["wanted_at"], condition=Q(wanted_at__isnull=False), name="link_wanted"),
            models.Index(fields=["state", "-checked_at"], name="link_state"),
            models.Index(
                fields=["state"],
                condition=Q(is_ahead=True) & (~Q(state__in=("good", "unchecked")) | ~Q(opinion="")),
                name="link_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def opinion_holds(self) -> bool:
        return bool(self.opinion) and self.opinion_of == self.state

    @property
    def is_waiting(self) -> bool:
        """Somebody asked for a look that has not come yet."""
        return self.wanted_at is not None and not self.is_demo


class PostLink(models.Model):
    """Where in a Beitrag an address stands."""

    post = models.ForeignKey("editorial.Post", on_delete=models.CASCADE, related_name="link_places")
    link = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="places")
    place = models.CharField(max_length=8, choices=LinkPlace)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "link", "place"], name="link_once_per_place")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.link_id}"
