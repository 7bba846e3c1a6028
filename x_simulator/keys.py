"""The development keys of the simulator: public, worthless anywhere else."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

TOKEN_SHAPE = re.compile(r"([0-9]{1,19})-.+", re.ASCII)


@dataclass(frozen=True)
class Keys:
    consumer_key: str = "simulator-consumer-key"
    consumer_secret: str = "simulator-consumer-secret"  # noqa: S105 - public on purpose, worthless anywhere else
    access_token: str = "42-simulator-access-token"  # noqa: S105 - public on purpose, worthless anywhere else
    access_token_secret: str = "simulator-access-token-secret"  # noqa: S105 - public on purpose
    app_bearer: str = "simulator-app-bearer"
    client_id: str = "simulator-client-id"
    refresh_token: str = "simulator-refresh-token"  # noqa: S105 - public on purpose, worthless anywhere else

    def __post_init__(self) -> None:
        if not TOKEN_SHAPE.fullmatch(self.access_token):
            raise ValueError("the access token must look like 42-abc: the account's id, a hyphen, anything")

    @property
    def user_id(self) -> str:
        return self.access_token.split("-", 1)[0]


def keys_from(environment: Mapping[str, str] = os.environ) -> Keys:
    """Each field can be replaced by X_SIMULATOR_<FIELD IN CAPITALS>."""
    names = {field.name: f"X_SIMULATOR_{field.name.upper()}" for field in fields(Keys)}
    return Keys(**{field: environment[name] for field, name in names.items() if environment.get(name)})
