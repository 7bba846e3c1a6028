"""The program's own settings, for one process that is to fail at a named point or to live by a wrong clock."""

from jobcenter_social.settings import *  # noqa: F403 - all of them, and one app more
from jobcenter_social.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.Faults"]
