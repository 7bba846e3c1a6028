from django.db import models

from ..enums import OrganisationKind
from .register import Kept


class Partner(Kept):
    """An organisation we work with (K-06, K-31) or a company (K-55). There is no field for a private person."""

    kind = models.CharField("Art", max_length=10, choices=OrganisationKind, default=OrganisationKind.PARTNER)
    name = models.CharField("Name der Organisation", max_length=200, unique=True)
    website = models.URLField("Website", blank=True)
    handle = models.CharField("Offizielles Konto auf dem Kanal", max_length=50, blank=True)
    agreed_on = models.DateField("Einverstanden seit", null=True, blank=True)
    last_contact_on = models.DateField("Letzter Kontakt", null=True, blank=True)
    next_step = models.CharField("Nächster Schritt", max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TrustedSite(models.Model):
    """A site whose pages are free to read for everyone (K-46); ``is_own`` marks the authority's own ones (K-45)."""

    domain = models.CharField("Domain", max_length=253, unique=True)
    name = models.CharField("Name", max_length=200)
    is_own = models.BooleanField("eigene Website", default=False)
    reason = models.TextField("Begründung")
    added_on = models.DateField("Aufgenommen am")

    class Meta:
        ordering = ["-is_own", "domain"]

    def __str__(self) -> str:
        return self.domain
