"""Tests: fast hasher, plain static files, a database of this process alone.

The database is a SQLite file (one in memory locks under threads), or made on the PostgreSQL server
that DATABASE_URL names.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATABASES, POST_OFFICE, STORAGES

DEBUG = False
SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_SCRATCH = Path(tempfile.mkdtemp(prefix="hub-test-"))
_OWNER = os.getpid()


@atexit.register
def _tidy() -> None:
    """Remove the scratch folder; a forked child leaves it to its parent."""
    if os.getpid() == _OWNER:
        shutil.rmtree(_SCRATCH, ignore_errors=True)


VAR = _SCRATCH
MEDIA_ROOT = _SCRATCH / "media"
PRIVATE_MEDIA_ROOT = _SCRATCH / "private"
STATIC_ROOT = _SCRATCH / "static"
STATIC_ROOT.mkdir()
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_MEDIA_ROOT, "base_url": None},
    },
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_SCRATCH / "test.sqlite3")}
else:
    # A connection that a thread keeps open would stand in the way of dropping the database.
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "TEST": {"NAME": f"test_hub_{_OWNER}"}}
POST_OFFICE = POST_OFFICE | {
    "BACKENDS": {"default": "django.core.mail.backends.locmem.EmailBackend"}
}
HUB_DEMO = False
# Tests that roll their changes back never commit them, so kept pages would not follow.
PAGE_CACHE_SECONDS = 0
LOGGING = {"version": 1, "disable_existing_loggers": False}
