from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Auswertung"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from editorial import queries  # models exist only now

        from .latest import latest

        queries.measured_is_read_by(latest)
