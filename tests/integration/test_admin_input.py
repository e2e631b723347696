"""Garbage in the addresses of the admin, where Wagtail asks the database with what it was given."""

from __future__ import annotations

import pytest

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/quan-tri/choose-page/?q=a%00b",
        "/quan-tri/images/chooser/chosen-multiple/?id=%00",
        "/quan-tri/workflows/tasks/add/a%00b/a/",
        "/quan-tri/pages/?q=%00",
    ],
)
def test_a_nul_in_an_address_of_the_admin_is_refused(client, address):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    client.raise_request_exception = False
    assert client.get(address).status_code == 400


def test_other_searches_of_the_admin_go_on(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.get("/quan-tri/choose-page/?q=m%C3%A1y+%25").status_code == 200
