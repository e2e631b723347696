"""Development: SQLite, embedded engine, mails kept as files under `var/mail`."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import POST_OFFICE, STORAGES, VAR

DEBUG = True
SECRET_KEY = "development-only-not-a-secret-of-any-real-site"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
INTERNAL_IPS = ["127.0.0.1"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
EMAIL_FILE_PATH = VAR / "mail"
POST_OFFICE = POST_OFFICE | {
    "BACKENDS": {"default": "django.core.mail.backends.filebased.EmailBackend"}
}
# Security keys ask for https, which the development server does not speak.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
HUB_DEMO = True
# A changed template is seen at once.
PAGE_CACHE_SECONDS = 0
