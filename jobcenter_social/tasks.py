from celery import shared_task
from django.core.management import call_command

LOGIN_TRACES_DAYS = 30


@shared_task(ignore_result=True)
def sign_of_life() -> None:
    """Does nothing. That it ended proves beat, broker and worker together; ``signs`` writes it down."""


@shared_task
def housekeeping() -> None:
    """Deletes what nobody needs any more: expired log-ins and old traces of log-in attempts (names, addresses)."""
    call_command("clearsessions")
    for command in ("axes_reset_logs", "axes_reset_failure_logs"):
        call_command(command, age=LOGIN_TRACES_DAYS)
