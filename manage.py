#!/usr/bin/env python3
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_social.settings")
    try:
        import jobcenter_social.settings  # noqa: F401 - a wrong value shall end in one sentence, not in a traceback
    except ImproperlyConfigured as error:
        sys.exit(f"Start abgebrochen. {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
