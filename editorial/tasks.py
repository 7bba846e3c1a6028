from celery import shared_task

from .actions import (
    accesses,
    anchoring,
    by_hand,
    clearing,
    comparing,
    consents,
    consulting,
    ended_consents,
    links,
    notices,
    observing,
    publishing,
    reconciling,
    reminding,
    reporting,
    restoring,
    self_test,
    spending,
)
from .channels import current_channel


@shared_task(ignore_result=True)
def publish_tick() -> None:
    """One beat: no arguments, no retry, no decision of its own."""
    publishing.tick(current_channel())


@shared_task(ignore_result=True)
def reconcile_tick() -> None:
    """Look up what became of open attempts and tell people; beside the sending, so that nothing slow delays it."""
    reconciling.tick(current_channel())
    consents.watch()
    by_hand.remind()
    clearing.tell()
    notices.mail_due()


@shared_task(ignore_result=True)
def compare_after_restore() -> None:
    """After a start from a backup, until it has succeeded once; otherwise one cheap question."""
    restoring.try_to_reconcile(current_channel())


@shared_task(ignore_result=True)
def look_after() -> None:
    """Every hour: what people did on the channel by hand; once a day the test of log-in, clock and promises."""
    channel = current_channel()
    if channel is not None:
        comparing.compare(channel)
    self_test.run_if_due(channel)
    spending.watch()
    observing.forget_old()
    consents.forget_old()
    ended_consents.complete()
    accesses.watch()
    anchoring.mail_head()
    anchoring.forget_names()
    reporting.warn_of_rights()
    notices.forget_old()


@shared_task(ignore_result=True)
def watch_questions() -> None:
    """Every few minutes: remind the Fachberatung, note what was not answered in time."""
    consulting.watch()


@shared_task(ignore_result=True)
def watch_approvals() -> None:
    """Every few minutes: remind of what waits for a Freigabe or a later look, call everybody when time runs out."""
    reminding.watch()


@shared_task(ignore_result=True)
def check_links() -> None:
    """In a worker of its own (queue ``links``): look at the pages that are due."""
    links.check_due()


@shared_task(ignore_result=True)
def plan_links() -> None:
    links.plan_looks()
