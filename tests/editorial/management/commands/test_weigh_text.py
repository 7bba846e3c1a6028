import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from editorial.management.commands.weigh_text import BadLineError, answer_lines

MANAGE = Path(__file__).resolve().parents[4] / "manage.py"


def answers_to(*lines: bytes) -> list[dict[str, object]]:
    answers = io.StringIO()
    answer_lines(lines, answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_each_line_is_answered_by_one_object() -> None:
    assert answers_to(b'"Neu: a.de #x @y"\n', '"größer"\n'.encode()) == [
        {"weighted": 34, "valid": True, "urls": ["a.de"], "hashtags": ["x"], "mentions": ["y"]},
        {"weighted": 6, "valid": True, "urls": [], "hashtags": [], "mentions": []},
    ]


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    answers = io.StringIO()
    answer_lines([b'""\n'], answers)
    assert answers.getvalue() == '{"weighted": 0, "valid": false, "urls": [], "hashtags": [], "mentions": []}\n'


def test_line_ends_of_windows_and_a_byte_order_mark_do_no_harm() -> None:
    assert [answer["weighted"] for answer in answers_to(b'\xef\xbb\xbf"a"\r\n', b' "ab" \r\n')] == [1, 2]


def test_breaks_of_unicode_inside_a_text_do_not_end_the_line() -> None:
    assert [answer["weighted"] for answer in answers_to('"a\u2028b\x85c"\n'.encode())] == [6]


def test_a_line_break_inside_a_text_is_written_as_json_does() -> None:
    assert [answer["weighted"] for answer in answers_to(b'"a\\r\\nb"\n')] == [4]


def test_empty_lines_are_passed_over() -> None:
    assert len(answers_to(b"\n", b'"a"\n', b"  \r\n", b'"b"')) == 2


def test_a_lone_half_of_a_pair_is_weighed_and_comes_back_as_it_came() -> None:
    assert answers_to(b'"\\ud83d http://\\ud83dx.de"\n') == [
        {"weighted": 26, "valid": True, "urls": ["http://\ud83dx.de"], "hashtags": [], "mentions": []}
    ]


def test_answers_come_at_once_and_not_at_the_end() -> None:
    seen = []

    class Answers(io.StringIO):
        def flush(self) -> None:
            seen.append(self.getvalue().count("\n"))

    answer_lines([b'"a"\n', b'"b"\n'], Answers())
    assert seen == [1, 2]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'"a', "Zeile 2 ist kein gültiges JSON (Zeichen 1)."),
        (b'"a" "b"', "Zeile 2 ist kein gültiges JSON (Zeichen 5)."),
        (b"guten Tag", "Zeile 2 ist kein gültiges JSON (Zeichen 1)."),
        (b'"a\xff"', "Zeile 2 ist kein UTF-8 (Byte 3)."),
        (b"5", 'Zeile 2 ist kein JSON-Text. Erwartet wird zum Beispiel "Guten Tag".'),
        (b"null", 'Zeile 2 ist kein JSON-Text. Erwartet wird zum Beispiel "Guten Tag".'),
        (b'["a"]', 'Zeile 2 ist kein JSON-Text. Erwartet wird zum Beispiel "Guten Tag".'),
        (b"9" * 100_000, "Zeile 2 ist kein JSON-Text, dafür zu groß oder zu tief verschachtelt."),
        (b"[" * 100_000, "Zeile 2 ist kein JSON-Text, dafür zu groß oder zu tief verschachtelt."),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_wrong_line_is_named_by_its_number(line: bytes, message: str) -> None:
    answers = io.StringIO()
    with pytest.raises(BadLineError) as caught:
        answer_lines([b'"a"\n', line + b"\n", b'"b"\n'], answers)
    assert str(caught.value) == message
    assert len(answers.getvalue().splitlines()) == 1


def test_the_command_answers_what_it_can_and_ends_with_two() -> None:
    run = subprocess.run(
        [sys.executable, str(MANAGE), "weigh_text"], input=b'"a"\n5\n', capture_output=True, timeout=60
    )
    assert json.loads(run.stdout)["weighted"] == 1
    assert run.stderr.decode().startswith("CommandError: Zeile 2 ist kein JSON-Text.")
    assert run.returncode == 2


def test_the_command_is_quiet_when_its_reader_leaves() -> None:
    command = subprocess.Popen(
        [sys.executable, str(MANAGE), "weigh_text"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdin is not None
    assert command.stdout is not None
    command.stdout.close()
    command.stdin.write(b'"a"\n' * 3)
    command.stdin.close()
    command.stdin = None
    errors = command.communicate(timeout=60)[1] if command.stderr else b""
    assert (errors, command.returncode) == (b"", 0)
