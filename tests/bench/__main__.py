"""./dev bench [NAME ...] [OPTION ...]: every benchmark, or those named; one JSON object per line."""

import sys
from importlib import import_module

NAMES = ("text", "pages", "publish", "review", "withdraw", "chaos")


def main(arguments: list[str]) -> None:
    first_option = next((place for place, word in enumerate(arguments) if word.startswith("-")), len(arguments))
    wanted, options = arguments[:first_option], arguments[first_option:]
    if unknown := set(wanted) - set(NAMES):
        sys.exit(f"Unbekannt: {', '.join(sorted(unknown))}. Es gibt: {', '.join(NAMES)}.")
    for name in wanted or NAMES:
        sys.argv = [name, *options]
        import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
