"""The program as a next version might be: its Ausspielung has one column more."""

from jobcenter_social.settings import *  # noqa: F403 - all of them, and one app more
from jobcenter_social.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.next_release.apps.NextRelease"]
