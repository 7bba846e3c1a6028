"""What only some start pages tell: read for the overview, decided nowhere here."""

from .enums import Role
from .models import AuditHead, User


def accounts_by_role() -> list[tuple[str, int]]:
    """How many people may log in with each role."""
    active = User.objects.filter(is_active=True, groups__name__in=Role.values)
    names = list(active.values_list("groups__name", flat=True))
    return [(role.label, names.count(role.value)) for role in Role]


def audit_length() -> int:
    """How many steps the record holds; its end knows, nothing has to be counted."""
    return AuditHead.objects.values_list("position", flat=True).first() or 0
