"""./dev bench [NAME ...]: every benchmark, or those named; one JSON object per line."""

import sys
from importlib import import_module

NAMES = ("text", "pages")


def main(arguments: list[str]) -> None:
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    options = [argument for argument in arguments if argument.startswith("-")]
    if unknown := set(wanted) - set(NAMES):
        sys.exit(f"Unbekannt: {', '.join(sorted(unknown))}. Es gibt: {', '.join(NAMES)}.")
    for name in wanted or NAMES:
        sys.argv = [name, *options]
        import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
