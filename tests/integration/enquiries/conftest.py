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


@pytest.fixture
def owner():
    return verified("Chủ Hồ Sơ", email=OWNER_MAIL)


@pytest.fixture
def organisation(owner):
    return make_live(
        owner, title="Cơ khí Vàm Mới", phone=PHONE, email=OFFICE_MAIL, contact_person=CONTACT
    )


@pytest.fixture
def offer(owner, organisation):
    return make_live(owner, "offer", title="Máy sấy cơm dừa", organisation=organisation)


@pytest.fixture
def sender():
    return verified(SENDER, email=SENDER_MAIL)


@pytest.fixture
def firm(sender):
    return make_live(sender, title=SENDER_FIRM)
