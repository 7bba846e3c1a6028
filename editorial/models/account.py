from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db.models import OuterRef, Subquery

from ..enums import Role


class User(AbstractUser):
    """A member of staff. The role is the one Django group of the role's name (contract: accounts)."""

    @cached_property
    def role(self) -> Role | None:
        names = set(self.groups.values_list("name", flat=True))
        return next((role for role in Role if role.value in names), None)

    @classmethod
    def with_role(cls, pk: int) -> "User | None":
        """A person together with the role, in one query: every page begins with it."""
        links = cls.groups.through._default_manager.filter(user=OuterRef("pk"), group__name__in=Role.values)
        found = cls._default_manager.annotate(role_name=Subquery(links.values("group__name")[:1])).filter(pk=pk).first()
        if found:
            found.role = Role(found.role_name) if found.role_name else None
        return found

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.get_username()

    def __str__(self) -> str:
        return self.display_name
