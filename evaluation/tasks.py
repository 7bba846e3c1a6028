from celery import shared_task

from editorial.channels import current_channel

from . import collecting, reminding


@shared_task(ignore_result=True)
def collect_metrics_tick() -> None:
    """A tick without arguments: what is due stands in the database."""
    reminding.watch()
    collecting.collect(current_channel())
