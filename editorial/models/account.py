from functools import cached_property

from django.contrib.auth.models import AbstractUser

from ..enums import Role


class User(AbstractUser):
    """A member of staff. The role is the one Django group of the role's name (contract: accounts)."""

    @cached_property
    def role(self) -> Role | None:
        names = set(self.groups.values_list("name", flat=True))
        return next((role for role in Role if role.value in names), None)

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.get_username()

    def __str__(self) -> str:
        return self.display_name
