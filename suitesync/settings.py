"""Every setting of an installation, read from the environment here and nowhere else.

The posture is production unless it is told otherwise: no debug pages, HTTPS only, and no
key has a default. `.env.example` says what each variable means. A file of variables is read
first (`.env` beside manage.py, or the file that ENV_FILE names; an empty ENV_FILE reads
none); what the process was started with wins over the file.

The demo and the tests have no settings of their own: manage.py gives the demo its variables,
tests/settings.py gives the tests theirs, and this file then reads them like any others.
"""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from suitesync import logs

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
_env_file = os.environ.get("ENV_FILE", ".env")
if _env_file:
    environ.Env.read_env(BASE_DIR / _env_file)


def _verbatim(name: str) -> str:
    """The variable as it stands: django-environ would read a value that starts with `$` as a reference."""
    return os.environ.get(name, "").strip()


def _whole_number(name: str, default: int, *, least: int = 1) -> int:
    text = _verbatim(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}, not {text!r}.")
    return int(text)


def _secret_key() -> str:
    if key := _verbatim("SECRET_KEY"):
        return key
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Make one with "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(64))'` and put it into .env."
    )


def _credential_keys() -> list[str]:
    keys = [key.strip() for key in _verbatim("CREDENTIAL_KEYS").split(",") if key.strip()]
    advice = (
        "Make a key with `python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32))"
        ".decode())'` and put it into .env. Keep a copy: without it the stored credentials are lost."
    )
    if not keys:
        raise ImproperlyConfigured(f"CREDENTIAL_KEYS is not set. {advice}")
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(f"Key {place} of CREDENTIAL_KEYS is not a key. {advice}") from None
    return keys


# Posture

DEBUG = env.bool("DEBUG", default=False)
LOCAL = env.bool("LOCAL", default=DEBUG)  # practice or development on one's own machine, over plain HTTP
PROCESS_ROLE = env.str("PROCESS_ROLE", default="web")

SECRET_KEY = _secret_key()
CREDENTIAL_KEYS = _credential_keys()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SANDBOX_URL = _verbatim("SANDBOX_URL")  # where a sample company runs; only a LOCAL console offers it

DATA_DIR = BASE_DIR / env.str("DATA_DIR", default="var")
WSDL_CACHE_DIR = BASE_DIR / env.str("WSDL_CACHE_DIR", default=str(DATA_DIR / "wsdl"))

# The project

INSTALLED_APPS = [
    "suitesync",  # before Django's own: its commands that change people are ours
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
    "django_tables2",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "connector",
    "dashboard",
]

MIDDLEWARE = [
    "suitesync.request_ids.with_request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.two_step.demanded",
    "dashboard.reader.with_reader",
]

ROOT_URLCONF = "suitesync.urls"
WSGI_APPLICATION = "suitesync.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
            ],
        },
    },
]

# Database: PostgreSQL for real use, SQLite for practice


def _database() -> dict[str, Any]:
    """The database of DATABASE_URL, with the options under which it was tried.

    A relative SQLite path counts from the project's folder, wherever the command was typed.
    """
    database: dict[str, Any] = env.db_url("DATABASE_URL", default="sqlite:///db.sqlite3")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        if database["NAME"] != ":memory:":
            database["NAME"] = str(BASE_DIR / database["NAME"])
        database["OPTIONS"] = {
            # Without all three, two worker processes meet "database is locked" within seconds.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    elif PROCESS_ROLE == "worker":
        # A worker that keeps a dead connection fails its next job, so each job opens its own.
        database["CONN_MAX_AGE"] = 0
    else:
        database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    return database


DATABASES = {"default": _database()}

# Shared by all processes: the queue's status and the watchdog's beat travel through it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "suitesync_cache",
    }
}

# Jobs and their queue

JOB_TIME_LIMIT = _whole_number("JOB_TIME_LIMIT", 300)
JOB_LEASE_SECONDS = _whole_number("JOB_LEASE_SECONDS", 600)
QUIET_SECONDS = _whole_number("QUIET_SECONDS", 900, least=0)
Q_WORKERS = _whole_number("Q_WORKERS", 4)
_BACKFILL_WORKERS = 2


def _retry_after(workers: int) -> int:
    """Seconds until the queue offers a task again: one time limit more than a prefetched task can last."""
    prefetched = 2  # queue_limit + bulk
    return JOB_TIME_LIMIT * (2 + math.ceil(prefetched / workers))


Q_CLUSTER = {
    "name": "suitesync",  # the signing salt too, so the same on every machine
    "label": "Queue internals",
    "orm": "default",
    "workers": Q_WORKERS,
    "timeout": JOB_TIME_LIMIT,
    "retry": _retry_after(Q_WORKERS),
    "queue_limit": 1,
    "bulk": 1,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "poll": 0.2,
    "recycle": 500,
    "max_rss": 400_000,
    "ALT_CLUSTERS": {
        "backfill": {
            "workers": _BACKFILL_WORKERS,
            "timeout": JOB_TIME_LIMIT,
            "retry": _retry_after(_BACKFILL_WORKERS) + JOB_TIME_LIMIT,
        }
    },
}

# Webhooks and metrics

WEBHOOK_TOLERANCE_SECONDS = _whole_number("WEBHOOK_TOLERANCE_SECONDS", 300)
WEBHOOK_MAX_BYTES = _whole_number("WEBHOOK_MAX_BYTES", 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = max(2_621_440, WEBHOOK_MAX_BYTES + 1)  # the webhook view refuses first
METRICS_TOKEN = _verbatim("METRICS_TOKEN")

# Signing in

AUTHENTICATION_BACKENDS = ["connector.engine.permissions.OneLookUp"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
REQUIRE_TWO_STEP = env.bool("REQUIRE_TWO_STEP", default=not LOCAL)
ACCOUNT_ADAPTER = "connector.engine.sign_in.SignIn"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; these are what one signs in with
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "connector.engine.sign_in.TwoStep"
MFA_FORMS = {"authenticate": "connector.engine.sign_in.Codes"}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "SuiteSync"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Mail

_mail = env.email_url("EMAIL_URL", default="consolemail://" if LOCAL else "dummymail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "localhost", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="suitesync@localhost")
CONSOLE_URL = env.str(
    "CONSOLE_URL", default="http://127.0.0.1:8000" if LOCAL else f"https://{[*ALLOWED_HOSTS, 'localhost'][0]}"
).rstrip("/")

# What the browser may do

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for by the machine itself, without TLS
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading is for the owner of the domain to ask for
if env.bool("SECURE_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # failed sign-ins are counted by the visitor's address, not the proxy's

# Static files, served by the project itself

STATIC_URL = "static/"
STATIC_ROOT = None if LOCAL else DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCAL  # one's own machine needs no collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Language and time. Each account has its own time zone; the server counts in UTC.

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Logs

LOGGING_CONFIG = None
logs.configure(level=env.str("LOG_LEVEL", default="INFO").upper(), pretty=sys.stderr.isatty())
