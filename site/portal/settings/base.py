"""Settings shared by every environment. No secret stands here."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import env

ROOT = Path(__file__).resolve().parents[3]
SITE = ROOT / "site"
VAR = Path(env.text("HUB_VAR", str(ROOT / "var")))

INSTALLED_APPS = [
    "portal",
    "cms",
    "cms.caching",
    "cms.desk",
    "cms.pages",
    "cms.translations",
    "cms.news",
    "cms.events",
    "cms.documents",
    "cms.awards",
    "registry.workspace",
    "registry.support",
    "registry.events",
    "registry.competitions",
    "registry.marketplace",
    "registry.moderation",
    "registry.cases",
    "registry.directory",
    "registry.accounts",
    "registry.taxonomy",
    "registry.common",
    "search",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "registry.accounts.users_app.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "post_office",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.PolicyMiddleware",
    "cms.caching.middleware.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.middleware.LandingLanguages",
    "portal.middleware.AdminAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "registry.accounts.middleware.StaffGate",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.SearchLimit",
    "cms.desk.middleware.GonePages",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.context.shell",
            ],
        },
    },
]

DATABASES = {
    "default": env.database(
        env.secret("DATABASE_URL") or f"sqlite:///{VAR / 'hub.sqlite3'}",
        env.secret("DATABASE_PASSWORD"),
    )
}
# One transaction per service, never one per page view (SQLite would serialise every reader).
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
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
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:home"
LOGOUT_REDIRECT_URL = "/"

# Accounts: log-in by e-mail, verified before the first log-in; the answer to a stranger is the
# same whether an address has an account or not.
ACCOUNT_ADAPTER = "registry.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_FORMS = {
    "login": "registry.accounts.forms.LoginForm",
    "signup": "registry.accounts.forms.SignupForm",
    "add_email": "registry.accounts.forms.AddEmailForm",
    "change_password": "registry.accounts.forms.ChangePasswordForm",
    "set_password": "registry.accounts.forms.SetPasswordForm",
    "reset_password": "registry.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "registry.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "registry.accounts.forms.ReauthenticateForm",
}
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
MFA_ADAPTER = "registry.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "registry.accounts.mfa_forms.AuthenticateForm",
    "reauthenticate": "registry.accounts.mfa_forms.ReauthenticateForm",
    "activate_totp": "registry.accounts.mfa_forms.ActivateTOTPForm",
    "add_webauthn": "registry.accounts.mfa_forms.AddWebAuthnForm",
    "edit_webauthn": "registry.accounts.mfa_forms.EditWebAuthnForm",
}
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
STAFF_MFA_REQUIRED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
# How many reverse proxies of ours stand in front; only what they wrote in X-Forwarded-For counts.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)

LANGUAGE_CODE = "vi"
#: Languages the interface speaks.
INTERFACE_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
#: Languages with pages of their own; around these the interface stays Vietnamese.
LANDING_LANGUAGES = [("km", "ខ្មែរ")]
LANGUAGES = INTERFACE_LANGUAGES + LANDING_LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [SITE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("HUB_STATIC", str(VAR / "static")))
STATICFILES_DIRS = [SITE / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.finders.StylesheetFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
# Files of drafts and of non-public tiers; served only by a view that asks `disclose`.
PRIVATE_MEDIA_ROOT = VAR / "private"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = "post_office.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Trung tâm <hop-thu@hub.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
POST_OFFICE = {
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    "DEFAULT_PRIORITY": "medium",
    # A mail server may be down for a week before a mail is given up.
    "MAX_RETRIES": 2_000,
    "RETRY_INTERVAL": timedelta(minutes=5),
    # A batch is marked as sent only when it is through: a kill leaves one doubtful mail at most.
    "BATCH_SIZE": 1,
    "THREADS_PER_PROCESS": 1,
    "CELERY_ENABLED": False,
}

WAGTAIL_SITE_NAME = _("Trung tâm Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long")
WAGTAILADMIN_BASE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")
WAGTAILADMIN_PERMITTED_LANGUAGES = INTERFACE_LANGUAGES
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILIMAGES_IMAGE_MODEL = "cms.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.forms.SiteImageForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.forms.SiteDocumentForm"
WAGTAILDOCS_CONTENT_TYPES = {"mp4": "video/mp4", "webm": "video/webm", "vtt": "text/vtt"}
# Some players take no film that is sent as something to be saved.
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf", "video/mp4", "video/webm"]
# As much as is read of one document; the proxy lets the same sizes through.
DOCUMENT_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
FILM_MAX_UPLOAD_SIZE = 100 * 1024 * 1024
# The proxy sends the documents Wagtail has said yes to (X-Accel-Redirect), as docker/nginx/ does.
FILES_BY_PROXY = env.flag("FILES_BY_PROXY")

# The engine that answers the public pages; the embedded one also stands in when it is down.
SEARCH_ENGINE = env.text("SEARCH_ENGINE", "embedded")
# Memory each process may keep of the embedded index. 96 MB keep what is asked often of 300,000 entries.
SEARCH_MEMORY_MB = env.number("SEARCH_MEMORY_MB", 96)
ELASTICSEARCH_URLS = env.items("ELASTICSEARCH_URLS")
ELASTICSEARCH_API_KEY = env.secret("ELASTICSEARCH_API_KEY")
ELASTICSEARCH_USER = env.text("ELASTICSEARCH_USER")
ELASTICSEARCH_PASSWORD = env.secret("ELASTICSEARCH_PASSWORD")
ELASTICSEARCH_CA_FILE = env.text("ELASTICSEARCH_CA_FILE")
ELASTICSEARCH_PREFIX = env.text("ELASTICSEARCH_PREFIX", "hub")
# Searches and suggestions one address may ask for in a minute.
SEARCHES_A_MINUTE = 240

ADMIN_PATH = "/quan-tri/"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# Wagtail's admin writes inline scripts and styles of its own.
ADMIN_POLICY = {
    "script-src": [SELF, "'unsafe-inline'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
}

X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "registry.workspace.views_kept.csrf_failure"
# Wagtail shows previews of its own pages in frames, so SAMEORIGIN it is.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

# Whole pages are kept so long for anonymous visitors, or until what they show changes; 0 for never.
PAGE_CACHE_SECONDS = 300
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "portal.logs.Discreet",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Their every save is a line of no use to whoever reads the log.
    "loggers": {name: {"level": "WARNING"} for name in ("django_tasks", "wagtail")}
    # Without a handler of ours it would make its own and write every line twice.
    | {"post_office": {"level": "WARNING", "handlers": ["console"], "propagate": False}}
    # A line for every request, and several for each that fails; the search tells of an outage once.
    | {"elastic_transport": {"level": "ERROR"}},
}
