"""Which names of people are accepted."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_LENGTH = 150

# Mails greet people by this name: a link in it would be an advertisement in our letter.
# “PGS.TS. Lê B” is a name, “lua-dao.com” and “LUA-DAO.COM” are not.
_NOT_A_NAME = re.compile(
    r"[<>@/\\|{}\[\]=:;]|(?i:\bwww\b)|\w\.[a-z]{2,}"
    r"|(?i:\.(?:com|net|org|vn|info|biz|xyz|top|io|app|site|online|shop|me|cc)\b)"
)


def clean_full_name(text: str) -> str:
    """Return the name with single spaces, in NFC; raise `ValidationError` for what is no name."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if len(name) > MAX_LENGTH:
        raise ValidationError(
            _("Tối đa %(limit)d ký tự; bạn đã nhập %(used)d.")
            % {"limit": MAX_LENGTH, "used": len(name)}
        )
    if any(unicodedata.category(char).startswith("C") for char in name):
        raise ValidationError(_("Họ và tên có ký tự không đọc được; gõ lại."))
    if _NOT_A_NAME.search(name) or not any(char.isalpha() for char in name):
        raise ValidationError(_("Họ và tên chỉ gồm chữ, không chứa liên kết hay ký hiệu."))
    return name
