"""Account numbers by the registry of python-stdnum: length and form per country, check digits."""

import re
from functools import cache
from itertools import product
from string import ascii_uppercase

from stdnum import iban, numdb

_SIGNS = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_WRITTEN = re.compile(r"[A-Za-z]{2} ?\d{2}(?:[ .-]?[A-Za-z0-9]){11,30}+")
_NO_SPACES = str.maketrans("", "", " .-")


@cache
def forms() -> dict[str, tuple[int, re.Pattern[str]]]:
    """Per country the length of an account number and its form, both without spaces."""
    registry, found = numdb.get("iban"), {}
    for country in map("".join, product(ascii_uppercase, repeat=2)):
        form = registry.info(country)[0][1].get("bban", "")
        parts = re.findall(r"(\d+)!([nac])", form)
        if parts:
            rest = "".join(f"{_SIGNS[kind]}{{{count}}}" for count, kind in parts)
            found[country] = 4 + sum(int(count) for count, _ in parts), re.compile(rf"{country}[0-9]{{2}}{rest}")
    return found


def iban_end(text: str, start: int) -> int | None:
    """Where the account number beginning here ends; None when there is none or its check digits are wrong."""
    length, form = forms().get(text[start : start + 2].upper(), (0, None))
    written = _WRITTEN.match(text, start) if form else None
    if written is None or form is None:
        return None
    number = written.group().translate(_NO_SPACES)[:length].upper()
    if not form.fullmatch(number) or not iban.is_valid(number, check_country=False):
        return None
    return [place for place, sign in enumerate(written.group(), start) if sign.isalnum()][length - 1] + 1
