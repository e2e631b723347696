"""Rate limits that every process shares: an upsert counter in the project's own database.

Caches cannot serve here: the local one is not shared, and a database cache does not count
atomically.
"""

from __future__ import annotations

import secrets
import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from registry.common.models import RateCount

# SQLite (from 3.35) and PostgreSQL read this statement alike.
_UPSERT = """
INSERT INTO common_ratecount (key_hash, window_start, window_end, count)
VALUES (%s, %s, %s, 1)
ON CONFLICT (key_hash, window_start) DO UPDATE SET count = common_ratecount.count + 1
RETURNING count
"""
_SALT = "registry.common.ratelimit"


def hit(key: str, limit: int, per_seconds: int) -> bool:
    """Count one use of the key and return whether it is still within the limit.

    Windows are fixed: `limit` uses in each `per_seconds`, all windows beginning at the same
    clock times. The key (an address, an account) is stored as a keyed hash only. Racing calls
    are counted one by one by the database.
    """
    now = int(time.time())
    start = now - now % per_seconds
    digest = salted_hmac(_SALT, f"{per_seconds}:{key}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [digest, start, start + per_seconds])
        count = int(cursor.fetchone()[0])
    if count == 1 and secrets.randbelow(100) == 0:
        purge()
    return count <= limit


def retry_after(per_seconds: int) -> int:
    """Return the seconds until the present window ends, at least one: the `Retry-After` of a 429."""
    return max(1, per_seconds - int(time.time()) % per_seconds)


def purge() -> int:
    """Delete the windows that are over and return how many there were."""
    deleted, _by_model = RateCount.objects.filter(window_end__lt=int(time.time())).delete()
    return deleted


def client(request: HttpRequest) -> str:
    """Return the key of who asks: the account, or the address seen through our own proxies.

    An address in `X-Forwarded-For` counts only as far back as our proxies wrote it.
    """
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    proxies = int(getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(forwarded) >= proxies and forwarded[-proxies].strip():
        return f"ip:{forwarded[-proxies].strip()}"
    return f"ip:{request.META.get('REMOTE_ADDR', '')}"
