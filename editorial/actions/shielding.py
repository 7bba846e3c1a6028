"""Many are worked through one by one: what goes wrong with one must not keep the others from their turn."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)


@contextmanager
def others_go_on(what: str, pk: object = "") -> Iterator[None]:
    """Log what was not foreseen and go on. A database that is gone or full concerns all: that is raised."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("%s %s went wrong; the others go on", what, pk)
