"""The preview is the public template: also of a draft with most of it missing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from registry.directory.services import create_entry
from tests.factories import edit, make_draft, make_live, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user("Chủ Hồ Sơ")


def preview(client, entry) -> str:
    page = client.get(reverse("workspace:preview", kwargs={"number": entry.number_slug}))
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("kind", ["organisation", "lab", "offer"])
def test_an_empty_draft_can_be_previewed(client, owner, kind):
    organisation = make_draft(owner, title="Tổ chức đang soạn")
    entry = (
        create_entry(kind, owner, title="Mới bắt đầu")
        if kind == "organisation"
        else create_entry(kind, owner, title="Mới bắt đầu", organisation=organisation)
    )
    client.force_login(owner)
    html = preview(client, entry)
    assert "Mới bắt đầu" in html.replace("\u00a0", " ")
    assert "Bản xem trước" in html


def test_a_preview_shows_the_draft_as_the_public_will_see_it(client, owner):
    organisation = make_live(owner, phone="0909 123 456")
    offer = make_live(
        owner, "offer", organisation=organisation, price_low=1_000_000, price_high=2_000_000
    )
    edit(offer, owner, title_vi="Tên mới chưa duyệt", confidential_vi="Bí quyết riêng")
    client.force_login(owner)
    html = preview(client, offer)
    assert "Tên mới chưa duyệt" in html.replace("\u00a0", " ")
    for hidden in ("Bí quyết riêng", "0909 123 456", "1.000.000"):
        assert hidden not in html
    client.logout()
    public = client.get(offer.get_absolute_url()).content.decode()
    assert "Tên mới chưa duyệt" not in public.replace("\u00a0", " ")
