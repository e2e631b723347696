"""Nothing typed is lost, nothing of others is seen, nothing broken gets in."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from workspace_support import at, form_of, save, step, typed, words

from registry.directory.models import Entry, Identifier, OrganisationRole
from registry.directory.selectors import draft_of
from registry.directory.services import claim_tax_code, create_entry
from registry.moderation import services as moderation
from registry.taxonomy.models import Term
from tests.factories import edit, join, make_draft, make_live, make_staff, make_user, term
from tests.factories.enquiries import verified
from tests.snapshots import again

pytestmark = pytest.mark.django_db

PASSWORD = "mot mat khau dai"


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner():
    return again(verified, "Chủ Hồ Sơ", password=PASSWORD)


@pytest.fixture
def client(owner):
    return browser_of(owner)


@pytest.fixture
def entry(owner):
    return again(make_draft, owner, title="Vàm Lộc")


class TestWhoMaySee:
    def addresses(self, entry: Entry) -> list[str]:
        pages = ["entry", "preview", "submit", "withdraw", "hold", "show", "confirm", "discard"]
        pages += ["clone", "recognitions"]
        member = entry.memberships.get()
        people = {"number": entry.number_slug}
        return [
            *(at(name, entry) for name in pages),
            step(entry, "ten"),
            reverse("workspace:members_of", kwargs=people),
            reverse("workspace:member_role", kwargs=people | {"member": member.pk}),
            reverse("workspace:member_remove", kwargs=people | {"member": member.pk}),
        ]

    def test_a_member_of_another_organisation_finds_nothing(self, entry):
        stranger = make_user("Người Lạ")
        make_draft(stranger, title="Tổ chức khác")
        browser = browser_of(stranger)
        for url in self.addresses(entry):
            for answer in (browser.get(url), browser.post(url, {"role": "viewer"})):
                assert answer.status_code in {404, 405}, url
        entry.refresh_from_db()
        assert entry.lifecycle == "draft"
        assert entry.memberships.count() == 1
        assert not entry.cases.exists()

    def test_a_moderator_has_no_way_round_the_desk(self, entry):
        browser = browser_of(make_staff("moderator"))
        assert browser.get(at("entry", entry)).status_code == 404
        assert browser.post(at("submit", entry), {}).status_code == 404

    def test_a_viewer_sees_but_cannot_change(self, entry):
        viewer = make_user()
        join(entry, viewer, "viewer")
        browser = browser_of(viewer)
        page = browser.get(at("entry", entry))
        assert page.status_code == 200
        assert "chưa có quyền sửa" in words(page)
        assert browser.get(at("preview", entry)).status_code == 200
        assert browser.get(step(entry, "ten")).status_code == 403
        for name in ("submit", "discard", "hold", "confirm", "clone"):
            assert browser.post(at(name, entry), {}).status_code == 403, name
        answer = browser.post(step(entry, "ten"), {"name_vi": "Đổi tên", "latest_revision": "1"})
        assert answer.status_code == 403
        assert draft_of(entry).name_vi == "Vàm Lộc"

    def test_a_visitor_is_asked_to_log_in_on_every_page(self, entry):
        rooms = ["home", "entries", "create", "members", "communes"]
        for url in [*self.addresses(entry), *(reverse(f"workspace:{name}") for name in rooms)]:
            answer = Client().get(url)
            if answer.status_code != 405:
                assert answer.status_code == 302, url
                assert reverse("account_login") in answer.url

    def test_an_offer_cannot_be_hung_on_somebody_elses_organisation(self, entry):
        stranger = make_user()
        mine = make_draft(stranger, title="Của tôi")
        browser = browser_of(stranger)
        url = reverse("workspace:create_kind", kwargs={"kind": "cong-nghe"})
        save(browser, url, title_vi="Máy lạ", organisation=entry.number_slug)
        assert Entry.objects.get(kind="offer").owner == mine


class TestLostRaces:
    def test_the_slower_of_two_keeps_the_words_and_may_save_over_after_reading(self, client, entry):
        colleague = make_user("Lê Văn Nhanh")
        join(entry, colleague)
        mine = typed(client, step(entry, "gioi-thieu"), summary_vi="Câu tôi gõ mười phút")
        edit(entry, colleague, summary_vi="Câu của đồng nghiệp", phone="0000 000 000")

        lost = client.post(step(entry, "gioi-thieu"), mine | {"action": "save"})
        assert lost.status_code == 409
        assert "Lê Văn Nhanh đã lưu bản mới hơn lúc" in words(lost)
        assert "Phần bạn viết vẫn ở bên dưới." in words(lost)
        again = form_of(lost.content.decode())
        assert again["summary_vi"] == ["Câu tôi gõ mười phút"]
        assert "Tóm tắt Câu của đồng nghiệp" in words(lost), "the newer words stand beside mine"
        assert draft_of(Entry.objects.get(pk=entry.pk)).summary_vi == "Câu của đồng nghiệp"

        assert client.post(step(entry, "gioi-thieu"), again).status_code == 302
        draft = draft_of(Entry.objects.get(pk=entry.pk))
        assert draft.summary_vi == "Câu tôi gõ mười phút"
        assert draft.phone == "0000 000 000", "the other steps keep the colleague's words"

    def test_a_submission_of_a_draft_that_moved_is_refused(self, client, entry, owner):
        old = entry.content.latest_revision_id
        edit(entry, owner, summary_vi="Bản mới hơn")
        answer = client.post(at("submit", entry), {"latest_revision": old}, follow=True)
        assert "đã lưu bản mới hơn" in words(answer)
        assert not entry.cases.exists()

    def test_a_double_click_submits_once(self, client, entry):
        data = {"latest_revision": entry.content.latest_revision_id}
        client.post(at("submit", entry), data)
        again = client.post(at("submit", entry), data, follow=True)
        assert "đang được Trung tâm xem xét" in words(again)
        assert entry.cases.count() == 1

    def test_a_stale_withdrawal_changes_nothing(self, client, entry, owner):
        case = moderation.submit(entry, owner, expect_revision=entry.content.latest_revision_id)
        seen = case.seq
        moderation.take(case, make_staff("moderator"), expect=case.seq)
        answer = client.post(at("withdraw", entry), {"seq": seen}, follow=True)
        assert "Vụ việc đã được xử lý ở nơi khác." in words(answer)
        case.refresh_from_db()
        assert case.state == "in_review"


class TestExpiredSession:
    def test_text_typed_after_the_session_ended_waits_behind_the_log_in(self, client, entry, owner):
        url = step(entry, "gioi-thieu")
        form = typed(
            client, url, summary_vi="Viết suốt buổi sáng", description_vi="Dòng một\nDòng hai"
        )
        client.logout()

        answer = client.post(url, form | {"action": "next"})
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
        assert "Viết suốt" not in answer.content.decode()
        login = client.post(answer.url, {"login": owner.email, "password": PASSWORD})
        assert login.status_code == 302, words(login)
        assert login.url == url
        back = client.get(url)
        assert "Phần bạn viết trước khi đăng nhập vẫn ở bên dưới" in words(back)
        kept = form_of(back.content.decode())
        assert kept["summary_vi"] == ["Viết suốt buổi sáng"]
        assert draft_of(entry).summary_vi != "Viết suốt buổi sáng"

        assert client.post(url, kept | {"action": "save"}).status_code == 302
        assert draft_of(Entry.objects.get(pk=entry.pk)).summary_vi == "Viết suốt buổi sáng"
        assert "trước khi đăng nhập" not in words(client.get(url))

    def test_a_new_organisation_survives_too(self, client, owner):
        url = reverse("workspace:create_kind", kwargs={"kind": "to-chuc"})
        form = typed(client, url, name_vi="Tổ chức mới gõ")
        client.logout()
        answer = client.post(url, form | {"action": "next"})
        client.post(answer.url, {"login": owner.email, "password": PASSWORD})
        assert form_of(client.get(url).content.decode())["name_vi"] == ["Tổ chức mới gõ"]

    def test_another_person_at_the_same_screen_does_not_read_it(self, client):
        url = reverse("workspace:create_kind", kwargs={"kind": "to-chuc"})
        form = typed(client, url, name_vi="Của người trước")
        client.logout()
        client.post(url, form)
        client.force_login(make_user())
        assert "Của người trước" not in client.get(url).content.decode()

    def test_the_kept_text_can_be_dropped(self, client, entry, owner):
        url = step(entry, "gioi-thieu")
        form = typed(client, url, summary_vi="Bỏ đi")
        client.logout()
        client.post(url, form)
        client.force_login(owner)
        assert "Bỏ đi" in client.get(url).content.decode()
        client.get(url + "?bo=1")
        assert "Bỏ đi" not in client.get(url).content.decode()

    def test_there_is_a_limit_to_what_a_stranger_can_make_us_keep(self, client, entry):
        url = step(entry, "gioi-thieu")
        form = typed(client, url, description_vi="dài " * 80_000)
        client.logout()
        assert client.post(url, form).status_code == 302
        assert "workspace_kept" not in client.session

    def test_a_stale_token_is_refused_but_the_text_comes_back(self, entry, owner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        url = step(entry, "gioi-thieu")
        form = typed(client, url, summary_vi="Gõ ở thẻ cũ") | {"csrfmiddlewaretoken": "x" * 64}
        refused = client.post(url, form, headers={"Origin": "http://testserver"})
        assert refused.status_code == 403
        assert "Phần bạn viết vẫn còn." in words(refused)
        assert draft_of(entry).summary_vi != "Gõ ở thẻ cũ"
        assert form_of(client.get(url).content.decode())["summary_vi"] == ["Gõ ở thẻ cũ"]

    def test_another_site_cannot_put_words_into_a_form(self, entry, owner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        url = step(entry, "gioi-thieu")
        form = typed(client, url, summary_vi="Chữ của kẻ khác")
        refused = client.post(url, form, headers={"Origin": "https://ke-khac.example"})
        assert refused.status_code == 403
        assert "Chữ của kẻ khác" not in client.get(url).content.decode()


class TestBadInput:
    @pytest.mark.parametrize(
        ("code", "fields", "message"),
        [
            ("ten", {"name_vi": "a" * 301}, "Tối đa 256 ký tự; bạn đã nhập 301."),
            ("ten", {"name_vi": "Tên\x00ẩn"}, "Có ký tự không đọc được"),
            ("ten", {"name_vi": "Tên \ufffd"}, "Có ký tự không đọc được"),
            ("ten", {"name_vi": "Tên \u202eđảo"}, "Có ký tự không đọc được"),
            ("ten", {"founded_year": "hai nghìn"}, "Nhập bằng chữ số."),
            ("ten", {"founded_year": "99999999999999999999"}, "Nhập bằng chữ số."),
            ("ten", {"founded_year": "3001"}, "Nhập số từ 1800 đến"),
            ("ten", {"tax_code": "15000"}, "Mã số thuế có 10 chữ số, chi nhánh thêm 3"),
            ("ten", {"roles-0-role": "khong-co"}, "Chọn một mục trong danh sách."),
            ("ten", {"roles-0-since": "31/02/2026"}, "Nhập ngày như 24/11/2026."),
            (
                "ten",
                {"roles-0-since": "24/11/2026", "roles-0-until": "01/01/2020"},
                "Ngày kết thúc phải từ 24/11/2026 trở đi.",
            ),
            (
                "gioi-thieu",
                {"description_vi": "từ" * 5000},
                "Tối đa 2000 ký tự; bạn đã nhập 10000.",
            ),
            ("linh-vuc", {"sectors": ["lua-gao", "' OR 1=1 --"]}, "Chọn các mục trong danh sách."),
            ("linh-vuc", {"size_band": "to"}, "Chọn một mục trong danh sách."),
            ("noi-dat", {"commune": "Xã Không Có Thật"}, "Không có xã, phường nào tên"),
            ("noi-dat", {"website": "javascript:alert(1)"}, "Nhập địa chỉ trang web"),
            ("noi-dat", {"website": "ftp://to-chuc.example"}, "Nhập địa chỉ trang web"),
            ("noi-dat", {"email": "không phải"}, "Nhập email như"),
        ],
    )
    def test_it_gets_a_clear_message_and_changes_nothing(
        self, client, entry, code, fields, message
    ):
        before = entry.content.latest_revision_id
        answer = save(client, step(entry, code), **fields)
        assert answer.status_code == 422
        assert message in words(answer)
        assert "Có 1 chỗ cần sửa." in words(answer)
        entry.refresh_from_db()
        assert entry.content.latest_revision_id == before

    def test_what_was_typed_stays_in_the_form(self, client, entry):
        answer = save(client, step(entry, "ten"), name_vi="b" * 300, short_name="VL")
        form = form_of(answer.content.decode())
        assert form["name_vi"] == ["b" * 300]
        assert form["short_name"] == ["VL"]

    def test_script_is_shown_as_the_text_it_is(self, client, entry):
        script = "<script>alert(1)</script>"
        save(client, step(entry, "gioi-thieu"), summary_vi=script)
        assert draft_of(Entry.objects.get(pk=entry.pk)).summary_vi == script
        for url in (step(entry, "gioi-thieu"), at("preview", entry), at("entry", entry)):
            assert script not in client.get(url).content.decode()

    def test_text_is_stored_in_one_form_of_unicode(self, client, entry):
        save(
            client,
            step(entry, "gioi-thieu"),
            summary_vi="Ho\u0302\u0300 so\u031b\r\nhai do\u0300ng",
        )
        assert draft_of(Entry.objects.get(pk=entry.pk)).summary_vi == "Hồ sơ\nhai dòng"

    def test_a_retired_term_is_refused_unless_the_draft_holds_it(self, client, entry):
        held, other = Term.objects.filter(vocabulary_id="size_band")[:2]
        edit(entry, entry.memberships.get().user, size_band=held)
        Term.objects.filter(pk__in=[held.pk, other.pk]).update(is_retired=True)
        refused = save(client, step(entry, "linh-vuc"), size_band=other.code)
        assert refused.status_code == 422
        kept = save(client, step(entry, "linh-vuc"))
        assert kept.status_code == 302
        assert draft_of(Entry.objects.get(pk=entry.pk)).size_band == held

    def test_unknown_steps_kinds_and_numbers_are_not_found(self, client, entry):
        assert client.get(step(entry, "khong-co")).status_code == 404
        assert client.get(reverse("workspace:create_kind", kwargs={"kind": "x"})).status_code == 404
        for number in ("tc-9999", "x", "tc-0001" * 9):
            assert (
                client.get(reverse("workspace:entry", kwargs={"number": number})).status_code == 404
            )

    def test_a_revision_that_is_no_number_counts_as_a_lost_race(self, client, entry):
        for value in ("", "abc", "9" * 40, "-1"):
            answer = save(client, step(entry, "ten"), latest_revision=value)
            assert answer.status_code == 409


class TestRows:
    def test_saving_one_step_keeps_the_children_of_the_others(self, client, owner):
        organisation = make_live(owner)
        offer = make_draft(owner, "offer", organisation=organisation)
        save(
            client,
            step(offer, "muc-san-sang"),
            **{"evidence-0-level": "6", "evidence-0-text_vi": "Nhật ký 20 mẻ"},
        )
        save(
            client,
            step(offer, "hieu-qua"),
            **{"economics-0-indicator_vi": "Nhiên liệu", "economics-0-ours": "310.000 ₫"},
        )
        draft = draft_of(Entry.objects.get(pk=offer.pk))
        assert [item.text_vi for item in draft.evidence.all()] == ["Nhật ký 20 mẻ"]
        assert [item.indicator_vi for item in draft.economics.all()] == ["Nhiên liệu"]

    def test_a_row_keeps_its_identity_and_a_dropped_one_goes(self, client, entry, owner):
        edit(
            entry,
            owner,
            roles=[
                OrganisationRole(uid="aaa", role=term("role", "startup"), sort_order=0),
                OrganisationRole(uid="bbb", role=term("role", "htx"), sort_order=1),
            ],
        )
        save(client, step(entry, "ten"), **{"roles-1-since": "01/02/2024", "roles-0-remove": "on"})
        roles = list(draft_of(Entry.objects.get(pk=entry.pk)).roles.all())
        assert [(role.uid, role.role.code) for role in roles] == [("bbb", "htx")]
        assert f"{roles[0].since:%d/%m/%Y}" == "01/02/2024"

    def test_a_uid_of_another_entry_starts_a_row_of_its_own(self, client, entry, owner):
        stranger = make_user()
        other = make_draft(stranger, roles=[OrganisationRole(uid="khac", role=term("role", "htx"))])
        save(client, step(entry, "ten"), **{"roles-0-uid": "khac"})
        (role,) = draft_of(Entry.objects.get(pk=entry.pk)).roles.all()
        assert role.uid != "khac"
        assert [item.uid for item in draft_of(other).roles.all()] == ["khac"]

    def test_one_more_row_without_javascript_keeps_everything_typed(self, client, entry):
        url = step(entry, "ten")
        form = typed(client, url, name_vi="Chưa lưu") | {"add": "roles"}
        page = client.post(url, form)
        assert page.status_code == 200
        again = form_of(page.content.decode())
        assert again["name_vi"] == ["Chưa lưu"]
        assert "roles-1-role" in again
        assert draft_of(entry).name_vi == "Vàm Lộc"

    def test_a_half_filled_row_says_what_it_lacks(self, client, entry):
        answer = save(
            client, step(entry, "ten"), **{"roles-0-role": "", "roles-0-since": "01/01/2024"}
        )
        assert answer.status_code == 422
        assert "Chọn vai trò." in words(answer)

    def test_there_is_an_end_to_rows(self, client, entry):
        many = {f"roles-{n}-role": "htx" for n in range(60)}
        answer = save(client, step(entry, "ten"), **many)
        assert answer.status_code == 422
        assert "Tối đa 40 dòng." in words(answer)


class TestCommunes:
    def test_an_old_name_leads_to_the_commune_of_today(self, client, entry):
        save(client, step(entry, "noi-dat"), commune="xã Sơn Phú")
        assert draft_of(Entry.objects.get(pk=entry.pk)).commune.full_name_vi == "Phường An Hội"

    def test_a_name_of_several_is_asked_about_without_javascript(self, client, entry):
        answer = save(client, step(entry, "noi-dat"), commune="An Bình", commune_code="")
        assert answer.status_code == 422
        page = words(answer)
        assert "Chọn một xã, phường dưới đây." in page
        assert "trước 01/07/2025" in page
        html = answer.content.decode()
        assert html.count('name="commune_code"') > 1

    def test_the_picker_answers_while_typing(self, client):
        answer = client.get(reverse("workspace:communes"), {"commune": "son phu"})
        assert "Phường An Hội" in words(answer)
        for name in ("", "a", "\x00", "x" * 5000, "'\"<script>"):
            answer = client.get(reverse("workspace:communes"), {"commune": name})
            assert answer.status_code == 200
            assert "<script>" not in answer.content.decode()


class TestTaxCodes:
    def test_a_household_code_is_taken_and_never_shown(self, client, entry):
        save(client, step(entry, "ten"), tax_code="012345678901")
        identifier = entry.identifiers.get()
        assert identifier.scheme == Identifier.Scheme.PERSONAL_TAX_CODE
        assert "012345678901" not in client.get(at("preview", entry)).content.decode()
        assert "012345678901" in client.get(step(entry, "ten")).content.decode()

    def test_a_code_of_another_entry_names_it_and_saves_nothing(self, client, entry):
        other = make_draft(make_user(), title="Người đến trước")
        claim_tax_code(other, other.memberships.get().user, "0100109106")
        case = moderation.submit(
            other, other.memberships.get().user, expect_revision=other.content.latest_revision_id
        )
        moderation.approve(case, make_staff("moderator"), expect=case.seq)
        answer = save(client, step(entry, "ten"), tax_code="0100109106", short_name="MỚI")
        assert answer.status_code == 422
        assert "Mã số thuế này đã có hồ sơ Người đến trước." in words(answer)
        assert form_of(answer.content.decode())["tax_code"] == ["0100109106"]
        assert draft_of(Entry.objects.get(pk=entry.pk)).short_name == ""
        assert not entry.identifiers.exists()


class TestFloods:
    def test_a_body_without_end_is_refused_before_it_is_read(self, client, entry):
        before = entry.content.latest_revision_id
        for fields in (
            {"description_vi": "a" * 4_000_000, "latest_revision": before},
            {f"x{n}": "1" for n in range(2100)},
        ):
            answer = client.post(
                step(entry, "gioi-thieu"),
                urlencode(fields),
                content_type="application/x-www-form-urlencoded",
            )
            assert answer.status_code == 400
        entry.refresh_from_db()
        assert entry.content.latest_revision_id == before

    def test_broken_bytes_become_a_message(self, client, entry):
        body = f"latest_revision={entry.content.latest_revision_id}&summary_vi=%ff%fe%ed%a0%80"
        answer = client.post(
            step(entry, "gioi-thieu"), body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 422
        assert "Có ký tự không đọc được" in words(answer)

    def test_broken_addresses_are_not_found(self, client):
        for path in ("ho-so/%00/", "loi-moi/%00/", "ho-so/tc-0001/sua/%ff/", "tao/%00/"):
            assert client.get(f"/ban-lam-viec/{path}").status_code == 404, path


def test_a_moderator_fills_what_the_centre_entered(entry):
    moderator = make_staff("moderator")
    entered = create_entry("organisation", moderator, title="Viện mới", on_behalf=True)
    browser = browser_of(moderator)
    assert save(browser, step(entered, "gioi-thieu"), summary_vi="Nhập thay").status_code == 302
    assert draft_of(Entry.objects.get(pk=entered.pk)).summary_vi == "Nhập thay"
    assert browser.get(step(entry, "gioi-thieu")).status_code == 404
