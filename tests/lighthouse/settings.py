"""The site as in production, on a loopback port, with the invented entries."""

import os

from portal.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.lighthouse.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
# The notice of invented entries belongs to a demo; it is measured too.
HUB_DEMO = True
LOGGING = {"version": 1, "disable_existing_loggers": True}
