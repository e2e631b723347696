"""Log-ins of a development site, one for each role."""

from __future__ import annotations

from dataclasses import dataclass

from registry.accounts.consents import ACCOUNT
from registry.accounts.models import User
from registry.accounts.permissions import (
    ADMINISTRATOR,
    BROKER,
    CONTRIBUTOR,
    EDITOR,
    GROUPS,
    MODERATOR,
)
from registry.accounts.roles import sync_roles
from registry.accounts.services import create_account, give_consent

#: Known to everybody: the command that uses it refuses to run on a real site.
PASSWORD = "trung-tam-minh-hoa"  # noqa: S105 (no secret: printed by the command)

OWNER_EMAIL = "chu-ho-so@minh-hoa.example"

_LOGINS = (
    (ADMINISTRATOR, "quan-tri@minh-hoa.example", "Quản Trị (minh họa)"),
    (EDITOR, "bien-tap@minh-hoa.example", "Biên Tập (minh họa)"),
    (CONTRIBUTOR, "cong-tac@minh-hoa.example", "Cộng Tác (minh họa)"),
    (MODERATOR, "xem-xet@minh-hoa.example", "Xem Xét (minh họa)"),
    (BROKER, "ket-noi@minh-hoa.example", "Kết Nối (minh họa)"),
    ("", OWNER_EMAIL, "Chủ Hồ Sơ (minh họa)"),
)


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """What a developer needs to log in."""

    role_name: str
    email: str
    password: str


def demo_users() -> list[DemoLogin]:
    """Make the demo accounts that are missing and return all of them."""
    sync_roles()
    logins = []
    for role, email, name in _LOGINS:
        if not User.objects.filter(email=email).exists():
            user = create_account(email, name, password=PASSWORD, role=role)
            if not role:
                give_consent(user, ACCOUNT, user.language)
        logins.append(DemoLogin(GROUPS.get(role, "Chủ hồ sơ"), email, PASSWORD))
    return logins
