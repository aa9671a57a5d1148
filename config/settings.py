"""Settings, all from the environment.

Nothing here needs to be edited to deploy: `deploy/.env.example` lists every variable with its meaning.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from kombu import Queue

from config.local import addresses

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
# The demonstration: invented records and accounts with one password. Never on in a real county.
DEMO = env.bool("DEMO", default=True)
DATA_DIR = addresses.data_dir()
SERVICES = addresses.resolve()
SECRET_KEY = env("SECRET_KEY", default="") or addresses.secret_key(DATA_DIR)
# Former keys, the newest first: they still read what is kept encrypted (`core.sealed`) and what was signed.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# True behind the reverse proxy, which ends TLS: cookies become Secure and plain HTTP is redirected.
HTTPS = env.bool("HTTPS", default=False)
VERSION = "0.1.0"

INSTALLED_APPS = [
    "core",
    "audit",
    "indicators",
    "exchange",
    "alliances",
    "chains",
    "enterprises",
    "accounts",
    "mechanisms",
    "problems",
    "meetings",
    "services",
    "ledgers",
    "notices",
    "closing",
    "dashboards",
    "reports",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.PackedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.SafeInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.htmx.HtmxResponseMiddleware",
    "core.middleware.NoStoreMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "indicators.middleware.WakeMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "core.context.chrome",
            ],
        },
    },
]
FORM_RENDERER = "core.renderers.FormRenderer"

# --- database -------------------------------------------------------------------------------------------------
# `default` is the web role: it owns nothing and is not a superuser. `owner` migrates, and nothing else uses it.
_DB_OPTIONS = {
    "application_name": env("APPLICATION_NAME", default="chain-alliance"),
    "options": "-c statement_timeout=60000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
}
_DATABASE = addresses.database_settings(SERVICES.database_url)
DATABASES = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_DATABASE.get("OPTIONS", {}), **_DB_OPTIONS},
    },
}
OWNER_DATABASE_URL = SERVICES.owner_database_url
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Tables that the web role may read and add to, never change; pghistory's `*_event` tables join them by name.
APPEND_ONLY_TABLES = ["audit_event"]

# --- Redis, cache, sessions, jobs -----------------------------------------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "core.cache.PatientRedisCache",
        "LOCATION": SERVICES.redis_cache_url,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}
# Sessions live in the database: signing in works while Redis is away.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS

# --- people ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.AccountBackend",
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_VERBOSE = False

# --- safety ---------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- language, time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default="") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "core.static_files.StaticStorage"
    },
}
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
# Lists up to so many rows go out at once, longer ones are written by a worker, whose files are kept for some hours.
EXPORT_DIRECT_ROWS = env.int("EXPORT_DIRECT_ROWS", default=3000)
EXPORT_KEPT_HOURS = env.int("EXPORT_KEPT_HOURS", default=72)

# --- Celery: measured settings, see docs/adr ------------------------------------------------------------------
CELERY_BROKER_URL = SERVICES.redis_broker_url
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Figures first: whoever changed something looks at the number next, and a roll-up takes hundredths of a second.
CELERY_TASK_QUEUES = [Queue("figures"), Queue("celery")]
CELERY_TASK_ROUTES = {"indicators.tasks.*": {"queue": "figures"}}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "queue_order_strategy": "priority",
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "retry_on_timeout": False,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BEAT_SCHEDULE = {
    "sweep-figures": {
        "task": "indicators.tasks.sweep",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "sweep-imports": {
        "task": "exchange.tasks.sweep_imports",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "sweep-exports": {
        "task": "exchange.tasks.sweep_exports",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "expire-exports": {"task": "exchange.tasks.expire_exports", "schedule": 600.0, "options": {"expires": 600}},
    "sweep-reports": {
        "task": "reports.tasks.sweep_reports",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    # Monthly drafts, on the first working day of a month.
    "draft-reports": {"task": "reports.tasks.draft_month", "schedule": 600.0, "options": {"expires": 600}},
    "supervise": {
        "task": "problems.supervise",
        "schedule": 180.0,
        "options": {"expires": 180},
    },
    "sweep-recalculation": {
        "task": "problems.recalculate",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-bulk": {
        "task": "problems.work_bulk",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Versions of the rules that begin on a day to come are worked off on that day.
    "sweep-rules": {
        "task": "problems.recalculate_by_rules",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "sweep-notices": {"task": "notices.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "send-messages": {"task": "notices.send", "schedule": 30.0, "options": {"expires": 30}},
    "send-digests": {"task": "notices.digests", "schedule": 300.0, "options": {"expires": 300}},
    "make-series-drafts": {"task": "meetings.make_series_drafts", "schedule": 600.0, "options": {"expires": 600}},
    "tell-duties": {"task": "notices.duties", "schedule": 600.0, "options": {"expires": 600}},
    "remind-of-meetings": {"task": "notices.meetings", "schedule": 600.0, "options": {"expires": 600}},
    "sweep-radar": {"task": "mechanisms.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "write-agendas": {"task": "meetings.top_up", "schedule": 300.0, "options": {"expires": 300}},
    "tell-decisions": {"task": "notices.decisions", "schedule": 600.0, "options": {"expires": 600}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat-schedule")

# --- messages that leave the house: off until a server or a host is named ---------------------------------------
# Where people open this installation, for links in mails and chat messages: https://alliance.example.org
SITE_URL = env("SITE_URL", default="").rstrip("/")
EMAIL_HOST = env("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="") or "chain-alliance@localhost"
# Domains that a person's address may have, separated by commas; empty allows every one.
EMAIL_DOMAINS = env.list("EMAIL_DOMAINS", default=[])
# Hosts that chat robots may live on (host or host:port), separated by commas. Nothing else is ever posted to.
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=[])

# --- API ------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Chain Alliance",
    "DESCRIPTION": "产业链党建联盟工作台",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"hide_secrets": {"()": "core.logs.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["hide_secrets"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}},
}
SILENCED_SYSTEM_CHECKS = []
