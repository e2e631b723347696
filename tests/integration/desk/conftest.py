"""Who stands at the desk in these stories."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_staff, make_user
from tests.snapshots import again


@pytest.fixture
def owner() -> Any:
    return again(make_user, "Nguyễn Thị Chủ")


@pytest.fixture
def moderator() -> Any:
    return again(make_staff, "moderator", "Lê Văn Xét")


@pytest.fixture
def colleague() -> Any:
    return again(make_staff, "moderator", "Đồng Nghiệp")


@pytest.fixture
def desk(client: Client, moderator: Any) -> Client:
    """The browser of a moderator."""
    client.force_login(moderator)
    return client
