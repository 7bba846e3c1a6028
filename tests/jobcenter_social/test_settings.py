"""Every variable of the contract: a nonsense value stops the start and says which one it was."""

import base64
import os
import subprocess
import sys

import pytest
from django.conf import settings

from jobcenter_social.environment import ConfigurationError, Environment
from jobcenter_social.management.commands import run

KEY = "k" * 50
DURATIONS = (
    "PUBLISH_QUARANTINE_S",
    "PUBLISH_READ_GAP_S",
    "PUBLISH_SEND_DEADLINE_S",
    "PUBLISH_HTTP_TIMEOUT_S",
    "PUBLISH_TASK_LIMIT_S",
    "PUBLISH_GRACE_MIN",
    "PUBLISH_TICK_S",
    "PUBLISH_CATCH_UP_GAP_S",
)
NONSENSE = {
    "SECRET_KEY": [""],
    "DEBUG": ["maybe", "2", ""],
    "ALLOWED_HOSTS": ["http://beispiel.de", "a b", ""],
    "DATABASE_URL": ["quatsch", "mysql://a:b@c/d", "postgresql://a:b@c:port/d", "postgresql://a:b@c", ""],
    "CELERY_BROKER_URL": ["quatsch", "filesystem://", "redis://", ""],
    "VAR_DIR": ["/dev/null/unmöglich", ""],
    "PUBLIC_BASE_URL": ["beispiel.de", "ftp://beispiel.de", "https://", "https://beispiel.de/pfad", "http://a:0", ""],
    "EMAIL_URL": ["quatsch", "smtp://", ""],
    "X_API_BASE_URL": ["api.x.com", "ftp://api.x.com", "http://127.0.0.1:99999", "https://api.x.com?a=b", ""],
    "X_CONSUMER_KEY": ["zwei wörter"],
    "X_CONSUMER_SECRET": ["mit leerzeichen darin"],
    "X_ACCESS_TOKEN": ["ümlaut"],
    "X_ACCESS_TOKEN_SECRET": ["tab\tdarin"],
    "CONSENT_KEYS": ["zu-kurz", f"{base64.b64encode(bytes(32)).decode()},quatsch"],
    "BACKUP_KEY": ["zu-kurz", f"{base64.b64encode(bytes(32)).decode()},quatsch"],
    "AUDIT_HEAD_TO": ["niemand", "a@example.org; b@example.org"],
    "METRICS_ALLOWED": ["überall", "10.0.0.0/99", "10.0.0.1/8", ""],
    "PUBLISH_NEGATIVE_READS": ["0", "-1", "2.5", "drei", ""],
    **{name: ["-1", "bald", "nan", ""] for name in DURATIONS},
}
ASK_FOR_KEY = """
import sys, pathlib
from jobcenter_social.environment import kept_secret
print(kept_secret(pathlib.Path(sys.argv[1])))
"""
SECRETS = ("SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL", "CONSENT_KEYS", "X_CONSUMER_KEY")


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in NONSENSE.items() for value in values])
def test_a_nonsense_value_stops_the_start_and_names_the_variable(name, value, load_settings):
    with pytest.raises(ConfigurationError, match=rf"^{name}: "):
        load_settings(**{"SECRET_KEY": KEY, name: value})


@pytest.mark.parametrize("token", ["nobody", "-42", "42", "42x-token"])
def test_an_access_token_without_the_number_of_its_account_stops_the_start(token, load_settings):
    keys = run.SIMULATOR_KEYS | {"X_ACCESS_TOKEN": token}
    with pytest.raises(ConfigurationError, match=r"^X_ACCESS_TOKEN: "):
        load_settings(**keys)


def test_the_keys_of_the_simulator_are_taken(load_settings):
    assert load_settings(**run.SIMULATOR_KEYS)["X_KEYS"]["access_token"] == run.SIMULATOR_KEYS["X_ACCESS_TOKEN"]


def test_while_a_key_is_missing_nothing_is_sent_and_no_token_is_looked_at(load_settings):
    keys = run.SIMULATOR_KEYS | {"X_ACCESS_TOKEN": "nobody", "X_CONSUMER_SECRET": ""}
    assert load_settings(**keys)["X_KEYS"]["access_token"] == "nobody"


OIDC = {"OIDC_SERVER_URL": "https://id.example.org", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, "") for name in OIDC]
    + [("OIDC_SERVER_URL", value) for value in ("quatsch", "ftp://a.de", "http://id.example.org", "https://a b")],
)
def test_a_half_or_wrong_single_sign_on_stops_the_start(name, value, load_settings):
    with pytest.raises(ConfigurationError, match=rf"^{name}: "):
        load_settings(**{**OIDC, name: value})


def test_single_sign_on_is_off_or_whole(load_settings):
    assert load_settings()["OIDC"] == {}
    app = load_settings(**OIDC)["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"][0]
    assert (app["client_id"], app["secret"]) == ("x", "y")


