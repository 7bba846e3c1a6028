"""How people log in: the same in every installation, hence apart from what the environment decides."""

from datetime import timedelta
from typing import Any

# Django's own backend answers a disabled account as it answers a wrong password; allauth's tells them apart.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "jobcenter_social.login.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "jobcenter_social.login.LocalWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/redaktion/"
ACCOUNT_ADAPTER = "jobcenter_social.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
# Passwords are limited by django-axes, which counts in the database; codes by allauth, which counts in the cache.
ACCOUNT_RATE_LIMITS = {
    **dict.fromkeys(("login", "signup", "reset_password", "manage_email", "change_password"), None),
    "login_failed": "5/5m/key",
    "reauthenticate": "10/m/user",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=10).total_seconds())
# Asked of everybody; a demonstration (navigation.is_demo) lets people in by their password alone.
SECOND_FACTOR_REQUIRED = True
MFA_ADAPTER = "jobcenter_social.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# There is no self-registration: the Administration vouches for the addresses.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A used code is remembered as long as it would be good; a longer tolerance would outlive that memory.
MFA_TOTP_TOLERANCE = 0
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = "jobcenter_social.login.lockout_time"
AXES_USERNAME_CALLABLE = "jobcenter_social.login.attempted_username"
AXES_CLIENT_IP_CALLABLE = "jobcenter_social.login.client_address"
AXES_LOCKOUT_CALLABLE = "jobcenter_social.login.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_USE_ATTEMPT_EXPIRATION = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_SENSITIVE_PARAMETERS = ["login", "password", "csrfmiddlewaretoken"]
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
SOCIALACCOUNT_ADAPTER = "jobcenter_social.single_sign_on.Adapter"
# From a link: a form could not lead to another host (Content-Security-Policy: form-action).
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False


def providers(oidc: dict[str, str]) -> dict[str, Any]:
    """allauth's setting for the one provider there may be."""
    if not oidc:
        return {}
    app = {
        "provider_id": "haus",
        "name": "Haus",
        "client_id": oidc["client_id"],
        "secret": oidc["secret"],
        "settings": {"server_url": oidc["server_url"]},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
