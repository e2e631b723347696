"""What the real processes of the fault tests run with: the tests' database, mail over SMTP, logs."""

import os

from portal.settings.test import *  # noqa: F403
from portal.settings.test import POST_OFFICE

POST_OFFICE = POST_OFFICE | {"BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}}
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("HUB_TEST_SMTP_PORT", "1"))
EMAIL_TIMEOUT = 5
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
