"""The settings of production, with two bare views to compare with and a middleware that counts queries when asked."""

from pathlib import Path

from jobcenter_social.settings import *  # noqa: F403 - this is what is measured
from jobcenter_social.settings import MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.bare.count_queries", *MIDDLEWARE]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]}]
SECOND_FACTOR_REQUIRED = False  # what is measured is the page behind it
