"""An editor sees a page as on a phone first, then at the other widths it is drawn for."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from wagtail.models import Page, get_page_models

from tests.factories import make_staff
from tests.integration.editor_support import small_site

pytestmark = pytest.mark.django_db
OURS = [model for model in get_page_models() if model.__module__.startswith("cms.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_type_of_page_has_three_widths(model: type[Page]) -> None:
    page = model()
    assert [size["device_width"] for size in page.preview_sizes] == [390, 768, 1280]
    assert page.default_preview_size == "mobile"


def test_the_form_offers_them_in_vietnamese_the_phone_first(client: Client) -> None:
    index = small_site()
    client.force_login(make_staff("editor"))
    html = client.get(f"/quan-tri/pages/add/news/newspage/{index.pk}/").content.decode()
    labels = re.findall(r'aria-label="(Xem ở cỡ [^"]+)"', html)
    assert labels == ["Xem ở cỡ điện thoại", "Xem ở cỡ máy tính bảng", "Xem ở cỡ máy tính"]
    chosen = re.search(r'<input[^>]*name="preview-size"[^>]*checked[^>]*>', html)
    assert chosen
    assert 'data-device-width="390"' in chosen[0]
