"""Every environment variable of the hub, read and typed once.

`.env.example` lists the same names; a test compares the two.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """Return the variable as text, or the default when it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def required(name: str) -> str:
    """Return the variable as text; raise `ImproperlyConfigured` naming it when it is missing."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Biến môi trường {name} chưa được đặt.")
    return value


def secret(name: str) -> str:
    """Return the variable as text, or what the file holds that NAME_FILE names; "" without either.

    Raises `ImproperlyConfigured` when both are set, or the file cannot be read.
    """
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    if text(name):
        raise ImproperlyConfigured(f"Chỉ đặt một trong hai biến {name} và {name}_FILE.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"Không đọc được tệp của biến {name}_FILE.") from error


def required_secret(name: str) -> str:
    """Return the secret; raise `ImproperlyConfigured` naming it when it is missing."""
    value = secret(name)
    if not value:
        raise ImproperlyConfigured(f"Biến môi trường {name} (hoặc {name}_FILE) chưa được đặt.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """Return True for 1, true, yes, on (any case)."""
    value = text(name)
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """Return the variable as an integer; raise `ImproperlyConfigured` when it is not one."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"Biến môi trường {name} phải là số nguyên.") from error


def items(name: str, default: str = "") -> list[str]:
    """Return the comma-separated values of the variable."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(url: str, password: str = "") -> dict[str, Any]:
    """Return Django's DATABASES entry for `sqlite:///path` or `postgres://user:password@host:port/name`.

    `password` stands in for one the address leaves out. What follows `?` in a PostgreSQL address
    (`sslmode`, `sslrootcert`…) goes to its driver.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path)[1:])
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            # WAL lets readers work while one writer writes; IMMEDIATE avoids lock upgrades.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA mmap_size=134217728; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path).lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or "") or password,
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured("DATABASE_URL phải bắt đầu bằng sqlite:/// hoặc postgres://.")
