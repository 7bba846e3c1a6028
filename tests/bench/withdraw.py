"""How long a story stays after its consent was withdrawn: python -m tests.bench.withdraw [--stories N].

The whole program with the demonstration, as ``./dev run`` starts it. A person of the PRÖ enters the withdrawal on its
page; the clock runs from pressing the button until the website has taken the story down and until X has deleted it.
"""

import argparse
import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_social.settings")

from tests.bench.site import TOKEN, Visitor
from tests.stack import Stack, stack

PASSWORD = "redaktion-demo"
ALLOWED_S = 15 * 60
LOOKS_EVERY_S = 0.2
STORIES = """
import json
from editorial.models import Consent, Delivery
rows = []
for consent in Consent.objects.filter(state="effective").order_by("pk"):
    shown = Delivery.objects.filter(post__consents=consent, state="published").select_related("post")
    if shown:
        rows.append([consent.pk, [[one.external_id, one.post.public_id] for one in shown]])
print(json.dumps(rows))
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench withdraw")
    parser.add_argument("--stories", type=int, default=3)
    options, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="withdraw-") as folder, stack(Path(folder)) as running:
        person = Visitor(running.port).log_in("proe1", PASSWORD)
        stories = json.loads(running.manage("shell", "-v0", "-c", STORIES).stdout)[: options.stories]
        assert stories, "In der Demonstration wird niemand gezeigt."
        for consent, shown in stories:
            say(withdraw(running, person, consent, shown), len(shown))


def withdraw(running: Stack, person: Visitor, consent: int, shown: list[tuple[str, str]]) -> dict[str, float]:
    """Seconds until every place is rid of it. ``shown``: the ids on X and on the website."""
    page = f"/redaktion/einwilligungen/{consent}/widerruf/"
    on_x = {external_id: lambda id_=external_id: is_on_x(running, id_) for external_id, _ in shown}
    on_site = {public_id: lambda id_=public_id: is_on_site(running, id_) for _, public_id in shown}
    for name, is_there in (on_x | on_site).items():
        assert is_there(), f"{name} steht schon vorher nicht da."
    token = TOKEN.search(person.get(page, **{"Accept-Encoding": "identity"}).body)
    assert token, "Die Seite des Widerrufs zeigt kein Formular."
    began = time.monotonic()
    answer = person.post(page, {"way": "phone", "extent": "all", "csrfmiddlewaretoken": token[1].decode()})
    assert answer.status == 302, answer.status
    return {"website": until_gone(on_site, began), "x": until_gone(on_x, began)}


def until_gone(places: dict[str, Callable[[], bool]], began: float) -> float:
    while any(is_there() for is_there in places.values()):
        assert time.monotonic() - began < ALLOWED_S, "Nach 15 Minuten steht es noch da."
        time.sleep(LOOKS_EVERY_S)
    return time.monotonic() - began


def is_on_x(running: Stack, external_id: str) -> bool:
    with urllib.request.urlopen(f"{running.simulator_url}/_sim/posts", timeout=10) as answer:
        posts: list[dict[str, Any]] = json.load(answer)["posts"]
    return any(post["id"] == external_id and not post["deleted"] for post in posts)


def is_on_site(running: Stack, public_id: str) -> bool:
    return Visitor(running.port).get(f"/beitraege/{public_id}/").status == 200


def say(took_s: dict[str, float], posts: int) -> None:
    for place, seconds in took_s.items():
        line = {"name": f"withdraw.{place}", "value": round(seconds, 1), "unit": "s", "conditions": {"posts": posts}}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
