"""How long a review takes on a channel with a long history: ./dev bench review [--quick]. PostgreSQL, one process.

20,000 Beiträge and two million rows of figures: some 2,200 Beiträge in each half-year, twice what ten years of a busy
channel have. The review is frozen by the real workflow in a fresh process, whose memory is what is told.
"""

import json
import os
import platform
import secrets
import subprocess
import sys
import tempfile

import psycopg

from tests import servers
from tests.bench.site import NOWHERE, run

POSTS, ROWS = 20_000, 2_000_000
QUICK_POSTS, QUICK_ROWS = 400, 20_000
FIGURES = ("impressions", "retweets", "likes", "replies", "quotes", "bookmarks", "link_clicks")
# Readings of each post at even distances; a seventeenth of them brought nothing.
READ = """
INSERT INTO evaluation_figurerow
  (channel_id, delivery_id, figure, value, missing_reason, unit, source, point, taken_at, replaces_id)
SELECT d.channel_id, d.id, f.name,
  CASE WHEN (d.id + n) %% 17 = 0 THEN NULL ELSE d.id %% 500 + n * 3 END,
  CASE WHEN (d.id + n) %% 17 = 0 THEN 'not_delivered' ELSE '' END,
  'times', 'api', 'bench-' || n, d.published_at + n * interval '9 days', NULL
FROM editorial_delivery d, unnest(%(figures)s::text[]) AS f(name), generate_series(0, %(points)s - 1) AS n
WHERE d.published_at IS NOT NULL
"""
COUNTED = """
INSERT INTO evaluation_figurerow
  (channel_id, delivery_id, figure, value, missing_reason, unit, source, point, taken_at, replaces_id)
SELECT c.id, NULL, 'followers', 1000 + n, '', 'accounts', 'api', 'bench-' || n, now() - n * interval '1 day', NULL
FROM editorial_channel c, generate_series(0, 1800) AS n WHERE c.slug = 'x'
"""


def main() -> None:
    posts, rows = (QUICK_POSTS, QUICK_ROWS) if "--quick" in sys.argv[1:] else (POSTS, ROWS)
    with servers.postgres() as url, tempfile.TemporaryDirectory() as folder:
        database = servers.new_database(url)
        own = {"DATABASE_URL": database, "SECRET_KEY": secrets.token_urlsafe(64), "VAR_DIR": folder}
        env = {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "tests.bench.settings", "X_API_BASE_URL": NOWHERE}
        env["PUBLIC_BASE_URL"] = "http://localhost:8000"
        run(env, "manage.py", "migrate", "--verbosity", "0")
        run(env, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        run(env, "-m", "tests.bench.many_posts", str(posts))
        stored = read_figures(database, rows)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.review_inside"], env=env, check=True, stdout=subprocess.PIPE, text=True
        )
    for line in done.stdout.splitlines():
        found = json.loads(line)
        found["conditions"] |= {"posts": posts, "rows": stored, "database": "PostgreSQL"}
        found["conditions"] |= {"python": platform.python_version(), "cores": os.cpu_count()}
        print(json.dumps(found), flush=True)


def read_figures(database: str, rows: int) -> int:
    """Store about so many rows; returns how many they are."""
    with psycopg.connect(database, autocommit=True) as connection:
        published = connection.execute("SELECT count(*) FROM editorial_delivery WHERE published_at IS NOT NULL")
        (count,) = published.fetchone() or (1,)
        points = max(-(-rows // (count * len(FIGURES))), 1)
        connection.execute(READ, {"figures": list(FIGURES), "points": points})
        connection.execute(COUNTED)
        connection.execute("ANALYZE")
        stored = connection.execute("SELECT count(*) FROM evaluation_figurerow").fetchone()
    assert stored
    return int(stored[0])


if __name__ == "__main__":
    main()
