"""An offer with contacts, its owner, and somebody who asks."""

from __future__ import annotations

import pytest

from tests.factories import make_live
from tests.factories.enquiries import (
    CONTACT,
    OFFICE_MAIL,
    OWNER_MAIL,
    PHONE,
    SENDER,
    SENDER_FIRM,
    SENDER_MAIL,
    verified,
)
from tests.snapshots import again


# Each step of a story is made once and put back from its rows.
@pytest.fixture
def owner():
    return again(verified, "Chủ Hồ Sơ", email=OWNER_MAIL)


@pytest.fixture
def organisation(owner):
    words = {"phone": PHONE, "email": OFFICE_MAIL, "contact_person": CONTACT}
    return again(make_live, owner, title="Cơ khí Vàm Mới", **words)


@pytest.fixture
def offer(owner, organisation):
    return again(make_live, owner, "offer", title="Máy sấy cơm dừa", organisation=organisation)


@pytest.fixture
def sender():
    return again(verified, SENDER, email=SENDER_MAIL)


@pytest.fixture
def firm(sender):
    return again(make_live, sender, title=SENDER_FIRM)
