"""The 259 cases of twitter-text's own suite that concern us (Apache-2.0, lying beside the repository).

Where the folder is missing these tests look at nothing and pass: every section has cases of our own in test_weight.py,
test_urls.py and test_tags.py, and test_oracle.py asks the original. Where it is there, none may be missing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from editorial import weighing

SUITE = Path(__file__).resolve().parents[4] / "shared" / "twitter-text"


def weight_and_validity(text: str, *, emoji_as_one: bool = True) -> dict[str, Any]:
    weighed = weighing.weigh(text, emoji_as_one=emoji_as_one)
    return {"weightedLength": weighed.weighted, "valid": weighed.valid}


def weight_of_configuration_2(text: str) -> dict[str, Any]:
    return weight_and_validity(text, emoji_as_one=False)


def urls_with_places(text: str) -> list[dict[str, Any]]:
    return [{"url": url, "indices": [start, end]} for url, start, end in weighing.extract_urls_with_indices(text)]


def hashtags_with_places(text: str) -> list[dict[str, Any]]:
    found = weighing.extract_hashtags_with_indices(text)
    return [{"hashtag": tag, "indices": [start, end]} for tag, start, end in found]


def mentions_with_places(text: str) -> list[dict[str, Any]]:
    found = weighing.extract_mentions_with_indices(text)
    return [{"screen_name": name, "indices": [start, end]} for name, _, start, end in found]


def mentions_or_lists_with_places(text: str) -> list[dict[str, Any]]:
    found = weighing.extract_mentions_or_lists_with_indices(text)
    return [{"screen_name": name, "list_slug": slug, "indices": [start, end]} for name, slug, start, end in found]


SECTIONS: list[tuple[str, str, int, Callable[[str], Any]]] = [
    ("validate.yml", "WeightedTweetsCounterTest", 20, weight_of_configuration_2),
    ("validate.yml", "WeightedTweetsWithDiscountedEmojiCounterTest", 22, weight_and_validity),
    ("validate.yml", "UnicodeDirectionalMarkerCounterTest", 2, weight_and_validity),
    ("extract.yml", "urls", 91, weighing.extract_urls),
    ("extract.yml", "urls_with_indices", 10, urls_with_places),
    ("extract.yml", "urls_with_directional_markers", 2, urls_with_places),
    ("extract.yml", "tco_urls_with_params", 5, weighing.extract_urls),
    ("extract.yml", "hashtags", 65, weighing.extract_hashtags),
    ("extract.yml", "hashtags_from_astral", 3, weighing.extract_hashtags),
    ("extract.yml", "hashtags_with_indices", 8, hashtags_with_places),
    ("extract.yml", "mentions", 23, weighing.extract_mentions),
    ("extract.yml", "mentions_with_indices", 3, mentions_with_places),
    ("extract.yml", "mentions_or_lists_with_indices", 5, mentions_or_lists_with_places),
]


@pytest.fixture(scope="module")
def suite() -> dict[str, Any]:
    files = {file for file, *_ in SECTIONS} if SUITE.exists() else set()
    return {file: yaml.safe_load((SUITE / file).read_text(encoding="utf-8"))["tests"] for file in files}


@pytest.mark.parametrize(("file", "section", "count", "ask"), SECTIONS, ids=[section for _, section, *_ in SECTIONS])
def test_the_section_is_answered_as_the_suite_wants_it(
    suite: dict[str, Any], file: str, section: str, count: int, ask: Callable[[str], Any]
) -> None:
    cases = suite.get(file, {}).get(section, [])
    wrong = [(case["description"], case["text"], ask(case["text"])) for case in cases if not _agrees(case, ask)]
    assert wrong == []
    assert len(cases) == (count if suite else 0)


def test_the_sections_hold_259_cases() -> None:
    assert sum(count for _, _, count, _ in SECTIONS) == 259


def _agrees(case: dict[str, Any], ask: Callable[[str], Any]) -> bool:
    answer, expected = ask(case["text"]), case["expected"]
    if isinstance(expected, dict):
        # Of parseTweet's answer only weight and validity matter to us, not the ranges to display.
        return bool(answer == {key: expected[key] for key in ("weightedLength", "valid")})
    return bool(answer == expected)
