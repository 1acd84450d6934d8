"""Settings, read from the environment; every variable is listed in `.env.example`.

All mistakes are reported at once. With `PRODUCTION=true` nothing is made up: secrets, database, broker
and public address must be given, and the start is refused when one of them is missing or a placeholder.
Without it (the embedded default) generated secrets are kept in `DATA_DIR`.
"""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from printmgmt import environment
from printmgmt.secrets import credential_keys, embedded_secret, not_a_placeholder, receipt_keys
from printmgmt.services.valkey import broker_url

django_stubs_ext.monkeypatch()  # lets generic views be written as ListView[Model]

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)
env.add_parser("credential_keys", credential_keys)
env.add_parser("database_url", environment.database_url)
env.add_parser("mail_url", environment.mail_url)
env.add_parser("networks", environment.networks)
env.add_parser("receipt_keys", receipt_keys)
env.read_env(str(BASE_DIR / ".env"), recurse=False)

PRODUCTION: bool = env.bool("PRODUCTION", False)
DEBUG: bool = env.bool("DEBUG", False)
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "data").resolve()
BIND_ADDRESS: str = env.str("BIND_ADDRESS", "127.0.0.1")
PORT: int = env.int("PORT", 8000, validate=validate.Range(1, 65535))

if PRODUCTION:
    SECRET_KEY: str = env.str("SECRET_KEY", validate=not_a_placeholder)
    CREDENTIAL_KEYS: dict[str, str] = env.credential_keys("CREDENTIAL_KEYS", production=True)
    RECEIPT_KEYS: list[str] = env.receipt_keys("RECEIPT_KEYS", production=True)
    PUBLIC_URL: str = env.str("PUBLIC_URL", validate=environment.web_origin)
    BROKER_URL: str = env.str("BROKER_URL", validate=environment.not_empty)
    _database: dict[str, Any] = env.database_url("DATABASE_URL", required=True)
    _email: dict[str, Any] = env.mail_url("EMAIL_URL", required=True)
else:
    SECRET_KEY = env.str("SECRET_KEY", "") or embedded_secret(DATA_DIR, "secret_key")
    CREDENTIAL_KEYS = env.credential_keys("CREDENTIAL_KEYS", "") or {
        "1": embedded_secret(DATA_DIR, "credential_key")
    }
    RECEIPT_KEYS = env.receipt_keys("RECEIPT_KEYS", "") or [embedded_secret(DATA_DIR, "receipt_key")]
    PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{PORT}", validate=environment.web_origin)
    BROKER_URL = env.str("BROKER_URL", "") or broker_url(DATA_DIR)
    _database = env.database_url("DATABASE_URL", "") or environment.sqlite(DATA_DIR / "console.sqlite3")
    _email = env.mail_url("EMAIL_URL", "") or environment.mail_folder(DATA_DIR / "mail")

DATABASE_KEEP_SECONDS: int = env.int("DATABASE_KEEP_SECONDS", 600, validate=validate.Range(0, 86_400))
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", "print-management@localhost")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", 0, validate=validate.Range(0, 10))
LOG_LEVEL: str = env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
PRINT_JOBS_SECONDS: int = env.int("PRINT_JOBS_SECONDS", 60, validate=validate.Range(5, 3600))
PRINT_QUEUES_SECONDS: int = env.int("PRINT_QUEUES_SECONDS", 300, validate=validate.Range(5, 86_400))
SWEEP_SECONDS: int = env.int("SWEEP_SECONDS", 5, validate=validate.Range(1, 3600))
STATIC_MANIFEST: bool = env.bool("STATIC_MANIFEST", True)
EXPORT_ROOT: str = env.str("EXPORT_ROOT", "" if PRODUCTION else str(DATA_DIR / "exports"))
EXPORT_ALLOW_PRIVATE: bool = env.bool("EXPORT_ALLOW_PRIVATE", False)
ACCESS_TOKEN_MINUTES: int = env.int("ACCESS_TOKEN_MINUTES", 60, validate=validate.Range(60, 360))
OUTBOUND_ALLOW: list[IPv4Network | IPv6Network] = env.networks("OUTBOUND_ALLOW", "")
ENTRA_KEYS_ORIGIN: str = env.str("ENTRA_KEYS_ORIGIN", "", validate=environment.https_origin_or_nothing)
SCIM_REQUESTS_PER_SECOND: int = env.int("SCIM_REQUESTS_PER_SECOND", 50, validate=validate.Range(0, 10_000))
SCIM_REQUESTS_AT_ONCE: int = env.int("SCIM_REQUESTS_AT_ONCE", 200, validate=validate.Range(1, 100_000))
environment.finish_reading(env)

