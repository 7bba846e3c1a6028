from importlib.util import find_spec

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from editorial.roles import everyone
from jobcenter_social.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    # Of allauth only these two: no sign-up, no social log-in, no change of address.
    path("konto/anmelden/", everyone(account.login), name="account_login"),
    path("konto/abmelden/", everyone(account.logout), name="account_logout"),
]
# While both apps are still being written, either may not have its addresses yet.
urlpatterns += [path("", include(name)) for name in ("evaluation.urls", "editorial.urls") if find_spec(name)]
