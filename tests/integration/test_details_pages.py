"""A visitor opens organisations, laboratories and offers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone

from registry.cases.services import act
from registry.directory.models import Entry, OrganisationRole, Recognition
from registry.directory.services import archive, expire, hold
from registry.marketplace.models import EconomicRow, IpItem, TrlEvidence
from registry.moderation.services import grant_recognition
from registry.taxonomy.cache import forget
from tests.factories import edit, make_draft, make_live, make_staff, make_user, term
from tests.snapshots import again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture
def owner():
    return again(make_user, "Chủ Hồ Sơ")


@pytest.fixture
def organisation(owner):
    return again(organisation_of, owner)


def organisation_of(owner):
    return make_live(
        owner,
        title="Cơ khí Vàm Mới",
        roles=[OrganisationRole(role=term("role", "startup"), since=timezone.localdate())],
        phone="0909 123 456",
        email="lien-he@vammoi.example",
        contact_person="Người Liên Hệ Riêng",
    )


@pytest.fixture
def offer(owner, organisation):
    return again(offer_of, owner, organisation)


def offer_of(owner, organisation):
    return make_live(
        owner,
        "offer",
        title="Máy sấy cơm dừa chạy trấu",
        organisation=organisation,
        confidential_vi="Bí quyết buồng đốt số bảy",
        price_low=180_000_000,
        price_high=320_000_000,
        evidence=[TrlEvidence(level=6, text_vi="Nhật ký 46 mẻ")],
        economics=[EconomicRow(indicator_vi="Nhiên liệu", ours="310.000 ₫", theirs="860.000 ₫")],
        ip_items=[
            IpItem(
                type=term("ip_type", "sang_che"),
                status=term("ip_status", "da_nop_don"),
                number="1-2026-09999",
            ),
            IpItem(
                type=term("ip_type", "sang_che"),
                status=term("ip_status", "da_cap_bang"),
                number="VN-44556",
            ),
        ],
    )


class TestReading:
    def test_an_offer_shows_what_is_public(self, client, offer):
        page = client.get(offer.get_absolute_url())
        html = page.content.decode()
        assert page.status_code == 200
        assert "Máy sấy" in html.replace("\u00a0", " ")
        for shown in ("Nhật ký 46 mẻ", "310.000 ₫", "VN-44556", "Cơ khí Vàm Mới", offer.number):
            assert shown in html

    def test_no_empty_frame_stands_where_nothing_legal_is_known(self):
        frame = "registry/directory/_legal.html"
        nothing = {"tax_code": "", "fields": {}, "sectors": []}
        assert render_to_string(frame, nothing).strip() == ""
        assert "2019" in render_to_string(frame, nothing | {"fields": {"founded_year": 2019}})

    def test_a_visitor_without_account_reads_neither_price_range_nor_secrets(self, client, offer):
        html = client.get(offer.get_absolute_url()).content.decode()
        assert "Khoảng giá hiện sau khi đăng nhập." in html
        for hidden in ("180.000.000", "320.000.000", "1-2026-09999", "Bí quyết buồng đốt"):
            assert hidden not in html

    def test_the_price_range_shows_after_log_in(self, client, offer):
        client.force_login(make_user())
        html = client.get(offer.get_absolute_url()).content.decode()
        assert "180.000.000–320.000.000" in html
        assert "Bí quyết buồng đốt" not in html

    def test_an_organisation_shows_roles_and_offers_but_no_contacts(
        self, client, organisation, offer
    ):
        html = client.get(organisation.get_absolute_url()).content.decode()
        assert "khởi nghiệp sáng tạo" in html
        assert "chạy trấu" in html
        for hidden in ("0909 123 456", "lien-he@vammoi.example", "Người Liên Hệ Riêng"):
            assert hidden not in html

    def test_a_laboratory_shows_its_services_and_its_organisation(
        self, client, owner, organisation
    ):
        lab = make_live(owner, "lab", title="Phòng thử nước", organisation=organisation)
        html = client.get(lab.get_absolute_url()).content.decode()
        assert "Đo độ mặn" in html
        assert "Cơ khí Vàm Mới" in html

    def test_the_english_page_keeps_the_address_and_falls_back_to_vietnamese(self, client, offer):
        page = client.get(f"/en{offer.get_absolute_url()}")
        assert page.status_code == 200
        assert offer.number in page.content.decode()

    def test_demo_entries_say_so(self, client, offer):
        Entry.objects.filter(pk=offer.pk).update(is_demo=True)
        html = client.get(offer.get_absolute_url()).content.decode()
        assert "(minh họa)" in html.replace("\xa0", " ")
        assert "không phải dữ liệu thật" in html

    def test_text_of_owners_is_escaped(self, client, owner, organisation):
        offer = make_live(
            owner,
            "offer",
            title="Sấy </script><script>alert(1)</script>",
            organisation=organisation,
            teaser_vi='"><img src=x onerror=alert(2)>',
        )
        html = client.get(offer.get_absolute_url()).content.decode()
        assert "<script>alert(1)" not in html
        assert "<img src=x" not in html

    def test_an_unpublished_edit_does_not_show(self, client, owner, offer):
        edit(offer, owner, title_vi="Tên chưa duyệt")
        assert "Tên chưa duyệt" not in client.get(offer.get_absolute_url()).content.decode()


class TestRolesInTime:
    def test_each_role_has_its_dates_its_proof_and_its_source(self, client, owner):
        today = timezone.localdate()
        entry = make_live(
            owner,
            roles=[
                OrganisationRole(role=term("role", "htx"), since=date(2015, 3, 1)),
                OrganisationRole(
                    role=term("role", "tht"), since=date(2013, 3, 1), until=date(2015, 2, 28)
                ),
                OrganisationRole(role=term("role", "dn_khcn"), since=date(2024, 6, 14)),
            ],
        )
        grant_recognition(
            entry,
            make_staff("moderator"),
            Recognition(type=Recognition.Type.ST_ENTERPRISE, number="07/DNKHCN", issuer="Sở KH&CN"),
        )
        page = client.get(entry.get_absolute_url())
        html = page.content.decode()
        assert "từ 14/06/2024" in html
        assert "01/03/2013–28/02/2015" in html
        assert "07/DNKHCN" in html
        assert "Tự khai" in html
        chart = page.context["chart"]
        assert chart.ticks[0] == 2013
        assert chart.ticks[-1] <= today.year
        assert all(0 <= bar.x < bar.x + bar.width <= chart.width for bar in chart.bars)
        assert page.context["roles"] == ["Hợp tác xã", "Doanh nghiệp khoa học và công nghệ"]

    def test_a_revoked_certificate_proves_nothing(self, client, owner):
        entry = make_live(
            owner, roles=[OrganisationRole(role=term("role", "dn_khcn"), since=date(2024, 6, 14))]
        )
        case = grant_recognition(
            entry,
            make_staff("moderator"),
            Recognition(type=Recognition.Type.ST_ENTERPRISE, number="07/DNKHCN"),
        )
        act(case, "revoke", make_staff("moderator"), expect=case.seq, note="Thu hồi.")
        assert "07/DNKHCN" not in client.get(entry.get_absolute_url()).content.decode()


class TestMore:
    def test_neighbours_share_a_sector_and_are_drawn_apart(self, client, owner, organisation):
        rice, energy = term("sector", "phu-pham-lua"), term("sector", "nang-luong")
        offer = make_live(owner, "offer", organisation=organisation, sectors=[rice, energy])
        for sectors in ([rice], [rice, energy], [rice], [rice]):
            make_live(owner, "offer", organisation=organisation, sectors=sectors)
        make_live(owner, "offer", organisation=organisation, sectors=[term("sector", "thuy-san")])
        cards = client.get(offer.get_absolute_url()).context["more"]
        assert len(cards) == 4
        assert offer.number not in {card.number for card in cards}
        assert {card.sector for card in cards} == {"lua-gao", "nang-luong"}


class TestAddresses:
    def test_an_old_slug_leads_to_the_right_address(self, client, offer):
        page = client.get(f"/cong-nghe/ten-cu-{offer.number_slug}/")
        assert page.status_code == 301
        assert page["Location"] == offer.get_absolute_url()

    def test_a_number_of_another_kind_is_not_found(self, client, offer, organisation):
        assert client.get(f"/to-chuc/x-{offer.number_slug}/").status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            "/cong-nghe/x-cn-999999/",
            "/cong-nghe/x-cn-99999999999999999999/",
            "/cong-nghe/x-cn-٣/",
            "/cong-nghe/%00-cn-0001/",
        ],
    )
    def test_what_never_was_is_not_found(self, client, address):
        assert client.get(address).status_code == 404

    def test_a_draft_is_not_found_even_for_its_members(self, client, owner):
        draft = make_draft(owner)
        client.force_login(owner)
        assert client.get(draft.get_absolute_url()).status_code == 404

    def test_an_archived_entry_is_gone_with_date_and_reason(self, client, owner, offer):
        archive(offer, owner, reason="Đã ngừng sản xuất")
        page = client.get(offer.get_absolute_url())
        html = page.content.decode()
        assert page.status_code == 410
        assert "Đã ngừng sản xuất" in html
        assert timezone.localdate().strftime("%d/%m/%Y") in html.replace("\u00a0", " ")
        assert "cơm dừa" not in html

    def test_an_expired_entry_is_gone(self, client, offer):
        expire(offer)
        assert client.get(offer.get_absolute_url()).status_code == 410

    def test_a_hidden_entry_is_not_found_for_now(self, client, owner, offer):
        hold(offer, owner)
        assert client.get(offer.get_absolute_url()).status_code == 404

    def test_a_merged_entry_leads_to_the_one_that_stays(self, client, owner, organisation, offer):
        other = make_live(owner, "offer", title="Bản trùng", organisation=organisation)
        Entry.objects.filter(pk=other.pk).update(
            lifecycle=Entry.Lifecycle.MERGED, is_public=False, merged_into=offer
        )
        page = client.get(other.get_absolute_url())
        assert page.status_code == 301
        assert page["Location"] == offer.get_absolute_url()

    def test_only_reading_is_allowed(self, client, offer):
        assert client.post(offer.get_absolute_url()).status_code == 405


class TestLanguages:
    def test_vietnamese_words_on_an_english_page_say_so(self, client, owner, organisation, offer):
        told = make_live(
            owner, "offer", title="Máy ép", title_en="Press", organisation=organisation
        )
        for sector in told.content.sectors.all():
            offer.content.sectors.add(sector)
        offer.content.save()
        address, other = offer.get_absolute_url(), told.get_absolute_url()
        vietnamese = client.get(address).content.decode()
        assert 'lang="vi">' not in vietnamese.split("<main", 1)[1]
        page = client.get(f"/en{address}").content.decode()
        assert '<h1 lang="vi">' in page
        assert '<p class="lead mt3" lang="vi">' in page
        assert f'<a href="/en{other}">' in page, "its card is in English"
        page = client.get(f"/en{other}").content.decode()
        assert "<h1>Press" in page
        assert f'<a href="/en{address}" lang="vi">' in page


class TestFreshness:
    def test_an_entry_not_confirmed_for_half_a_year_says_so(self, client, offer):
        Entry.objects.filter(pk=offer.pk).update(
            last_confirmed_at=timezone.now() - timedelta(days=200)
        )
        assert "có thể đã cũ" in client.get(offer.get_absolute_url()).content.decode()


class TestQueries:
    """Detail pages stay within 15 queries, whoever reads (issue §7)."""

    @pytest.fixture
    def pages(self, client, owner, organisation, offer):
        lab = make_live(owner, "lab", title="Phòng thử nước", organisation=organisation)
        for number in range(3):
            make_live(owner, "offer", title=f"Công nghệ {number}", organisation=organisation)
        addresses = [entry.get_absolute_url() for entry in (organisation, lab, offer)]
        # Menus and vocabularies are kept a minute: another test's would end in the middle of this one.
        cache.clear()
        forget()
        for address in addresses:
            client.get(address)
        return addresses

    def test_for_a_visitor(self, client, pages, django_assert_max_num_queries):
        for address in pages:
            with django_assert_max_num_queries(15):
                client.get(address)

    def test_for_a_person_with_an_account(self, client, pages, django_assert_max_num_queries):
        client.force_login(make_user())
        for address in pages:
            with django_assert_max_num_queries(15):
                client.get(address)

    def test_for_a_member_and_for_the_desk(
        self, client, owner, pages, django_assert_max_num_queries
    ):
        for person in (owner, make_staff("moderator")):
            client.force_login(person)
            for address in pages:
                with django_assert_max_num_queries(15):
                    client.get(address)
