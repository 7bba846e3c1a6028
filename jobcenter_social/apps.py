from django.apps import AppConfig


class JobcenterSocialConfig(AppConfig):
    name = "jobcenter_social"

    def ready(self) -> None:
        from jobcenter_social import checks  # noqa: F401 - registers the system checks
