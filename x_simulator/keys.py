"""The development keys of the simulator: public, worthless anywhere else."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

CONSUMER_KEY = "simulator-consumer-key"
CONSUMER_SECRET = "simulator-consumer-secret"
ACCESS_TOKEN = "42-simulator-access-token"
ACCESS_TOKEN_SECRET = "simulator-access-token-secret"
APP_BEARER = "simulator-app-bearer"
CLIENT_ID = "simulator-client-id"
REFRESH_TOKEN = "simulator-refresh-token"

TOKEN_SHAPE = re.compile(r"([0-9]{1,19})-.+", re.ASCII)


@dataclass(frozen=True)
class Keys:
    consumer_key: str = CONSUMER_KEY
    consumer_secret: str = CONSUMER_SECRET
    access_token: str = ACCESS_TOKEN
    access_token_secret: str = ACCESS_TOKEN_SECRET
    app_bearer: str = APP_BEARER
    client_id: str = CLIENT_ID
    refresh_token: str = REFRESH_TOKEN

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
