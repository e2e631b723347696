"""Somebody asks about an offer; its owner answers, or does not. Nobody learns who the other is before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.accounts.consents import INTRODUCTION
from registry.accounts.selectors import has_consent
from registry.accounts.services import withdraw_consent
from registry.cases.models import Case, CaseEvent
from registry.cases.services import Moved, NotAllowed, Refused, advance_due
from registry.directory.models import Membership
from registry.directory.services import archive, hold
from registry.marketplace import services
from registry.marketplace.machine import DECLINE_REASONS
from registry.marketplace.selectors import view_of
from registry.marketplace.services import EnquiryRefused
from tests.factories import join, make_live, make_user
from tests.factories.enquiries import (
    CONTACT,
    OFFICE_MAIL,
    OWNER_MAIL,
    PHONE,
    SENDER,
    SENDER_FIRM,
    SENDER_MAIL,
    answer_url,
    enquire_url,
    enquiry_url,
    form,
    mails,
    send,
    verified,
)

pytestmark = pytest.mark.django_db


class TestTheWholeStory:
    def test_from_the_offer_to_the_introduction(self, client, offer, owner, sender, firm):
        page = client.get(offer.get_absolute_url())
        assert enquire_url(offer) in page.content.decode()

        client.force_login(sender)
        assert client.get(enquire_url(offer)).status_code == 200
        sent = client.post(enquire_url(offer), form(organisation=firm.number_slug), follow=True)
        assert sent.status_code == 200
        case = Case.objects.get(kind="enquiry")
        assert case.number.startswith("ĐN ")
        html = sent.content.decode()
        assert case.number in html
        assert "Đã chuyển" in html
        for hidden in (PHONE, OFFICE_MAIL, CONTACT, OWNER_MAIL):
            assert hidden not in html

        client.force_login(owner)
        waiting = client.get(reverse("workspace:enquiries")).content.decode()
        assert offer.number in waiting
        received = client.get(enquiry_url(case)).content.decode()
        assert "Mua 2 nhà sấy" in received
        for hidden in (SENDER, SENDER_MAIL, SENDER_FIRM, firm.number):
            assert hidden not in waiting
            assert hidden not in received

        accepted = client.post(
            answer_url(case), {"action": "accept", "seq": case.seq}, follow=True
        ).content.decode()
        for shown in (SENDER, SENDER_MAIL, SENDER_FIRM):
            assert shown in accepted

        client.force_login(sender)
        introduced = client.get(enquiry_url(case)).content.decode()
        for shown in (PHONE, OFFICE_MAIL, CONTACT, "Đã kết nối"):
            assert shown in introduced

    def test_mails_tell_both_sides_and_never_hold_a_contact(self, offer, owner, sender, firm):
        case = send(offer, sender, organisation=firm)
        [to_owner] = [mail for mail in mails(OWNER_MAIL) if "quan tâm" in mail.subject]
        assert to_owner.subject == "Có người quan tâm “Máy sấy cơm dừa”"
        assert "trước 23:59" in to_owner.message.replace("\u00a0", " ")
        [to_sender] = [mail for mail in mails(SENDER_MAIL) if "Đã chuyển" in mail.subject]
        assert enquiry_url(case) in to_sender.message
        services.accept(case, owner, expect=case.seq)
        assert any("được chấp nhận" in mail.subject for mail in mails(SENDER_MAIL))
        about = [mail for mail in mails() if case.number in mail.message]
        text = "\n".join(f"{mail.subject}\n{mail.message}" for mail in about)
        for hidden in (PHONE, OFFICE_MAIL, CONTACT, SENDER_MAIL, SENDER_FIRM, OWNER_MAIL):
            assert hidden not in text
        owners_text = "\n".join(mail.message for mail in about if OWNER_MAIL in mail.to)
        assert SENDER not in owners_text

    def test_an_organisation_and_a_laboratory_are_asked_in_the_same_way(
        self, offer, organisation, owner, sender
    ):
        lab = make_live(owner, "lab", title="Phòng thử nước", organisation=organisation)
        for number, entry in enumerate((organisation, lab)):
            case = send(entry, sender, information=f"Câu hỏi {number}?")
            assert case.subject == entry
            services.accept(case, owner, expect=case.seq)
            assert view_of(case, "sender").contacts.phone == PHONE

    def test_a_declined_enquiry_tells_the_reason_and_nothing_else(
        self, client, offer, owner, sender
    ):
        case = send(offer, sender)
        client.force_login(owner)
        missing = client.post(answer_url(case), {"action": "decline", "seq": case.seq})
        assert missing.status_code == 422
        assert "Chọn lý do." in missing.content.decode()
        client.post(
            answer_url(case), {"action": "decline", "seq": case.seq, "reason": "not_our_field"}
        )
        case.refresh_from_db()
        assert (case.state, case.is_open) == ("owner_declined", False)
        received = client.get(enquiry_url(case)).content.decode()
        assert SENDER_MAIL not in received
        client.force_login(sender)
        html = client.get(enquiry_url(case)).content.decode()
        assert "Lý do: Không đúng lĩnh vực." in html
        assert PHONE not in html
        [mail] = [mail for mail in mails(SENDER_MAIL) if "từ chối" in mail.subject]
        assert "Không đúng lĩnh vực" in mail.message

    def test_there_are_nine_reasons(self):
        assert len(DECLINE_REASONS) == 9

    def test_the_sender_takes_it_back(self, client, offer, owner, sender):
        case = send(offer, sender)
        client.force_login(sender)
        client.post(answer_url(case), {"action": "withdraw", "seq": case.seq})
        case.refresh_from_db()
        assert (case.state, case.is_open) == ("withdrawn", False)
        with pytest.raises(Moved):
            services.accept(case, owner, expect=case.seq)
        assert send(offer, sender).is_open


class TestTime:
    """Ten working days, a reminder, five more: over Tết, counted on the moved clock."""

    def test_no_answer_is_reminded_and_then_closed(self, offer, sender):
        start = timezone.make_aware(datetime(2027, 2, 1, 10, 0))
        case = send(offer, sender, now=start)
        assert timezone.localtime(case.due_at).date() > datetime(2027, 2, 15).date()
        assert advance_due(case.due_at - timedelta(seconds=1)) == 0
        first_due = case.due_at
        assert advance_due(first_due + timedelta(minutes=1)) == 1
        case.refresh_from_db()
        assert case.state == "no_answer"
        assert case.due_at > first_due + timedelta(days=5)
        [nudge] = [mail for mail in mails(OWNER_MAIL) if "chờ bạn trả lời" in mail.subject]
        assert "tự đóng" in nudge.message
        assert advance_due(first_due + timedelta(minutes=2)) == 0
        assert advance_due(case.due_at + timedelta(minutes=1)) == 1
        case.refresh_from_db()
        assert (case.state, case.is_open) == ("closed_lost", False)
        assert any("đã đóng" in mail.subject for mail in mails(SENDER_MAIL))
        assert advance_due(timezone.now() + timedelta(days=4000)) == 0

    def test_the_days_are_working_days(self, offer, sender):
        monday = timezone.make_aware(datetime(2026, 10, 5, 9, 0))
        case = send(offer, sender, now=monday)
        assert timezone.localtime(case.due_at).strftime("%d/%m/%Y %H:%M") == "19/10/2026 23:59"

    def test_a_late_answer_still_counts(self, offer, owner, sender):
        case = send(offer, sender)
        advance_due(case.due_at + timedelta(minutes=1))
        case.refresh_from_db()
        services.accept(case, owner, expect=case.seq)
        assert case.state == "introduced"
        assert advance_due(timezone.now() + timedelta(days=4000)) == 0

    def test_it_closes_with_the_entry(self, offer, owner, sender):
        case = send(offer, sender)
        hold(offer, owner)
        case.refresh_from_db()
        assert case.is_open
        archive(offer, owner, reason="Ngừng sản xuất")
        case.refresh_from_db()
        assert (case.state, case.is_open) == ("closed_lost", False)
        [mail] = [mail for mail in mails(SENDER_MAIL) if "đã đóng" in mail.subject]
        assert "không còn hiển thị" in mail.message


class TestOneEffect:
    def test_a_double_answer_counts_once(self, offer, owner, sender):
        case = send(offer, sender)
        seen = case.seq
        services.accept(case, owner, expect=seen)
        again = Case.objects.get(pk=case.pk)
        with pytest.raises(Moved):
            services.accept(again, owner, expect=seen)
        with pytest.raises(Moved):
            services.decline(again, owner, expect=seen, reason="price")
        assert CaseEvent.objects.filter(case=case).count() == 2
        assert len([mail for mail in mails(SENDER_MAIL) if "được chấp nhận" in mail.subject]) == 1

    def test_a_stale_page_gets_a_clear_message(self, client, offer, owner, sender):
        case = send(offer, sender)
        services.withdraw(case, sender, expect=case.seq)
        client.force_login(owner)
        page = client.post(answer_url(case), {"action": "accept", "seq": "1"})
        assert page.status_code == 409
        html = page.content.decode()
        assert "Vụ việc đã được xử lý ở nơi khác" in html
        assert SENDER_MAIL not in html

    @pytest.mark.parametrize("seq", ["", "abc", "-1", "9" * 40, "1\x00"])
    def test_a_broken_sequence_changes_nothing(self, client, offer, owner, sender, seq):
        case = send(offer, sender)
        client.force_login(owner)
        assert client.post(answer_url(case), {"action": "accept", "seq": seq}).status_code == 409
        case.refresh_from_db()
        assert case.state == "forwarded"

    def test_an_unknown_action_changes_nothing(self, client, offer, owner, sender):
        case = send(offer, sender)
        client.force_login(owner)
        for action in ("", "nudge", "close", "lose_subject", "<script>"):
            page = client.post(answer_url(case), {"action": action, "seq": case.seq})
            assert page.status_code == 422
        case.refresh_from_db()
        assert case.state == "forwarded"


class TestWhoMay:
    def test_an_address_must_be_verified(self, offer):
        with pytest.raises(EnquiryRefused) as caught:
            send(offer, make_user())
        assert "Xác nhận email" in caught.value.message

    def test_members_do_not_ask_themselves(self, offer, owner):
        with pytest.raises(EnquiryRefused):
            send(offer, owner)

    def test_nobody_asks_for_an_organisation_that_is_not_theirs(self, offer, sender):
        other = make_live(verified(), title="Tổ chức khác")
        with pytest.raises(EnquiryRefused) as caught:
            send(offer, sender, organisation=other)
        assert caught.value.field == "organisation"

    def test_consent_is_asked_each_time_and_recorded(self, client, offer, sender):
        with pytest.raises(EnquiryRefused) as caught:
            send(offer, sender, consent=False)
        assert caught.value.field == "consent"
        client.force_login(sender)
        html = client.get(enquire_url(offer)).content.decode()
        assert 'name="consent"' in html
        assert "checked" not in html
        send(offer, sender)
        assert has_consent(sender, INTRODUCTION)

    def test_a_withdrawn_consent_stops_the_introduction(self, offer, owner, sender):
        case = send(offer, sender)
        withdraw_consent(sender, INTRODUCTION)
        with pytest.raises(Refused):
            services.accept(case, owner, expect=case.seq)
        case.refresh_from_db()
        assert case.state == "forwarded"

    def test_a_consent_withdrawn_later_hides_the_person_again(self, client, offer, owner, sender):
        case = send(offer, sender)
        services.accept(case, owner, expect=case.seq)
        withdraw_consent(sender, INTRODUCTION)
        client.force_login(owner)
        html = client.get(enquiry_url(case)).content.decode()
        assert SENDER_MAIL not in html

    def test_without_contacts_on_the_entry_the_answerer_agrees_to_share_theirs(
        self, client, sender
    ):
        owner = verified("Chủ Không Ghi Số", email="khong-ghi@so.example")
        entry = make_live(owner, title="Tổ chức chưa ghi liên hệ")
        case = send(entry, sender)
        client.force_login(owner)
        refused = client.post(answer_url(case), {"action": "accept", "seq": case.seq})
        assert refused.status_code == 422
        client.post(answer_url(case), {"action": "accept", "seq": case.seq, "consent": "on"})
        client.force_login(sender)
        assert "khong-ghi@so.example" in client.get(enquiry_url(case)).content.decode()

    def test_only_owners_and_editors_answer(self, client, offer, organisation, sender):
        case = send(offer, sender)
        viewer, stranger = verified(), verified()
        join(organisation, viewer, Membership.Role.VIEWER)
        for person in (viewer, stranger, sender):
            with pytest.raises(NotAllowed):
                services.accept(case, person, expect=case.seq)
        client.force_login(viewer)
        assert client.get(enquiry_url(case)).status_code == 200
        page = client.post(answer_url(case), {"action": "accept", "seq": case.seq})
        assert page.status_code == 403
        client.force_login(stranger)
        for response in (
            client.get(enquiry_url(case)),
            client.post(answer_url(case), {"action": "accept", "seq": case.seq}),
        ):
            assert response.status_code == 404
        case.refresh_from_db()
        assert case.state == "forwarded"

    def test_the_owner_does_not_withdraw_for_the_sender(self, offer, owner, sender):
        case = send(offer, sender)
        with pytest.raises(NotAllowed):
            services.withdraw(case, owner, expect=case.seq)

    def test_an_editor_answers(self, offer, organisation, sender):
        case = send(offer, sender)
        editor = verified()
        join(organisation, editor)
        services.accept(case, editor, expect=case.seq)
        assert case.state == "introduced"

    def test_the_pages_ask_for_a_log_in(self, client, offer, sender):
        case = send(offer, sender)
        client.logout()
        for address in (enquire_url(offer), enquiry_url(case), reverse("workspace:enquiries")):
            response = client.get(address)
            assert response.status_code == 302
            assert reverse("account_login") in response["Location"]
