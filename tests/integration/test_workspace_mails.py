"""Every mail of a review, as its reader gets it: plain words, a working address, no markup."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from post_office.models import Email
from workspace_support import at

from registry.cases.services import act, advance_due
from registry.directory.models import Entry, Recognition
from registry.moderation import services as moderation
from tests.factories import edit, make_draft, make_live, make_staff, make_user, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_user("Trần Thị Bưởi")


@pytest.fixture
def moderator():
    return make_staff("moderator", "Chuyên viên A")


def last(person) -> Email:
    mail = Email.objects.filter(to=person.email).latest("pk")
    assert "\n" not in mail.subject
    assert "&" not in mail.subject + mail.message, "no entity of HTML in a plain mail"
    assert "{" not in mail.message
    assert "\n\n\n" not in mail.message
    assert mail.message.startswith(f"Xin chào {person.full_name},\n")
    assert settings.WAGTAILADMIN_BASE_URL + "/" in mail.message
    return mail


def test_the_desk_hears_of_what_is_new(owner, moderator):
    entry = make_draft(owner, title='Cơ khí "Vàm"')
    case = submit(entry, owner)
    mail = last(moderator)
    assert mail.subject == f"Mới trên bàn xem xét: Xem xét {entry.number}"
    assert f'{entry.number}: Cơ khí "Vàm"' in mail.message
    assert f"/{case.pk}/" in mail.message


def test_an_approved_offer_waits_for_its_organisation(owner, moderator):
    organisation = make_draft(owner)
    offer = make_draft(owner, "offer", organisation=organisation, title="Máy sấy")
    case = submit(offer, owner)
    moderation.approve(case, moderator, expect=case.seq)
    mail = last(owner)
    assert mail.subject == "“Máy sấy” đã duyệt"
    assert f"Hiển thị khi hồ sơ tổ chức {organisation.number} được đăng." in mail.message


def test_a_rejection_gives_the_reason_and_the_way_on(owner, moderator):
    entry = make_draft(owner, title="Máy sấy")
    case = submit(entry, owner)
    moderation.reject(
        case, moderator, expect=case.seq, reason="advertising", note="Chỉ là quảng cáo."
    )
    mail = last(owner)
    assert mail.subject == "“Máy sấy” chưa được duyệt"
    assert "Lý do: Quảng cáo." in mail.message
    assert "“Chỉ là quảng cáo.”" in mail.message
    assert "Bạn tạo bản sao, sửa rồi gửi lại tại:" in mail.message


def test_a_rejected_edit_leaves_the_live_text(owner, moderator):
    entry = make_live(owner, moderator=moderator)
    edit(entry, owner, summary_vi="Câu khác")
    case = submit(entry, owner)
    moderation.reject(case, moderator, expect=case.seq, reason="other", note="Giữ câu cũ.")
    assert "Bản đang hiển thị giữ nguyên" in last(owner).message


def test_a_silent_owner_is_reminded_once_and_told_at_the_end(owner, moderator):
    entry = make_draft(owner, title="Máy sấy")
    case = submit(entry, owner)
    moderation.request_changes(
        case, moderator, expect=case.seq, reason="incomplete", note="Thêm số liệu."
    )
    assert "Bạn sửa trước 23:59 ngày" in last(owner).message
    advance_due(timezone.now() + timedelta(days=25))
    mail = last(owner)
    assert "để bổ sung" in mail.subject
    assert "Quá hạn, lần gửi này tự đóng" in mail.message
    advance_due(timezone.now() + timedelta(days=26))
    assert last(owner).pk == mail.pk
    advance_due(timezone.now() + timedelta(days=40))
    mail = last(owner)
    assert mail.subject == "“Máy sấy”: đã đóng vì quá hạn"
    assert "Phần bạn viết vẫn còn" in mail.message


def test_a_certificate_is_answered(owner, moderator):
    entry = make_live(owner, moderator=moderator)
    claimed = Recognition(type=Recognition.Type.ACCREDITATION, number="VILAS 1")
    case = moderation.claim_recognition(entry, owner, claimed)
    act(case, "deny", moderator, expect=case.seq, note="Giấy đã hết hạn.")
    mail = last(owner)
    assert mail.subject.endswith(": Không được xác nhận")
    assert "“Giấy đã hết hạn.”" in mail.message
    assert at("recognitions", entry) in mail.message


def test_a_reporter_learns_the_answer_and_no_draft_title(owner, moderator):
    entry = make_live(owner, title="Tên đang hiển thị", moderator=moderator)
    edit(entry, owner, name_vi="Tên chưa ai thấy")
    reporter = make_user("Người Báo")
    case = moderation.report_entry(entry, reporter, claim="wrong", text="Sai địa chỉ.")
    act(case, "fix", moderator, expect=case.seq, note="Đã sửa địa chỉ.")
    mail = last(reporter)
    assert mail.subject == f"Trả lời báo cáo của bạn về hồ sơ {entry.number}"
    assert "“Đã sửa địa chỉ.”" in mail.message
    assert "Tên chưa ai thấy" not in mail.subject + mail.message


def test_the_address_in_a_mail_opens_the_entry(owner, moderator):
    entry = make_draft(owner)
    submit(entry, owner)
    address = next(line for line in last(owner).message.splitlines() if line.startswith("http"))
    browser = Client()
    browser.force_login(owner)
    path = address.removeprefix(settings.WAGTAILADMIN_BASE_URL)
    assert path == at("entry", Entry.objects.get(pk=entry.pk))
    assert browser.get(path).status_code == 200
