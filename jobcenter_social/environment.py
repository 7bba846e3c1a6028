"""Reads the environment variables of the contract; a nonsense value stops the start with the variable's name."""

import base64
import binascii
import ipaddress
import math
import os
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

YES, NO = ("1", "true", "yes", "on", "ja"), ("0", "false", "no", "off", "nein")
# A longer duration would only overflow dates; for every purpose here it means "never".
LONGEST_DURATION = 10 * 365 * 24 * 3600
HOST_NAME = re.compile(r"\*|\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
KEY_BYTES = 32
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ConfigurationError(ImproperlyConfigured):
    def __init__(self, name: str, sentence: str):
        super().__init__(f"{name}: {sentence}")


class EmptyValueError(ConfigurationError):
    pass


class Environment:
    def __init__(self, variables: Mapping[str, str] = os.environ):
        self.variables = variables

    def text(self, name: str, default: str = "") -> str:
        """The value of ``name``; set but empty is an error, so that a slip never falls back to a default unnoticed."""
        if name not in self.variables:
            return default
        value = self.variables[name].strip()
        if not value:
            raise EmptyValueError(name, "Der Wert ist leer. Bitte einen Wert setzen oder die Variable entfernen.")
        return value

    def secret(self, name: str, default: str = "") -> str:
        """``name`` itself or the content of the file that ``name``_FILE points to."""
        file_name = f"{name}_FILE"
        if file_name not in self.variables:
            return self.text(name, default)
        if name in self.variables:
            raise ConfigurationError(name, f"Bitte nur eines von beiden setzen: {name} oder {file_name}.")
        try:
            value = Path(self.text(file_name)).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(file_name, f"Die Datei lässt sich nicht lesen ({error}).") from error
        if not value:
            raise EmptyValueError(file_name, "Die Datei ist leer.")
        return value

    def optional_secret(self, name: str) -> str:
        """As ``secret``, but empty counts as not set, in a file too: compose files hand on keys that nobody has yet."""
        try:
            value = self.secret(name)
        except EmptyValueError:
            return ""
        if re.search(r"[^!-~]", value):
            raise ConfigurationError(name, "Der Wert enthält Leerzeichen oder Zeichen, die kein Schlüssel hat.")
        return value

    def x_keys(self) -> dict[str, str]:
        """The four keys by tweepy's names. From the token's first part tweepy learns which account it is."""
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        keys = {name: self.optional_secret(f"X_{name.upper()}") for name in names}
        if all(keys.values()) and not re.match(r"[0-9]+-", keys["access_token"]):
            raise ConfigurationError(
                "X_ACCESS_TOKEN", "Der Wert beginnt nicht mit der Nummer des Kontos und einem Bindestrich (123456-…)."
            )
        return keys

    def single_sign_on(self) -> dict[str, str]:
        """Server, client and secret of the house's log-in (OpenID Connect), all three or none at all."""
        names = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
        server, client, secret = (self.optional_secret(name) for name in names)
        if not (server or client or secret):
            return {}
        for name, value in zip(names, (server, client, secret), strict=True):
            if not value:
                raise ConfigurationError(name, "Der Wert fehlt. Es braucht alle drei: " + ", ".join(names) + ".")
        server = Environment({names[0]: server}).web_address(names[0], "")
        if server.startswith("http://") and urlsplit(server).hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ConfigurationError(names[0], "Die Adresse beginnt nicht mit https.")
        return {"server_url": server, "client_id": client, "secret": secret}

    def flag(self, name: str) -> bool:
        value = self.text(name, "false").lower()
        if value not in (*YES, *NO):
            raise ConfigurationError(name, f"Erlaubt sind true und false, nicht {value!r}.")
        return value in YES

    def duration(self, name: str, default: float, zero: bool = False) -> float:
        value = self.text(name, str(default))
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not (number > 0 or (zero and number == 0)):
            allowed = "0 oder eine positive Zahl" if zero else "eine positive Zahl"
            raise ConfigurationError(name, f"Erwartet wird {allowed}, nicht {value!r}.")
        return min(number, LONGEST_DURATION)

    def count(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"0*[1-9][0-9]{0,5}", value):
            raise ConfigurationError(name, f"Erwartet wird eine ganze Zahl ab 1, nicht {value!r}.")
        return int(value)

    def web_address(self, name: str, default: str) -> str:
        """An http(s) origin, with a path if there is one, without the last slash."""
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
            fits = parts.scheme in ("http", "https") and bool(HOST_NAME.fullmatch(parts.hostname or ""))
            fits = fits and parts.port != 0 and not (parts.query or parts.fragment or parts.username)
        except ValueError:
            fits = False
        if not fits or re.search(r"\s", value):
            raise ConfigurationError(name, f"Erwartet wird eine Adresse wie https://beispiel.de, nicht {value!r}.")
        return value.rstrip("/")

    def origin(self, name: str, default: str) -> str:
        """As ``web_address``, but the app answers at the root of its host only."""
        value = self.web_address(name, default)
        if urlsplit(value).path:
            raise ConfigurationError(name, f"Erwartet wird eine Adresse ohne Pfad, nicht {value!r}.")
        return value

    def hosts(self, name: str, default: list[str]) -> list[str]:
        names = [part.strip() for part in self.text(name, ",".join(default)).split(",")]
        for host in names:
            if not HOST_NAME.fullmatch(host):
                raise ConfigurationError(name, f"Erwartet werden Rechnernamen, durch Komma getrennt, nicht {host!r}.")
        return names

    def addresses(self, name: str) -> list[str]:
        """Mail addresses, separated by commas; none when it is not set."""
        found = [part.strip() for part in self.text(name, "").split(",") if part.strip()]
        for address in found:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ConfigurationError(name, f"„{address}“ ist keine Mailadresse.") from error
        return found

    def networks(self, name: str, default: str) -> list[Network]:
        """Addresses and networks, separated by commas: ``127.0.0.1,10.20.0.0/16``."""
        try:
            return [ipaddress.ip_network(part.strip()) for part in self.text(name, default).split(",")]
        except ValueError as error:
            raise ConfigurationError(
                name, f"Erwartet werden Adressen oder Netze, durch Komma getrennt ({error})."
            ) from error

    def folder(self, name: str, default: Path) -> Path:
        path = Path(self.text(name, str(default))).expanduser().absolute()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(name, f"Der Ordner lässt sich nicht anlegen ({error}).") from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise ConfigurationError(name, f"In den Ordner {path} darf nicht geschrieben werden.")
        return path

    def database(self, name: str, default: str) -> dict[str, Any]:
        url = self.secret(name, default)
        scheme, slashes, _ = url.partition("://")
        if not slashes or scheme not in ("sqlite", "postgres", "postgresql"):
            raise ConfigurationError(
                name, "Erwartet wird sqlite:///PFAD oder postgresql://NAME:PASSWORT@RECHNER/DATENBANK."
            )
        try:
            config = environ.Env.db_url_config(url)
        except ValueError as error:
            raise ConfigurationError(name, f"Die Adresse der Datenbank ist nicht lesbar ({error}).") from error
        if not config["NAME"]:
            raise ConfigurationError(name, "Der Name der Datenbank fehlt.")
        return config

    def broker(self, name: str, default: str) -> str:
        url = self.secret(name, default)
        scheme, slashes, rest = url.partition("://")
        known = scheme == "fsatomic" or (scheme in ("redis", "rediss", "redis+socket") and rest)
        if not (slashes and known):
            raise ConfigurationError(name, "Erwartet wird redis://RECHNER:6379/0 oder fsatomic:// (Dateien).")
        return url

    def mail(self, name: str, default: str) -> dict[str, Any]:
        url = self.secret(name, default)
        try:
            if urlsplit(url).scheme not in environ.Env.EMAIL_SCHEMES:
                raise ValueError("unbekannte Art der Adresse")
            if url.startswith("smtp") and not urlsplit(url).hostname:
                raise ValueError("der Rechner fehlt")
            return environ.Env.email_url_config(url)
        except (ValueError, environ.ImproperlyConfigured) as error:
            raise ConfigurationError(name, f"Erwartet wird smtp+tls://NAME:PASSWORT@RECHNER:587 ({error}).") from error

    def encryption_keys(self, name: str) -> list[str]:
        keys = [part for part in self.optional_secret(name).split(",") if part]
        return [self._encryption_key(name, key) for key in keys]

    @staticmethod
    def _encryption_key(name: str, key: str) -> str:
        try:
            raw = base64.b64decode(key.replace("-", "+").replace("_", "/"), validate=True)
        except binascii.Error:
            raw = b""
        if len(raw) != KEY_BYTES:
            raise ConfigurationError(
                name, "Jeder Schlüssel besteht aus 32 Byte in Base64, mehrere durch Komma getrennt."
            )
        return base64.urlsafe_b64encode(raw).decode()


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def kept_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(64)) -> str:
    """The random secret in ``path``; the first call makes it, also when two processes ask at once."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(make(), encoding="utf-8")
        try:
            os.link(draft, path)  # unlike a rename it never replaces the secret of a faster process
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()
