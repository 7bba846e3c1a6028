from django.apps import AppConfig
from django.db import models


class NextRelease(AppConfig):
    name = "tests.faults.next_release"
    label = "next_release"

    def ready(self) -> None:
        from editorial.models import Delivery

        models.CharField(max_length=20, default="neu", db_default="alt").contribute_to_class(Delivery, "written_by")
