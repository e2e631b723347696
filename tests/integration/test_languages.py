"""A visitor who reads English stays in English, and so does one who reads Vietnamese."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from tests.factories import make_live, make_user

pytestmark = pytest.mark.django_db

TITLE = "Nhà sấy cơm dừa hai nguồn nhiệt"


@pytest.fixture
def entry():
    """A technology described in Vietnamese only."""
    owner = make_user()
    organisation = make_live(owner)
    found = make_live(owner, "offer", organisation=organisation, title=TITLE)
    call_command("search_rebuild", stdout=StringIO())
    return found


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_result_leads_to_the_page_in_the_visitor_s_language(client: Client, entry, prefix):
    with translation.override("vi"):
        address = prefix + entry.get_absolute_url()
    page = client.get(f"{prefix}/thi-truong-cong-nghe/").content.decode()
    assert set(re.findall(rf'href="([^"]*{entry.number_slug}/)"', page)) == {address}
    typed = client.get(f"{prefix}/goi-y/", {"q": "nha say"}, headers={"HX-Request": "true"})
    assert f'href="{address}"' in typed.content.decode()


def test_the_interface_of_an_entry_follows_the_address_and_its_text_stays(client: Client, entry):
    with translation.override("vi"):
        address = entry.get_absolute_url()
    vietnamese = client.get(address).content.decode()
    english = client.get("/en" + address).content.decode()
    assert "Báo thông tin sai" in vietnamese
    assert "Report a mistake" in english
    assert "Báo thông tin sai" not in english
