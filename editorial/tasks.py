from celery import shared_task

from .actions import publishing, reconciling
from .channels import current_channel


@shared_task(ignore_result=True)
def publish_tick() -> None:
    """One beat: no arguments, no retry, no decision of its own."""
    publishing.tick(current_channel())


@shared_task(ignore_result=True)
def reconcile_tick() -> None:
    """Look up what became of open attempts; beside the sending, so that a slow timeline delays nothing."""
    reconciling.tick(current_channel())
