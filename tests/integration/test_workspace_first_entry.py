"""An entrepreneur fills an organisation in short steps, adds an offer and sends both."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from workspace_support import at, save, step, words

from registry.directory.models import Entry, Membership
from registry.directory.selectors import draft_of
from registry.moderation import services as moderation
from registry.moderation.selectors import listing_state
from tests.factories import (
    LONG_TEXT,
    make_draft,
    make_live,
    make_staff,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user("Trần Thị Bưởi")


@pytest.fixture
def client(owner):
    browser = Client()
    browser.force_login(owner)
    return browser


def create_organisation(client: Client, **changes) -> Entry:
    url = reverse("workspace:create_kind", kwargs={"kind": "to-chuc"})
    fields = {"name_vi": "Hợp tác xã Bưởi Cồn Lộc", "roles-0-role": "htx"} | changes
    answer = save(client, url, action="next", **fields)
    assert answer.status_code == 302, words(answer)
    return Entry.objects.get(kind="organisation", working_title=fields["name_vi"])


def test_the_first_page_of_a_newcomer_says_where_to_begin(client):
    page = words(client.get(reverse("workspace:home")))
    assert "Chưa có hồ sơ." in page
    assert "Tạo hồ sơ tổ chức" in page


def test_an_organisation_is_filled_step_by_step_and_sent(client, owner):
    entry = create_organisation(client)
    assert Membership.objects.get(entry=entry).user == owner
    saved = save(
        client,
        step(entry, "gioi-thieu"),
        action="next",
        summary_vi="Bưởi da xanh, sấy múi.",
        description_vi="Trồng, thu mua và chế biến bưởi của 60 hộ.",
    )
    assert saved.url == step(entry, "linh-vuc")
    save(client, step(entry, "linh-vuc"), action="next", sectors=["lua-gao", "giong-lua"])
    saved = save(client, step(entry, "noi-dat"), action="next", commune="Xã An Bình")
    assert saved.url == at("entry", entry)

    content = draft_of(entry)
    assert content.name_vi == "Hợp tác xã Bưởi Cồn Lộc"
    assert [role.role.code for role in content.roles.all()] == ["htx"]
    assert {item.code for item in content.sectors.all()} == {"lua-gao", "giong-lua"}
    assert content.commune.full_name_vi == "Xã An Bình"

    revision = entry.content.latest_revision_id
    sent = client.post(at("submit", entry), {"latest_revision": revision}, follow=True)
    assert "Đã gửi. Trung tâm phân công trước 23:59 ngày" in words(sent)
    assert listing_state(Entry.objects.get(pk=entry.pk)).code == "submitted"
    assert not Entry.objects.public().exists()


def test_an_offer_is_sent_together_with_its_organisation(client, owner):
    organisation = make_draft(owner, title="Vàm Lộc")
    url = reverse("workspace:create_kind", kwargs={"kind": "cong-nghe"})
    saved = save(
        client,
        url,
        action="next",
        title_vi="Máy sấy nông sản năng lượng mặt trời",
        teaser_vi="Ban ngày lấy nhiệt mái.",
        problem_vi="Mùa mưa thiếu nắng.",
        how_it_works_vi=LONG_TEXT,
    )
    offer = Entry.objects.get(kind="offer")
    assert offer.owner == organisation
    assert saved.url == step(offer, "linh-vuc")
    save(client, step(offer, "linh-vuc"), sectors=["lua-gao"])
    save(client, step(offer, "muc-san-sang"), trl="6", ip_status="chua_dang_ky")
    save(client, step(offer, "hieu-qua"), advantages_vi="Giảm tiền nhiên liệu.")
    save(
        client,
        step(offer, "chuyen-giao"),
        objects_of_transfer=["bi_quyet"],
        forms=["doc_lap"],
        methods=["tai_lieu"],
        price_type="tham_khao",
        price_low="250.000.000",
        commune="An Bình",
        commune_code=draft_of(organisation).commune.code,
    )
    page = client.get(at("entry", offer))
    assert "Gửi cả hồ sơ tổ chức" in words(page)
    offer.refresh_from_db()
    sent = client.post(
        at("submit", offer),
        {
            "latest_revision": offer.content.latest_revision_id,
            "companion_revision": organisation.content.latest_revision_id,
            "together": "1",
        },
        follow=True,
    )
    assert "Đã gửi." in words(sent)
    for entry in (organisation, offer):
        assert listing_state(Entry.objects.get(pk=entry.pk)).code == "submitted"
    assert draft_of(offer).price_low == 250_000_000


def test_an_incomplete_draft_is_not_sent_and_every_gap_leads_to_its_field(client):
    entry = create_organisation(client)
    revision = entry.content.latest_revision_id
    refused = client.post(at("submit", entry), {"latest_revision": revision})
    assert refused.status_code == 422
    assert "Nhập tóm tắt." in words(refused)
    target = step(entry, "gioi-thieu") + "?sua=1"
    assert f'href="{target}#id_summary_vi"' in refused.content.decode()
    mending = client.get(target)
    assert mending.status_code == 200
    assert "Nhập tóm tắt." in words(mending)
    assert not entry.cases.exists()


def test_the_owner_answers_requested_changes(client, owner):
    entry = make_draft(owner)
    moderator = make_staff("moderator")
    case = moderation.submit(entry, owner, expect_revision=entry.content.latest_revision_id)
    moderation.request_changes(
        case, moderator, expect=case.seq, reason="incomplete", note="Ghi rõ công suất."
    )
    home = words(client.get(reverse("workspace:home")))
    assert "Ghi rõ công suất." in home
    page = words(client.get(at("entry", entry)))
    assert "Cần bổ sung" in page
    assert "Lý do: Thiếu thông tin" in page
    assert "Quá hạn, hồ sơ tự đóng." in page
    save(client, step(entry, "gioi-thieu"), summary_vi="Công suất 2 tấn mỗi mẻ.")
    entry.refresh_from_db()
    client.post(at("submit", entry), {"latest_revision": entry.content.latest_revision_id})
    case.refresh_from_db()
    assert case.state == "submitted"
    assert "Bạn gửi lại" in words(client.get(at("entry", entry)))


def test_the_preview_shows_what_the_public_will_see_and_nothing_more(client, owner):
    organisation = make_live(owner)
    offer = make_draft(
        owner,
        "offer",
        organisation=organisation,
        title="Lò nung gốm chạy trấu",
        confidential_vi="Công thức men bí mật",
        price_low=123_456_789,
    )
    page = client.get(at("preview", offer))
    assert page.status_code == 200
    html = page.content.decode()
    assert "Lò nung gốm chạy trấu" in words(page)
    assert "Công thức men" not in html
    assert "123.456.789" not in html
    assert "no-store" in page["Cache-Control"] or "private" in page["Cache-Control"]


def test_a_half_empty_draft_can_be_previewed(client):
    entry = create_organisation(client)
    assert client.get(at("preview", entry)).status_code == 200


def test_the_form_fits_what_a_filled_draft_holds(client, owner):
    entry = make_draft(owner, title="Đủ mọi thứ")
    before = entry.content.latest_revision_id
    for code in ("ten", "gioi-thieu", "linh-vuc", "noi-dat"):
        answer = save(client, step(entry, code))
        assert answer.status_code == 302, words(answer)
    entry.refresh_from_db()
    assert entry.content.latest_revision_id == before, "saving the same again writes nothing"
