from django.db import models


class Partner(models.Model):
    """An organisation we work with (K-06, K-31). Organisations only: there is no field for a private person."""

    name = models.CharField("Name der Organisation", max_length=200, unique=True)
    website = models.URLField("Website", blank=True)
    agreed_on = models.DateField("Einverstanden seit", null=True, blank=True)

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
