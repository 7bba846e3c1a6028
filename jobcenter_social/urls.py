from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from editorial.roles import everyone
from editorial.views.typed import log_in
from jobcenter_social.health import healthz
from jobcenter_social.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    # Of allauth only these two: no sign-up, no social log-in, no change of address.
    path("konto/anmelden/", everyone(log_in), name="account_login"),
    path("konto/abmelden/", everyone(account.logout), name="account_logout"),
    path("", include("evaluation.urls")),
    path("", include("editorial.urls")),
]
