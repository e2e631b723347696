"""How much a page asks of the database: as much for twenty lines as for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.moderation.services import report_entry
from tests.factories import edit, make_draft, make_live, make_staff, make_user, submit

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str) -> int:
    """Return how many queries a warm page takes."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(seen)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner() -> Any:
    return make_user("Trần Văn Chủ")


def several_of_each_state(owner: Any, organisation: Any, count: int) -> None:
    for number in range(count):
        make_draft(owner, "offer", title=f"Nháp {number}", organisation=organisation)
        waiting = make_draft(owner, "offer", title=f"Chờ {number}", organisation=organisation)
        submit(waiting, owner)
        live = make_live(owner, "offer", title=f"Máy {number}", organisation=organisation)
        edit(live, owner, teaser_vi="Câu mới")
        submit(live, owner)
        report_entry(live, make_user(), claim="wrong", text="Sai địa chỉ.")


def test_the_owners_rooms_ask_the_same_for_many_entries(owner: Any) -> None:
    organisation = make_live(owner, title="Vàm Lộc")
    client = signed_in(owner)
    several_of_each_state(owner, organisation, 3)
    few = {at: queries(client, at) for at in ("/ban-lam-viec/ho-so/", "/ban-lam-viec/")}
    several_of_each_state(owner, organisation, 2)
    many = {at: queries(client, at) for at in few}
    assert many["/ban-lam-viec/ho-so/"] == few["/ban-lam-viec/ho-so/"] <= 12
    # Which three drafts are read whole depends on who was saved last: some lack more than others.
    assert many["/ban-lam-viec/"] <= few["/ban-lam-viec/"] + 10
    # Three drafts are read whole for what they lack, and the organisation.
    assert many["/ban-lam-viec/"] <= 100


def test_a_case_at_the_desk_asks_little(owner: Any) -> None:
    organisation = make_live(owner, title="Vàm Lộc")
    several_of_each_state(owner, organisation, 1)
    live = make_live(owner, "offer", title="Máy sấy hai nguồn nhiệt", organisation=organisation)
    edit(live, owner, teaser_vi="Câu mới")
    case = submit(live, owner)
    assert case is not None
    client = signed_in(make_staff("moderator"))
    few = queries(client, f"/quan-tri/xem-xet/viec/{case.pk}/")
    several_of_each_state(owner, organisation, 2)
    assert queries(client, f"/quan-tri/xem-xet/viec/{case.pk}/") == few
    assert few <= 34
