import os

from celery import Celery

import jobcenter_social.broker  # noqa: F401 - makes the transport name "fsatomic" known to kombu

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobcenter_social.settings")

app = Celery("jobcenter_social")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def listen_for_signs_of_life(**kwargs: object) -> None:
    import jobcenter_social.signs  # noqa: F401 - it needs the models, which are ready only now
