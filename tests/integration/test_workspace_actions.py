"""What an owner does with an entry besides filling it: withdraw, hide, confirm, copy, throw away."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from workspace_support import at, save, step, typed, words

from registry.directory.models import Entry, Membership, OrganisationRole, Recognition
from registry.directory.selectors import draft_of
from registry.directory.services import archive
from registry.moderation import services as moderation
from registry.moderation.selectors import listing_state
from tests.factories import edit, join, make_draft, make_live, make_staff, make_user, submit, term

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user("Chủ Hồ Sơ")


@pytest.fixture
def client(owner):
    browser = Client()
    browser.force_login(owner)
    return browser


def fresh(entry: Entry) -> Entry:
    return Entry.objects.get(pk=entry.pk)


class TestWithdrawing:
    def test_it_asks_first_and_keeps_the_draft(self, client, owner):
        entry = make_draft(owner, title="Bộ điều khiển gió")
        case = submit(entry, owner)
        question = client.get(at("withdraw", entry))
        assert "Rút “Bộ điều khiển gió”?" in words(question)
        assert "Giữ lại" in words(question)
        case.refresh_from_db()
        assert case.is_open
        done = client.post(at("withdraw", entry), {"seq": case.seq}, follow=True)
        assert "Đã rút." in words(done)
        assert listing_state(fresh(entry)).label == "Đã rút"
        assert draft_of(fresh(entry)).name_vi == "Bộ điều khiển gió"

    def test_nothing_to_withdraw_says_so(self, client, owner):
        answer = client.get(at("withdraw", make_draft(owner)), follow=True)
        assert "không còn chờ xem xét" in words(answer)


class TestALiveEntry:
    def test_the_public_address_closes_and_opens_with_a_button(self, client, owner):
        entry = make_live(owner)
        visitor = Client()
        assert visitor.get(entry.get_absolute_url()).status_code == 200
        page = client.post(at("hold", entry), follow=True)
        assert "Tạm ẩn" in words(page)
        assert visitor.get(entry.get_absolute_url()).status_code == 404
        client.post(at("show", entry))
        assert visitor.get(entry.get_absolute_url()).status_code == 200

    def test_opening_the_address_of_a_button_changes_nothing(self, client, owner):
        entry = make_live(owner)
        for name in ("hold", "show", "confirm", "clone", "submit"):
            assert client.get(at(name, entry)).status_code == 302
        assert fresh(entry).is_public
        assert Entry.objects.count() == 1

    def test_confirming_brings_an_expired_entry_back(self, client, owner):
        entry = make_live(owner)
        Entry.objects.filter(pk=entry.pk).update(lifecycle="expired", is_public=False)
        assert "bạn xác nhận để đăng lại" in words(client.get(reverse("workspace:home")))
        done = client.post(at("confirm", entry), follow=True)
        assert "Đã xác nhận còn đúng." in words(done)
        assert fresh(entry).is_public

    def test_an_edit_waits_while_the_old_text_shows(self, client, owner):
        entry = make_live(owner, title="Cơ khí Vàm")
        save(client, step(entry, "gioi-thieu"), summary_vi="Câu mới chờ duyệt")
        page = words(client.get(at("entry", entry)))
        assert "Bản cũ vẫn hiển thị cho đến khi Trung tâm duyệt." in page
        revision = fresh(entry).content.latest_revision_id
        client.post(at("submit", entry), {"latest_revision": revision})
        assert listing_state(fresh(entry)).code == "revision_pending"
        assert "Câu mới chờ duyệt" not in Client().get(entry.get_absolute_url()).content.decode()

    def test_a_small_edit_is_shown_at_once(self, client, owner):
        entry = make_live(owner)
        save(client, step(entry, "noi-dat"), phone="0000 000 000")
        revision = fresh(entry).content.latest_revision_id
        done = client.post(at("submit", entry), {"latest_revision": revision}, follow=True)
        assert "Đã đăng; phần sửa này không cần xem xét." in words(done)
        assert not fresh(entry).cases.open().exists()

    def test_a_draft_like_the_live_text_offers_nothing_to_send(self, client, owner):
        entry = make_live(owner)
        assert "Gửi xem xét" not in words(client.get(at("entry", entry)))
        revision = fresh(entry).content.latest_revision_id
        done = client.post(at("submit", entry), {"latest_revision": revision}, follow=True)
        assert "Bản nháp giống bản đang hiển thị." in words(done)


class TestThrowingAway:
    def test_a_draft_never_sent_is_deleted_after_a_question(self, client, owner):
        entry = make_draft(owner, title="Lỡ tay")
        assert "Xóa bản nháp “Lỡ tay”?" in words(client.get(at("discard", entry)))
        assert Entry.objects.filter(pk=entry.pk).exists()
        done = client.post(at("discard", entry), follow=True)
        assert "Đã xóa bản nháp “Lỡ tay”." in words(done)
        assert not Entry.objects.filter(pk=entry.pk).exists()

    def test_what_was_sent_once_stays_on_record(self, client, owner):
        entry = make_draft(owner)
        case = submit(entry, owner)
        moderation.withdraw(case, owner, expect=case.seq)
        done = client.post(at("discard", entry), follow=True)
        assert "Chỉ xóa được bản nháp chưa gửi lần nào" in words(done)
        assert Entry.objects.filter(pk=entry.pk).exists()

    def test_an_organisation_with_offers_stays(self, client, owner):
        organisation = make_draft(owner)
        make_draft(owner, "offer", organisation=organisation)
        client.post(at("discard", organisation))
        assert Entry.objects.count() == 2


class TestBeginningAnew:
    def test_a_rejected_entry_is_copied_with_all_it_held(self, client, owner):
        colleague = make_user()
        entry = make_draft(
            owner, title="Bị từ chối", roles=[OrganisationRole(uid="cu", role=term("role", "htx"))]
        )
        join(entry, colleague, Membership.Role.VIEWER)
        case = submit(entry, owner)
        moderation.reject(
            case, make_staff("moderator"), expect=case.seq, reason="language", note="Viết lại."
        )
        page = words(client.get(at("entry", entry)))
        assert "Lý do: Ngôn ngữ chưa đạt" in page
        answer = client.post(at("clone", entry))
        copy = Entry.objects.exclude(pk=entry.pk).get()
        assert answer.url == at("entry", copy)
        draft = draft_of(copy)
        assert draft.name_vi == "Bị từ chối"
        assert [role.role.code for role in draft.roles.all()] == ["htx"]
        assert draft.roles.all()[0].uid != "cu"
        assert [item.code for item in draft.sectors.all()] == ["lua-gao"]
        assert {(m.user, m.role) for m in copy.memberships.all()} == {
            (owner, "owner"),
            (colleague, "viewer"),
        }
        assert copy.lifecycle == "draft"
        assert submit(copy, owner) is not None

    def test_a_closed_entry_is_no_longer_edited(self, client, owner):
        entry = make_live(owner)
        archive(entry, owner, reason="Ngừng hoạt động")
        answer = client.get(step(entry, "ten"))
        assert answer.status_code == 302
        assert "bạn có thể tạo bản sao" in words(client.get(answer.url))

    def test_an_open_entry_is_not_copied(self, client, owner):
        entry = make_live(owner)
        client.post(at("clone", entry))
        assert Entry.objects.count() == 1


class TestCertificates:
    def test_a_stated_certificate_waits_for_the_centre(self, client, owner):
        entry = make_live(owner)
        url = at("recognitions", entry)
        data = {
            "type": "st_enterprise",
            "number": "12/GCN-DNKHCN",
            "issuer": "Sở Khoa học và Công nghệ",
            "issued_on": "05/04/2026",
        }
        done = client.post(url, data, follow=True)
        assert "Chờ xác nhận" in words(done)
        assert entry.recognitions.get().status == Recognition.Status.CLAIMED
        assert "12/GCN" not in Client().get(entry.get_absolute_url()).content.decode()

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"number": ""}, "Nhập số."),
            ({"type": "nobel"}, "Chọn một mục trong danh sách."),
            ({"issued_on": "32/01/2026"}, "Nhập ngày như 24/11/2026."),
            ({"issued_on": "01/01/2199"}, "Ngày cấp chưa tới."),
            ({"expires_on": "01/01/2020"}, "Ngày kết thúc phải từ 05/04/2026 trở đi."),
            ({"scope": "x" * 501}, "Tối đa 500 ký tự; bạn đã nhập 501."),
        ],
    )
    def test_a_wrong_one_is_refused(self, client, owner, change, message):
        entry = make_draft(owner)
        data = {"type": "other", "number": "1", "issuer": "Sở", "issued_on": "05/04/2026"} | change
        answer = client.post(at("recognitions", entry), data)
        assert answer.status_code == 422
        assert message in words(answer)
        assert not entry.recognitions.exists()

    def test_offers_hold_none(self, client, owner):
        offer = make_draft(owner, "offer", organisation=make_draft(owner))
        assert client.get(at("recognitions", offer)).status_code == 404


class TestTheFirstPage:
    def test_it_puts_what_is_urgent_first_and_never_more_than_three(self, client, owner):
        organisation = make_live(owner)
        for title in ("Một", "Hai", "Ba", "Bốn"):
            make_draft(owner, "offer", organisation=organisation, title=title)
        late = make_draft(owner, "offer", organisation=organisation, title="Cần sửa gấp")
        case = submit(late, owner)
        moderation.request_changes(
            case,
            make_staff("moderator"),
            expect=case.seq,
            reason="incomplete",
            note="Thêm số liệu.",
        )
        html = client.get(reverse("workspace:home")).content.decode()
        todo = html[html.index('<ol class="todo') :]
        todo = todo[: todo.index("</ol>")]
        assert todo.count("<li>") == 3
        assert todo.index("Cần sửa gấp") < todo.index("Gửi ")

    def test_every_entry_stands_with_its_state_and_deadline(self, client, owner):
        entry = make_draft(owner, title="Chờ phân công")
        submit(entry, owner)
        page = words(client.get(reverse("workspace:entries")))
        assert entry.number in page
        assert "Đã tiếp nhận" in page
        assert "Trung tâm phân công trước 23:59 ngày" in page
        assert f"{timezone.localtime(fresh(entry).updated_at):%d/%m/%Y}" in page

    def test_long_lists_have_pages(self, client, owner):
        organisation = make_draft(owner)
        for number in range(21):
            make_draft(owner, "offer", organisation=organisation, title=f"Hồ sơ thứ {number}")
        url = reverse("workspace:entries")
        assert "22 hồ sơ" in words(client.get(url))
        assert client.get(url, {"trang": "2"}).status_code == 200
        assert client.get(url, {"trang": "x" * 50}).status_code == 200

    def test_an_entry_without_a_name_has_words_for_it(self, client, owner):
        entry = make_draft(owner)
        edit(entry, owner, name_vi="")
        assert "Chưa đặt tên" in words(client.get(reverse("workspace:entries")))


class TestMails:
    def test_the_owner_reads_what_happened_in_plain_words(self, owner):
        moderator = make_staff("moderator")
        entry = make_draft(owner, title="Máy sấy “lớn” & nhỏ", confidential_vi="")
        case = submit(entry, owner)
        received = Email.objects.get(to=owner.email)
        assert received.subject == "Đã nhận “Máy sấy “lớn” & nhỏ”"
        assert received.message.startswith("Xin chào Chủ Hồ Sơ,")
        assert at("entry", entry) in received.message
        moderation.request_changes(
            case, moderator, expect=case.seq, reason="incomplete", note="Ghi rõ công suất."
        )
        asked = Email.objects.filter(to=owner.email).latest("pk")
        assert asked.subject == "“Máy sấy “lớn” & nhỏ”: cần bổ sung"
        assert "“Ghi rõ công suất.”" in asked.message
        assert "Lý do: Thiếu thông tin." in asked.message
        submit(entry, owner)
        case.refresh_from_db()
        moderation.approve(case, moderator, expect=case.seq)
        approved = Email.objects.filter(to=owner.email).latest("pk")
        assert approved.subject == "“Máy sấy “lớn” & nhỏ” đã duyệt"
        assert "Hiển thị từ" in approved.message

    def test_no_mail_carries_what_is_confidential(self, owner):
        moderator = make_staff("moderator")
        organisation = make_live(owner, phone="0999 888 777")
        offer = make_draft(
            owner,
            "offer",
            organisation=organisation,
            confidential_vi="Công thức men",
            price_low=777_111,
        )
        case = submit(offer, owner)
        moderation.reject(case, moderator, expect=case.seq, reason="other", note="Không phù hợp.")
        mails = list(Email.objects.all())
        assert len(mails) >= 4
        for mail in mails:
            text = f"{mail.subject}{mail.message}"
            assert "Công thức men" not in text
            assert "777" not in text


def test_a_laboratory_is_filled_like_the_rest(client, owner):
    organisation = make_live(owner)
    url = reverse("workspace:create_kind", kwargs={"kind": "phong-thi-nghiem"})
    save(client, url, action="next", name_vi="Phòng thử khí thải", summary_vi="Đo khí lò đốt.")
    lab = Entry.objects.get(kind="lab")
    save(
        client,
        step(lab, "dich-vu"),
        services_vi="Đo bụi\nĐo CO",
        open_to="anyone",
        turnaround_days="5",
    )
    save(client, step(lab, "noi-dat"), sectors=["lua-gao"], commune="Xã An Bình")
    form = typed(client, step(lab, "dich-vu"))
    assert form["open_to"] == ["anyone"]
    assert form["turnaround_days"] == ["5"]
    revision = fresh(lab).content.latest_revision_id
    client.post(at("submit", lab), {"latest_revision": revision})
    assert listing_state(fresh(lab)).code == "submitted"
    assert lab.owner == organisation