# --- addresses ---------------------------------------------------------------------------------------
PUBLIC_URL = PUBLIC_URL.rstrip("/")
_public = urlsplit(PUBLIC_URL)
_host = _public.netloc.removesuffix(f":{_public.port}")  # with the brackets of an IPv6 address
ALLOWED_HOSTS = ALLOWED_HOSTS or [_host, *([] if PRODUCTION else ["localhost", "127.0.0.1"])]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
IS_HTTPS = _public.scheme == "https"

# --- applications ------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "printmgmt.work",
    "printmgmt.mail",
    "printmgmt.organizations",
    "printmgmt.audit",
    "printmgmt.bulk",
    "printmgmt.people",
    "printmgmt.printing",
    "printmgmt.deprovisioning",
    "printmgmt.console",
    "printmgmt.api",
    "printmgmt.station_page",
    "printmgmt.receipt_page",
    "addons",
    "scim_sync",
    "directory_export",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "printmgmt.host.apps.HostConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "printmgmt.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "printmgmt.api_requests.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "printmgmt.organizations.language.AccountLanguageMiddleware",
    "printmgmt.organizations.privacy.NoStoreMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
# What requests below the prefix of an add-on's API go through in place of what comes after ApiMiddleware.
API_MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "printmgmt.urls"
WSGI_APPLICATION = "printmgmt.wsgi.application"

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
                "printmgmt.console.shell.context.console",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- database ----------------------------------------------------------------------------------------
# Tests and production run PostgreSQL; the embedded default SQLite (docs/adr/0003-embedded-default.md).
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
else:
    # Each thread keeps its connection. No pool: in one, requests wait half a minute while the database is
    # away, and it does not survive the fork of a Celery worker (docs/adr/0022-server-and-limits.md).
    _database |= {"CONN_MAX_AGE": DATABASE_KEEP_SECONDS, "CONN_HEALTH_CHECKS": True}
    _database["OPTIONS"] = environment.POSTGRESQL_TIMEOUTS | _database.get("OPTIONS", {})
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What is counted here has to outlive the broker: nobody should be locked out by a dead Valkey. Many entries,
# since Django throws live ones away above its limit: used codes and counted mails (docs/adr/0023).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- who signs in ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "printmgmt.organizations.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "printmgmt.organizations.password_reset.ResetPasswordForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an address that has no account gets no mail of ours
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Mails one administrator may cause, or a stranger to one address; more would make the console a tool for
# unasked mail. Passwords are counted in printmgmt/organizations/throttling.py; a second count, in the cache,
# would say "too many" when the database takes no writes.
ACCOUNT_RATE_LIMITS = {"mail": "30/h/user", "reset_password": "20/m/ip,5/h/key", "login": ""}
MFA_ADAPTER = "printmgmt.organizations.two_factor.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: the invitation's link has proven the address
MFA_FORMS = {
    "authenticate": "printmgmt.organizations.used_codes.OnceAuthenticateForm",
    "reauthenticate": "printmgmt.organizations.used_codes.OnceReauthenticateForm",
    "activate_totp": "printmgmt.organizations.used_codes.OnceActivateForm",
}
MFA_TOTP_ISSUER = "Print Management"
MFA_TOTP_TOLERANCE = 1  # a code of the half minute before or after, for clocks that differ
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

# --- SCIM --------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Print Management",
    "DESCRIPTION": "What release stations and administrators' programs call. docs/api.md has examples.",
    "VERSION": "v1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["printmgmt.api.description.only_the_api"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "TAGS": [{"name": "station", "description": "What a release station calls, with its token."}],
}
SCIM_SERVICE_PROVIDER = {  # where a host names adapters of its own (docs/scim.md)
    "USER_ADAPTER": "scim_sync.adapters.users.UserAdapter",
    "GROUP_ADAPTER": "scim_sync.adapters.groups.GroupAdapter",
}

# --- Celery ------------------------------------------------------------------------------------------
# The row is the order, the message a nudge: no result backend, short time-outs, no publishing retries
# (docs/adr/0004-run-row-as-outbox.md).
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")  # Celery's default is the working directory
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"

# --- language, time, files, mail ---------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "printmgmt.formats"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if not STATIC_MANIFEST
            # Compressing takes ten seconds at every start and pays off only over a real network.
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST

EMAIL_BACKEND: str = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH: str | None = _email.get("EMAIL_FILE_PATH") or None
EMAIL_HOST: str = _email.get("EMAIL_HOST", "")
EMAIL_HOST_USER: str = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _email.get("EMAIL_USE_SSL", False)
EMAIL_PORT: int = _email.get("EMAIL_PORT", 25)
EMAIL_TIMEOUT = 10

# --- browsers ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "printmgmt.errors.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
# A token request over http is an error: a redirect would hide that the secret has traveled openly.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^oauth/"]

# --- logs --------------------------------------------------------------------------------------------
LOGGING_CONFIG = "printmgmt.logs.configure"
LOGGING = {"level": LOG_LEVEL}
