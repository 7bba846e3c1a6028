"""How fast and how punctually posts go out: ./dev bench publish [--quick]. PostgreSQL, as many threads as a worker has.

The burst goes through the real adapter to a process of its own that answers after a given time. Beside it in the same
run, with the same adapter, as many threads and the same process to answer: a bare loop that is safe against crashes
(claim and commit, send, record and commit) and knows no rule, record or website: once with Django's models, as the
application is written, and once in SQL by hand. The server writes every commit to the disk before it confirms it:
without that no loop would be safe. Elsewhere the channel is in memory, so that what is measured is ours.
"""

import os
import secrets
import subprocess
import sys
import tempfile

from tests import servers


def main() -> None:
    with servers.postgres(keeps_what_it_confirms=True) as url, tempfile.TemporaryDirectory() as folder:
        own = {"DATABASE_URL": url, "SECRET_KEY": secrets.token_urlsafe(64), "VAR_DIR": folder}
        quick = {"PUBLISH_TICK_S": "1", "PUBLISH_QUARANTINE_S": "15", "PUBLISH_TASK_LIMIT_S": "10"}
        env = {**os.environ, **own, **quick, "DJANGO_SETTINGS_MODULE": "jobcenter_social.settings"}
        command = [sys.executable, "-m", "tests.bench.publish_inside", *sys.argv[1:]]
        sys.exit(subprocess.call(command, env=env))


if __name__ == "__main__":
    main()