def test_manage_says_it_in_one_sentence_and_without_a_traceback(tmp_path):
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PUBLISH_TICK_S": "bald"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
    sentence = "Start abgebrochen. PUBLISH_TICK_S: Erwartet wird eine positive Zahl, nicht 'bald'.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


def test_variables_that_are_not_ours_are_ignored(load_settings):
    assert load_settings(PUBLISH_NOTHING_S="quatsch", X_OTHER="ä")["PUBLISH_TICK_S"] == 5


def test_the_embedded_installation_keeps_a_random_key_of_its_own(load_settings, tmp_path):
    first, second = load_settings(), load_settings()
    key = tmp_path / "secret_key"
    assert first["SECRET_KEY"] == second["SECRET_KEY"] == key.read_text()
    assert (len(key.read_text()) > 50, key.stat().st_mode & 0o777) == (True, 0o600)


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    command = [sys.executable, "-c", ASK_FOR_KEY, str(tmp_path / "key")]
    asking = [subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = {process.communicate()[0] for process in asking}
    assert answers == {(tmp_path / "key").read_text() + "\n"}
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize(
    "variables",
    [{"DATABASE_URL": "postgresql://a:b@c/d"}, {"PUBLIC_BASE_URL": "https://beispiel.de"}],
    ids=["with a database server", "with https"],
)
def test_a_real_installation_does_not_start_without_a_secret_key(variables, load_settings):
    with pytest.raises(ConfigurationError, match=r"^SECRET_KEY: "):
        load_settings(**variables)


def test_an_address_with_https_refuses_a_short_key(load_settings):
    with pytest.raises(ConfigurationError, match=r"^SECRET_KEY: "):
        load_settings(PUBLIC_BASE_URL="https://a.de", SECRET_KEY="kurz")
    assert load_settings(PUBLIC_BASE_URL="https://a.de", SECRET_KEY=KEY)["SECRET_KEY"] == KEY


def test_cookies_are_bound_to_the_host_exactly_when_the_address_has_https(load_settings):
    names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    plain, safe = load_settings(), load_settings(PUBLIC_BASE_URL="https://a.de", SECRET_KEY=KEY)
    assert [plain[name] for name in names] == ["session", False, False, False]
    assert [safe[name] for name in names] == ["__Host-session", True, True, True]
    assert (plain["SECURE_HSTS_SECONDS"], safe["SECURE_HSTS_SECONDS"]) == (0, 365 * 24 * 3600)


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_may_stand_in_a_file(name, tmp_path):
    path = tmp_path / "secret"
    path.write_text("der-wert\n")
    assert Environment({f"{name}_FILE": str(path)}).secret(name) == "der-wert"


def test_a_secret_file_that_is_missing_or_empty_or_doubled_stops_the_start(tmp_path):
    empty = tmp_path / "empty"
    empty.touch()
    for variables in ({"A_FILE": "/nicht/da"}, {"A_FILE": str(empty)}, {"A_FILE": str(empty), "A": "x"}):
        with pytest.raises(ConfigurationError, match=r"^A"):
            Environment(variables).secret("A")


def test_every_positive_number_is_a_duration():
    values = {"0.001": 0.001, "1": 1.0, "86400": 86400.0, "1e3": 1000.0}
    assert {value: Environment({"A": value}).duration("A", 5) for value in values} == values


def test_a_duration_beyond_ten_years_is_cut_because_dates_would_overflow():
    assert Environment({"A": "1e300"}).duration("A", 5) == 10 * 365 * 24 * 3600


def test_only_the_catch_up_gap_may_be_zero():
    assert Environment({"A": "0"}).duration("A", 600, zero=True) == 0
    with pytest.raises(ConfigurationError, match=r"^A: "):
        Environment({"A": "0"}).duration("A", 600)


def test_empty_keys_of_x_count_as_not_set_in_a_file_too(tmp_path):
    empty = tmp_path / "empty"
    empty.touch()
    assert Environment({"X_CONSUMER_KEY": ""}).optional_secret("X_CONSUMER_KEY") == ""
    assert Environment({"X_CONSUMER_KEY_FILE": str(empty)}).optional_secret("X_CONSUMER_KEY") == ""


def test_consent_keys_are_read_newest_first_in_either_base64():
    new, old = bytes([251]) * 32, bytes(32)
    listed = f"{base64.b64encode(new).decode()}, {base64.urlsafe_b64encode(old).decode()}".replace(" ", "")
    keys = Environment({"CONSENT_KEYS": listed}).encryption_keys("CONSENT_KEYS")
    assert [base64.urlsafe_b64decode(key) for key in keys] == [new, old]


def test_a_socket_in_the_address_of_postgresql_reaches_the_driver():
    config = Environment({"D": "postgresql://postgres@/postgres?host=/tmp/pg"}).database("D", "")
    assert (config["ENGINE"], config["HOST"], config["OPTIONS"]) == (
        "django.db.backends.postgresql",
        "",
        {"host": "/tmp/pg"},
    )
