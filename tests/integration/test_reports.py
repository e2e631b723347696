"""Anyone tells the Centre that a public listing is wrong or closed; the desk answers."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.urls import reverse
from post_office.models import Email

from registry.cases.models import Case
from registry.directory.models import Entry
from registry.moderation import services as moderation
from registry.moderation.selectors import listing_state
from registry.moderation.views_report import PER_HOUR
from tests.factories import make_draft, make_live, make_staff, make_user
from tests.snapshots import again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles():
    call_command("sync_roles", verbosity=0)


@pytest.fixture
def moderator():
    return again(make_staff, "moderator", "Lê Văn Xét")


@pytest.fixture
def entry(moderator):
    owner = again(make_user, "Chủ Hồ Sơ")
    return again(make_live, owner, moderator=moderator, title="Cơ khí Vàm Mới")


@pytest.fixture
def address(entry):
    return reverse("moderation:report", kwargs={"number": entry.number_slug})


def words(**values):
    return {"claim": "closed", "text": "Xưởng đã đóng cửa từ tháng 3.", **values}


def reports() -> int:
    return Case.objects.filter(kind="report").count()


class TestReporting:
    def test_a_visitor_without_an_account_reports(self, client, entry, address):
        page = client.get(address).content.decode()
        assert "Báo thông tin sai" in page
        assert "Cơ khí Vàm Mới" in page
        answer = client.post(address, words(email="khach@mau.example"), follow=True)
        assert "Đã nhận báo cáo" in answer.content.decode()
        case = Case.objects.get(kind="report")
        assert (case.opener, case.report.claim, case.report.email) == (
            None,
            "closed",
            "khach@mau.example",
        )
        assert listing_state(entry).code == "flagged"

    def test_the_desk_hears_of_it(self, client, address, moderator):
        Email.objects.all().delete()
        client.post(address, words())
        assert Email.objects.filter(to=moderator.email).exists()

    def test_someone_signed_in_is_answered_at_their_account(self, client, address):
        reader = make_user("Người Đọc")
        client.force_login(reader)
        assert 'name="email"' not in client.get(address).content.decode()
        client.post(address, words(email="nguoi-khac@mau.example"))
        case = Case.objects.get(kind="report")
        assert case.opener == reader
        assert case.report.email == ""

    def test_the_owner_does_not_see_who_reported(self, client, entry, address):
        client.post(address, words(email="khach@mau.example"))
        owner = entry.memberships.get().user
        mails = Email.objects.filter(to=owner.email).values_list("message", flat=True)
        assert not any("khach@mau.example" in mail for mail in mails)

    def test_what_is_not_public_cannot_be_reported(self, client):
        draft = make_draft(make_user())
        assert (
            client.get(
                reverse("moderation:report", kwargs={"number": draft.number_slug})
            ).status_code
            == 404
        )
        assert (
            client.get(reverse("moderation:report", kwargs={"number": "cn-9999"})).status_code
            == 404
        )

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"claim": ""}, "Chọn điều cần báo."),
            ({"claim": "hack"}, "Chọn điều cần báo."),
            ({"text": ""}, "Nhập nội dung."),
            ({"text": "   "}, "Nhập nội dung."),
            ({"text": "sai\x00rồi"}, "Có ký tự không đọc được"),
            ({"text": "sai\ufffdrồi"}, "Có ký tự không đọc được"),
            ({"text": "dài" * 1000}, "Tối đa 2000 ký tự; bạn đã nhập 3000."),
            ({"email": "khong-phai-email"}, "Nhập email như"),
            ({"website": "http://spam.example"}, "Có một ô ẩn bị điền sẵn"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_changes_nothing(self, client, address, values, message):
        answer = client.post(address, words(**values))
        assert answer.status_code == 400
        assert message in answer.content.decode()
        assert reports() == 0

    def test_bytes_that_are_no_text_are_refused(self, client, address):
        answer = client.post(
            address, b"claim=wrong&text=%ff%fe%00", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 400
        assert reports() == 0

    def test_what_was_typed_is_still_there_after_a_mistake(self, client, address):
        page = client.post(address, words(claim="", text="Đã chuyển về xã khác")).content.decode()
        assert "Đã chuyển về xã khác" in page

    def test_script_in_a_report_is_only_text(self, client, address, moderator):
        client.post(address, words(text="<script>alert(1)</script>"))
        client.force_login(moderator)
        case = Case.objects.get(kind="report")
        page = client.get(reverse("desk:case", args=[case.pk])).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_a_flood_is_stopped(self, client, address):
        for number in range(PER_HOUR):
            assert client.post(address, words(text=f"Lần {number}")).status_code == 302
        answer = client.post(address, words(text="Lần nữa"))
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "Quá nhiều yêu cầu" in answer.content.decode()
        assert reports() == PER_HOUR


class TestTheAnswer:
    @pytest.fixture
    def case(self, entry):
        return moderation.report_entry(
            entry, None, claim="wrong", text="Sai địa chỉ.", email="khach@mau.example"
        )

    def decide(self, client, moderator, case, action, note="Đã gọi xác minh."):
        client.force_login(moderator)
        return client.post(
            reverse("desk:decide", args=[case.pk]),
            {"action": action, "note": note, "expect": case.seq},
        )

    @pytest.mark.parametrize(
        ("action", "state"), [("fix", "fixed"), ("dismiss", "unfounded"), ("remove", "removed")]
    )
    def test_the_reporter_is_told_what_was_decided(self, client, moderator, case, action, state):
        Email.objects.all().delete()
        assert self.decide(client, moderator, case, action).status_code == 302
        case.refresh_from_db()
        assert case.state == state
        mail = Email.objects.get(to="khach@mau.example")
        assert "Đã gọi xác minh." in mail.message

    def test_an_account_is_answered_too(self, client, moderator, entry):
        reader = make_user("Người Đọc")
        case = moderation.report_entry(entry, reader, claim="wrong", text="Sai.")
        self.decide(client, moderator, case, "fix")
        assert Email.objects.filter(to=reader.email).count() == 1

    def test_nobody_is_written_to_who_left_no_address(self, client, moderator, entry):
        case = moderation.report_entry(entry, None, claim="wrong", text="Sai.")
        Email.objects.all().delete()
        self.decide(client, moderator, case, "fix")
        assert not Email.objects.exists()

    def test_removing_takes_the_entry_off_with_the_reason(self, client, moderator, case, entry):
        self.decide(client, moderator, case, "remove", "Tổ chức đã giải thể.")
        gone = Entry.objects.get(pk=entry.pk)
        assert (gone.is_public, gone.lifecycle) == (False, "archived")
        answer = client.get(entry.get_absolute_url())
        assert answer.status_code == 410
        assert "Tổ chức đã giải thể" in answer.content.decode()

    def test_an_answer_needs_words(self, client, moderator, case):
        answer = self.decide(client, moderator, case, "dismiss", "  ")
        assert answer.status_code == 400
        assert "Ghi rõ nội dung." in answer.content.decode()
        case.refresh_from_db()
        assert case.state == "received"

    def test_two_reports_on_one_entry_both_stand(self, moderator, case, entry, client):
        other = moderation.report_entry(entry, None, claim="closed", text="Đóng cửa.")
        self.decide(client, moderator, case, "remove")
        assert self.decide(client, moderator, other, "remove").status_code == 400
        assert self.decide(client, moderator, other, "fix").status_code == 302
