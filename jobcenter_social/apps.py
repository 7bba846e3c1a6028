from django.apps import AppConfig


class JobcenterSocialConfig(AppConfig):
    name = "jobcenter_social"

    def ready(self) -> None:
        from jobcenter_social import checks, second_factor  # noqa: F401 - they register checks and receivers
