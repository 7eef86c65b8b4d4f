"""Django's settings, all derived from `runtime.config`: there is nothing to edit here."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from evenhand.runtime import config as configuration
from evenhand.runtime import secrets

CONFIG = configuration.current()
SECRET_KEY = secrets.read_or_make(CONFIG.data_dir, "secret.key").hex()
DEBUG = False
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    CONFIG.host,
    urlsplit(CONFIG.address).hostname or "localhost",
    *CONFIG.allowed_hosts,
]
HTTPS = CONFIG.address.startswith("https://")
ROOT_URLCONF = "evenhand.desk.urls"
WSGI_APPLICATION = "evenhand.desk.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "evenhand.desk.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "evenhand.desk.policies",
    "evenhand.desk.audit",
    "evenhand.desk.intake",
    "evenhand.desk.rules",
    "evenhand.desk.signals",
    "evenhand.desk.cases",
    "evenhand.desk.enforcement",
    "evenhand.desk.dueprocess",
    "evenhand.desk.duty",
    "evenhand.desk.media",
    "evenhand.desk.referral",
    "evenhand.desk.web",
]
MIDDLEWARE = [
    "evenhand.desk.intake.api.lane.ApiLane",
    "evenhand.desk.web.assets.AssetsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "evenhand.desk.accounts.middleware.PersonMiddleware",
    "axes.middleware.AxesMiddleware",
]


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": CONFIG.data_dir / "desk.sqlite3",
        "TEST": {"NAME": CONFIG.data_dir / "test.sqlite3"},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c synchronous_commit=on -c timezone=UTC"},
    }


DATABASES = {"default": _postgres(CONFIG.database_url) if CONFIG.database_url else _sqlite()}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]
STATIC_URL = "/static/"
STORAGES = {"staticfiles": {"BACKEND": "evenhand.desk.web.assets.VersionedStorage"}}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "evenhand_session", "evenhand_csrf"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "evenhand.desk.web.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [CONFIG.address] if HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
EMAIL_HOST, EMAIL_PORT = CONFIG.mail_host, CONFIG.mail_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIG.mail_user, CONFIG.mail_password
EMAIL_USE_TLS, EMAIL_USE_SSL = CONFIG.mail_security == "starttls", CONFIG.mail_security == "tls"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = CONFIG.mail_from or f"evenhand@{urlsplit(CONFIG.address).hostname or 'localhost'}"
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIG.max_body_bytes
# Files that people upload are hashed and forgotten: no byte of them may reach a disk. Larger ones are not taken.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 20_000_000

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_FORMS = {"login": "evenhand.desk.accounts.forms.SignInForm"}
ACCOUNT_ADAPTER = "evenhand.desk.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = False  # they count in a cache of each process; axes counts in the database
MFA_ADAPTER = "evenhand.desk.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "evenhand.desk.accounts.forms.CodeForm",
    "reauthenticate": "evenhand.desk.accounts.forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Evenhand"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "evenhand.desk.accounts.lockout.username"
AXES_LOCKOUT_PARAMETERS = "evenhand.desk.accounts.lockout.counted_by"
AXES_LOCKOUT_CALLABLE = "evenhand.desk.accounts.lockout.respond"
AXES_CLIENT_IP_CALLABLE = "evenhand.desk.accounts.address.counted_ip"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "user_agent", "login", "email", "current", "code"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
