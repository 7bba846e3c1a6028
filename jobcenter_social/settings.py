"""The one settings file. Values come from the environment (see docs and contract); secrets also from NAME_FILE."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from jobcenter_social import account_settings
from jobcenter_social.account_settings import *  # noqa: F403 - settings are found by their names
from jobcenter_social.environment import ConfigurationError, Environment, kept_secret, new_key

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
DEBUG = env.flag("DEBUG")

# --- Where the house stands -------------------------------------------------------------------------------------------
PUBLIC_BASE_URL = env.origin("PUBLIC_BASE_URL", "http://localhost:8000")
IS_HTTPS = PUBLIC_BASE_URL.startswith("https://")
PUBLIC_HOST = urlsplit(PUBLIC_BASE_URL).hostname or ""
ALLOWED_HOSTS = env.hosts(
    "ALLOWED_HOSTS", [PUBLIC_HOST] if IS_HTTPS else sorted({PUBLIC_HOST, "localhost", "127.0.0.1", "[::1]"})
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
AUDIT_HEAD_TO = env.addresses("AUDIT_HEAD_TO")
METRICS_ALLOWED = env.networks("METRICS_ALLOWED", "127.0.0.0/8,::1")

# What was seen on the network is kept so long (requirements.md: clocks, K-30).
OBSERVATIONS_KEPT_DAYS = 90

# --- Link check -------------------------------------------------------------------------------------------------------
# Exact "number:port" that may be dialled although they are not public: for tests, never for an installation.
LINK_CHECK_ALSO: tuple[str, ...] = ()
# All that the reader gets to know of us: where the certificates of an authority's own root stand.
LINK_CHECK_ENVIRONMENT = {name: os.environ[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if name in os.environ}

# --- Database and broker ----------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASE = DATABASES["default"]
IS_EMBEDDED = "DATABASE_URL" not in os.environ and "DATABASE_URL_FILE" not in os.environ and not IS_HTTPS
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # Immediate transactions wait for the writer's turn; deferred ones fail with "database is locked" in the middle.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, because an in-memory database cannot be shared with a live server; one per process, so that two people
    # may run tests in the same checkout.
    DATABASE["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")}
else:
    DATABASE["CONN_MAX_AGE"] = 60
    DATABASE["CONN_HEALTH_CHECKS"] = True
    # Only what editorial/prepared.py asks is kept as a plan; all else binds its values here, as Django does it.
    DATABASE["OPTIONS"] = {**DATABASE.get("OPTIONS", {}), "prepare_threshold": 2}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One memory for all processes: a code that was used must not work in the next one.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Secrets ----------------------------------------------------------------------------------------------------------
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = []
if not SECRET_KEY and DEBUG:
    SECRET_KEY = "only-for-development"  # noqa: S105 - refused as soon as DEBUG is off
elif not SECRET_KEY and IS_EMBEDDED:
    SECRET_KEY = kept_secret(VAR_DIR / "secret_key")
elif not SECRET_KEY:
    raise ConfigurationError(
        "SECRET_KEY", "Der Wert fehlt. Bitte SECRET_KEY oder SECRET_KEY_FILE setzen (siehe README)."
    )
elif IS_HTTPS and len(SECRET_KEY) < 32:
    raise ConfigurationError("SECRET_KEY", "Der Wert ist zu kurz, er braucht mindestens 32 Zeichen.")
CONSENT_KEYS = env.encryption_keys("CONSENT_KEYS")
# Only an installation without https may keep the key of its consents beside the data; no backup takes it along.
RECORD_KEYS = CONSENT_KEYS or ([] if IS_HTTPS else [kept_secret(VAR_DIR / "consent_key", new_key)])
BACKUP_KEYS = env.encryption_keys("BACKUP_KEY")

# --- X ----------------------------------------------------------------------------------------------------------------
X_API_BASE_URL = env.web_address("X_API_BASE_URL", "https://api.x.com")
X_KEYS = env.x_keys()
X_SIMULATOR_IS_OURS = env.flag("X_SIMULATOR_IS_OURS")

# --- Time scale of publishing (checks.py warns of unsafe combinations) ------------------------------------------------
PUBLISH_QUARANTINE_S = env.duration("PUBLISH_QUARANTINE_S", 180)
PUBLISH_NEGATIVE_READS = env.count("PUBLISH_NEGATIVE_READS", 3)
PUBLISH_READ_GAP_S = env.duration("PUBLISH_READ_GAP_S", 60)
PUBLISH_SEND_DEADLINE_S = env.duration("PUBLISH_SEND_DEADLINE_S", 10)
PUBLISH_HTTP_TIMEOUT_S = env.duration("PUBLISH_HTTP_TIMEOUT_S", 20)
PUBLISH_TASK_LIMIT_S = env.duration("PUBLISH_TASK_LIMIT_S", 120)
PUBLISH_GRACE_MIN = env.duration("PUBLISH_GRACE_MIN", 60)
PUBLISH_TICK_S = env.duration("PUBLISH_TICK_S", 5)
PUBLISH_CATCH_UP_GAP_S = env.duration("PUBLISH_CATCH_UP_GAP_S", 600, zero=True)

# --- Who is reminded of a Freigabe, and when --------------------------------------------------------------------------
APPROVAL_REMIND_H = env.duration("APPROVAL_REMIND_H", 8)
APPROVAL_URGENT_MIN = env.duration("APPROVAL_URGENT_MIN", 120)

# --- Django -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "crispy_forms",
    "csp",
    "django_htmx",
    "jobcenter_social",
    "editorial",
    "evaluation",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # BREACH needs a secret that repeats in the answer. Ours are CSRF tokens, which Django masks anew in every answer,
    # and Django adds up to 100 random bytes to each compressed answer besides.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "jobcenter_social.middleware.response_headers",
    "jobcenter_social.middleware.without_null",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "jobcenter_social.middleware.session_limits",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jobcenter_social.second_factor.second_factor",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "jobcenter_social.urls"
WSGI_APPLICATION = "jobcenter_social.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "editorial.navigation.navigation",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["kern"]
CRISPY_TEMPLATE_PACK = "kern"
# The cookie store would set a cookie on public pages.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# --- Accounts ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "editorial.User"
# The log-in of the house, where there is one.
OIDC = env.single_sign_on()
OIDC_NAME = env.text("OIDC_NAME", "der Anmeldung des Hauses")
SOCIALACCOUNT_PROVIDERS = account_settings.providers(OIDC)

# --- Sessions, cookies, transport -------------------------------------------------------------------------------------
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())
SESSION_LONGEST = timedelta(hours=10)
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# The prefix lets no other host of the domain plant a cookie; browsers accept it only with Secure.
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
# With https a proxy in front ends TLS; it must set this header itself and never pass on the visitor's.
# Monitoring on this machine asks past the proxy, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
# Preloading binds the whole domain for years; that is for its owner to decide, not for one application on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Files ------------------------------------------------------------------------------------------------------------
# Built by `manage.py build_assets` from node_modules; the same for every VAR_DIR.
ASSETS_DIR = BASE_DIR / "var" / "assets"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
ASSETS_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", ASSETS_DIR) if folder.is_dir()]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "jobcenter_social.static_files.UsedAppFilesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Mail -------------------------------------------------------------------------------------------------------------
MAIL = env.mail("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}")
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST = MAIL["EMAIL_HOST"]
EMAIL_PORT = MAIL["EMAIL_PORT"]
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"redaktion@{PUBLIC_HOST}"

# --- Celery (why each value: publishing.md 1.6) -----------------------------------------------------------------------
CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL", "fsatomic://")
BROKER_DIR = VAR_DIR / "broker"
if CELERY_BROKER_URL.startswith("fsatomic:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "processed_folder": str(BROKER_DIR / "taken"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
    for folder in ("queue", "taken", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# The adapter ends a send itself after PUBLISH_TASK_LIMIT_S; the worker's limit only has to come later.
CELERY_TASK_TIME_LIMIT = PUBLISH_TASK_LIMIT_S + 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "jobcenter_social.signs:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# Each message expires with its interval: after a pause the newest tick does all the work, the older ones are dropped.
METRICS_INTERVAL_S = 15 * 60
LOOK_AFTER_INTERVAL_S = 3600
HOUSEKEEPING_INTERVAL_S = 24 * 3600
SIGN_OF_LIFE_INTERVAL_S = 30
COMPARE_INTERVAL_S = 60
QUESTIONS_INTERVAL_S = 5 * 60
APPROVALS_INTERVAL_S = 5 * 60
LINKS_INTERVAL_S, LINKS_PLAN_INTERVAL_S = 5, 5 * 60
# Pages of others are read by a worker of their own: however slow they are, no Beitrag waits for them.
CELERY_TASK_ROUTES = {
    "editorial.tasks.check_links": {"queue": "links"},
    "editorial.tasks.plan_links": {"queue": "links"},
}
CELERY_BEAT_SCHEDULE = {
    "publish": {
        "task": "editorial.tasks.publish_tick",
        "schedule": max(PUBLISH_TICK_S, 0.1),
        "options": {"expires": max(PUBLISH_TICK_S, 1)},
    },
    "reconcile": {
        "task": "editorial.tasks.reconcile_tick",
        "schedule": max(PUBLISH_TICK_S, 0.1),
        "options": {"expires": max(PUBLISH_TICK_S, 1)},
    },
    "sign of life": {
        "task": "jobcenter_social.tasks.sign_of_life",
        "schedule": SIGN_OF_LIFE_INTERVAL_S,
        "options": {"expires": SIGN_OF_LIFE_INTERVAL_S},
    },
    "look after": {
        "task": "editorial.tasks.look_after",
        "schedule": LOOK_AFTER_INTERVAL_S,
        "options": {"expires": LOOK_AFTER_INTERVAL_S},
    },
    "questions": {
        "task": "editorial.tasks.watch_questions",
        "schedule": QUESTIONS_INTERVAL_S,
        "options": {"expires": QUESTIONS_INTERVAL_S},
    },
    "approvals": {
        "task": "editorial.tasks.watch_approvals",
        "schedule": APPROVALS_INTERVAL_S,
        "options": {"expires": APPROVALS_INTERVAL_S},
    },
    "links": {
        "task": "editorial.tasks.check_links",
        "schedule": LINKS_INTERVAL_S,
        "options": {"expires": LINKS_INTERVAL_S},
    },
    "plan links": {
        "task": "editorial.tasks.plan_links",
        "schedule": LINKS_PLAN_INTERVAL_S,
        "options": {"expires": LINKS_PLAN_INTERVAL_S},
    },
    "compare after restore": {
        "task": "editorial.tasks.compare_after_restore",
        "schedule": COMPARE_INTERVAL_S,
        "options": {"expires": COMPARE_INTERVAL_S},
    },
    "collect metrics": {
        "task": "evaluation.tasks.collect_metrics_tick",
        "schedule": METRICS_INTERVAL_S,
        "options": {"expires": METRICS_INTERVAL_S},
    },
    "housekeeping": {
        "task": "jobcenter_social.tasks.housekeeping",
        "schedule": HOUSEKEEPING_INTERVAL_S,
        "options": {"expires": HOUSEKEEPING_INTERVAL_S},
    },
}

# --- Logging: what happened, never who: no names, addresses, texts or keys --------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # At DEBUG these three print headers with keys in them.
        "tweepy": {"level": "INFO"},
        "oauthlib": {"level": "INFO"},
        "requests_oauthlib": {"level": "INFO"},
        "urllib3": {"level": "INFO"},
        "axes": {"level": "ERROR"},  # its messages carry user names and addresses; they stand in its tables
        "weasyprint": {"level": "ERROR"},  # a line for each page of a document
        "fontTools": {"level": "ERROR"},  # build_assets: a page of glyph names for each font
        "celery.app.trace": {"level": "WARNING"},  # two lines per tick, every five seconds
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
