from celery import shared_task

from .actions import publishing
from .channels import current_channel


@shared_task(ignore_result=True)
def publish_tick() -> None:
    """One beat: no arguments, no retry, no decision of its own."""
    publishing.tick(current_channel())
