"""What people are asked to agree to, purpose by purpose, with every version of the text.

One consent per purpose, off by default, withdrawn as easily as given (Law 91/2025/QH15 on the
protection of personal data). A text is never changed: a new wording is a new version at the end of
its list, so that a stored consent can always be read back as it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Text:
    """One version of the sentence a person agreed to."""

    version: str
    text: Any


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of processing: `required` ones carry the account, `at_signup` ones are asked there."""

    code: str
    title: Any
    texts: tuple[Text, ...]
    required: bool = False
    at_signup: bool = True

    @property
    def current(self) -> Text:
        """The version asked today."""
        return self.texts[-1]

    def text_of(self, version: str) -> Any:
        """Return the sentence of a version; raise `KeyError` for one that never was."""
        for item in self.texts:
            if item.version == version:
                return item.text
        raise KeyError(version)


ACCOUNT = "account"
NEWS = "news"
INTRODUCTION = "introduction"

PURPOSES = {
    purpose.code: purpose
    for purpose in (
        Purpose(
            code=ACCOUNT,
            title=_("Tài khoản và hồ sơ"),
            texts=(
                Text(
                    "2026-11",
                    _(
                        "Tôi đồng ý để Trung tâm lưu và dùng họ tên, email của tôi để mở tài khoản, "
                        "xem xét hồ sơ tôi gửi và báo kết quả."
                    ),
                ),
            ),
            required=True,
        ),
        Purpose(
            code=NEWS,
            title=_("Tin qua email"),
            texts=(
                Text(
                    "2026-11",
                    _(
                        "Tôi đồng ý nhận tin về sự kiện, chính sách và chương trình của Trung tâm "
                        "qua email."
                    ),
                ),
            ),
        ),
        Purpose(
            code=INTRODUCTION,
            title=_("Trao liên hệ khi kết nối"),
            texts=(
                Text(
                    "2026-11",
                    _(
                        "Tôi đồng ý để Trung tâm cho bên kia biết họ tên và email của tôi khi "
                        "hai bên được kết nối."
                    ),
                ),
            ),
            at_signup=False,
        ),
    )
}


def at_signup() -> list[Purpose]:
    """Return the purposes asked when an account is created, the required ones first."""
    asked = [purpose for purpose in PURPOSES.values() if purpose.at_signup]
    return sorted(asked, key=lambda purpose: not purpose.required)
