"""One JSON string per line in, one JSON object per line out: length and links of a text as X sees them."""

import codecs
import json
import os
import sys
from collections.abc import Iterable
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError

from ... import weighing


class Answers(Protocol):
    def write(self, text: str, /) -> Any: ...
    def flush(self) -> Any: ...


class BadLineError(ValueError):
    pass


def answer_lines(lines: Iterable[bytes], answers: Answers) -> None:
    """Answer each line at once, so that another program can talk with this one over pipes.

    Lines end with LF or CRLF; empty ones are passed over, but numbered. Answers are pure ASCII: a lone half of a UTF-16
    pair comes back escaped. Raises BadLineError.
    """
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.strip():
            answers.write(json.dumps(weighing.parse(_text_in(line, number))._asdict()) + "\n")
            answers.flush()


def _text_in(line: bytes, number: int) -> str:
    try:
        text = json.loads(line.decode("utf-8").strip())
    except UnicodeDecodeError as error:
        raise BadLineError(f"Zeile {number} ist kein UTF-8 (Byte {error.start + 1}).") from error
    except json.JSONDecodeError as error:
        raise BadLineError(f"Zeile {number} ist kein gültiges JSON (Zeichen {error.pos + 1}).") from error
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"Zeile {number} ist kein JSON-Text, dafür zu groß oder zu tief verschachtelt.") from error
    if not isinstance(text, str):
        raise BadLineError(f'Zeile {number} ist kein JSON-Text. Erwartet wird zum Beispiel "Guten Tag".')
    return text


class Command(BaseCommand):
    help = (
        "Liest je Zeile einen JSON-Text von der Standardeingabe und schreibt je Zeile ein JSON-Objekt: gewichtete "
        "Länge, Gültigkeit, Adressen, Hashtags und Erwähnungen. Leere Zeilen zählen nicht. Eine falsche Zeile beendet "
        "den Befehl mit dem Wert 2."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer_lines(sys.stdin.buffer, sys.stdout)
        except BadLineError as error:
            raise CommandError(str(error), returncode=2) from error
        except BrokenPipeError:
            # Whoever was reading has had enough; at its end Python must not try to write the rest again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
