"""Values stored encrypted, with a keyed hash beside them for matching."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet
from django.conf import settings


def _key(purpose: str) -> bytes:
    secret = getattr(settings, "IDENTIFIER_KEY", "") or settings.SECRET_KEY
    return hashlib.sha256(f"{purpose}:{secret}".encode()).digest()


def encrypt(value: str) -> bytes:
    """Return the value as an authenticated ciphertext."""
    return Fernet(base64.urlsafe_b64encode(_key("encrypt"))).encrypt(value.encode())


def decrypt(token: bytes) -> str:
    """Return the plain value; raise `cryptography.fernet.InvalidToken` when the key differs."""
    return Fernet(base64.urlsafe_b64encode(_key("encrypt"))).decrypt(bytes(token)).decode()


def keyed_hash(value: str) -> str:
    """Return 64 hexadecimal digits that match only under this site's key."""
    return hmac.new(_key("match"), value.encode(), hashlib.sha256).hexdigest()
