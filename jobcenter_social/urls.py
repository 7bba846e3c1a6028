from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import URLPattern, URLResolver, include, path

from editorial.roles import everyone, signed_in
from editorial.views.typed import log_in
from jobcenter_social import single_sign_on
from jobcenter_social.health import healthz
from jobcenter_social.metrics import metrics

FACTOR = "konto/zweiter-faktor/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    # Of allauth only these: no sign-up, no change of address.
    path("konto/anmelden/", everyone(log_in), name="account_login"),
    path("konto/abmelden/", everyone(account.logout), name="account_logout"),
    path("konto/anmelden/code/", everyone(mfa.authenticate), name="mfa_authenticate"),
    path("konto/anmelden/ueber/<slug:provider_id>/", everyone(oidc.login), name="openid_connect_login"),
    path("konto/anmelden/ueber/<slug:provider_id>/zurueck/", everyone(oidc.callback), name="openid_connect_callback"),
    path("konto/bestaetigen/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("konto/bestaetigen/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "konto/bestaetigen/passkey/",
        signed_in(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("konto/bestaetigen/haus/", signed_in(single_sign_on.confirm_at_house), name="confirm_at_house"),
    path("konto/bestaetigen/haus/zurueck/", signed_in(single_sign_on.confirmed_at_house), name="confirmed_at_house"),
    path(FACTOR, signed_in(mfa.index), name="mfa_index"),
    path(f"{FACTOR}app/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path(f"{FACTOR}app/entfernen/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(f"{FACTOR}ersatzcodes/", signed_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(f"{FACTOR}ersatzcodes/neu/", signed_in(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(f"{FACTOR}passkeys/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path(f"{FACTOR}passkeys/neu/", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(f"{FACTOR}passkeys/<int:pk>/entfernen/", signed_in(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("", include("evaluation.urls")),
    path("", include("editorial.urls")),
]
