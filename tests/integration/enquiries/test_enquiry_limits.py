"""What may be asked, by whom, how often; and what hostile input meets."""

from __future__ import annotations

import pytest

from registry.cases.models import Case
from registry.directory.models import Membership
from registry.directory.services import hold
from registry.marketplace import services
from registry.marketplace.selectors import enquiry_of, number_slug, received_by
from registry.marketplace.services import EnquiryRefused, TooMany
from tests.factories import edit, join, make_draft, make_live, submit
from tests.factories.enquiries import (
    all_mail_text,
    enquire_url,
    enquiry_url,
    form,
    send,
    verified,
)

pytestmark = pytest.mark.django_db


class TestWhatMayBeAsked:
    def test_a_hidden_entry_and_a_draft_are_not_found(self, client, offer, owner, sender):
        draft = make_draft(owner, title="Nháp")
        hold(offer, owner)
        client.force_login(sender)
        assert client.get(enquire_url(offer)).status_code == 404
        assert client.post(enquire_url(draft), form()).status_code == 404
        with pytest.raises(EnquiryRefused):
            send(offer, sender)

    def test_an_offer_may_be_closed_to_enquiries(self, client, offer, owner, sender):
        edit(offer, owner, open_for_enquiry=False)
        submit(offer, owner)
        html = client.get(offer.get_absolute_url()).content.decode()
        assert enquire_url(offer) not in html
        with pytest.raises(EnquiryRefused) as caught:
            send(offer, sender)
        assert "không nhận đề nghị" in caught.value.message

    def test_an_entry_nobody_manages_takes_none(self, client, offer, organisation, sender):
        Membership.objects.all().delete()
        html = client.get(offer.get_absolute_url()).content.decode()
        assert enquire_url(offer) not in html
        with pytest.raises(EnquiryRefused) as caught:
            send(offer, sender)
        assert "chưa có người quản lý" in caught.value.message

    def test_one_open_enquiry_per_entry(self, offer, owner, sender):
        case = send(offer, sender)
        with pytest.raises(EnquiryRefused):
            send(offer, sender, cooperation="Một câu hỏi khác hẳn")
        services.accept(case, owner, expect=case.seq)
        assert send(offer, sender, cooperation="Việc khác, sau khi đã kết nối").is_open

    def test_the_same_text_is_refused_here_and_elsewhere(self, offer, organisation, owner, sender):
        case = send(offer, sender)
        with pytest.raises(EnquiryRefused) as caught:
            send(organisation, sender, cooperation="  MUA 2 nhà sấy,\nlắp trước mùa mưa 2027. ")
        assert caught.value.field == "cooperation"
        services.decline(case, owner, expect=case.seq, reason="price")
        with pytest.raises(EnquiryRefused):
            send(offer, sender)
        assert Case.objects.filter(kind="enquiry").count() == 1

    def test_a_colleague_does_not_send_the_same_for_the_same_organisation(
        self, offer, organisation, sender, firm
    ):
        colleague = verified()
        join(firm, colleague)
        send(offer, sender, organisation=firm)
        with pytest.raises(EnquiryRefused):
            send(organisation, colleague, organisation=firm)

    def test_at_most_ten_without_an_answer(self, owner, sender, monkeypatch):
        monkeypatch.setattr(services, "SENT_AT_MOST", 100)
        cases = [
            send(make_live(owner), sender, cooperation=f"Việc thứ {number}")
            for number in range(services.MAX_OPEN)
        ]
        eleventh = make_live(owner)
        with pytest.raises(EnquiryRefused) as caught:
            send(eleventh, sender, cooperation="Việc thứ mười một")
        assert "10 đề nghị" in caught.value.message
        services.decline(cases[0], owner, expect=cases[0].seq, reason="capacity")
        assert send(eleventh, sender, cooperation="Việc thứ mười một").is_open

    def test_a_flood_is_refused_with_the_time_to_wait(self, client, owner, sender):
        client.force_login(sender)
        statuses = []
        for number in range(services.SENT_AT_MOST + 1):
            entry = make_live(owner)
            last = client.post(enquire_url(entry), form(cooperation=f"Việc {number}"))
            statuses.append(last.status_code)
        assert statuses[-1] == 429
        assert int(last["Retry-After"]) > 0
        assert "Quá nhiều yêu cầu" in last.content.decode()
        assert Case.objects.filter(kind="enquiry").count() == services.SENT_AT_MOST
        with pytest.raises(TooMany):
            send(make_live(owner), sender, cooperation="Nữa")


class TestBadInput:
    @pytest.mark.parametrize(
        "changes",
        [
            {"cooperation": ""},
            {"cooperation": "   \n "},
            {"information": "x" * 2001},
            {"introduction": "Gọi 0912 345 678 nhé"},
            {"introduction": "Viết cho toi@noi-khac.example"},
            {"cooperation": "Gọi +84.912.345.678"},
            {"cooperation": "a\x00b"},
            {"cooperation": "a\u202eb"},
            {"timeframe": ""},
            {"timeframe": "bao giờ cũng được"},
            {"budget": "1000 tỷ"},
            {"organisation": "tc-9999"},
            {"consent": ""},
        ],
    )
    def test_is_told_and_changes_nothing(self, client, offer, sender, firm, changes):
        client.force_login(sender)
        page = client.post(enquire_url(offer), form(**changes))
        assert page.status_code == 422
        html = page.content.decode()
        assert "chỗ cần sửa" in html.replace("\u00a0", " ")
        assert not Case.objects.filter(kind="enquiry").exists()
        assert "250 thành viên" in html or "introduction" in changes

    def test_numbers_that_are_no_phone_are_welcome(self, offer, sender):
        case = send(
            offer,
            sender,
            cooperation="Mua 2 bộ, tổng 1.250.000.000 đồng, giao 20/12/2026, 0,5 tấn mỗi mẻ.",
        )
        assert case.is_open

    def test_html_is_shown_as_text(self, client, offer, owner, sender):
        case = send(offer, sender, cooperation="<script>alert(1)</script> <b>đậm</b>")
        client.force_login(owner)
        html = client.get(enquiry_url(case)).content.decode()
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;" in html

    @pytest.mark.parametrize(
        "slug", ["dn-0000", "dn-", "dn-" + "9" * 30, "x", "cn-0001", "dn-1-2", "dn--1"]
    )
    def test_addresses_that_are_none(self, client, sender, slug):
        client.force_login(sender)
        assert client.get(f"/ban-lam-viec/ket-noi/{slug}/").status_code == 404

    @pytest.mark.parametrize("number", ["cn-9999", "x", "9" * 60])
    def test_entries_that_are_none(self, client, sender, number):
        client.force_login(sender)
        assert client.get(f"/de-nghi/{number}/").status_code == 404

    def test_text_survives_an_ended_session(self, client, offer, sender):
        client.post(enquire_url(offer), form(writer=str(sender.pk)))
        client.force_login(sender)
        session = client.session
        assert session is not None
        html = client.get(enquire_url(offer)).content.decode()
        assert "vẫn ở bên dưới" in html
        assert "Mua 2 nhà sấy" in html
        assert not Case.objects.filter(kind="enquiry").exists()

    def test_nobody_else_reads_the_text_that_was_kept(self, client, offer, sender):
        client.post(enquire_url(offer), form(writer=str(sender.pk)))
        client.force_login(verified())
        assert "Mua 2 nhà sấy" not in client.get(enquire_url(offer)).content.decode()


class TestWhatEachSideReads:
    def test_a_draft_title_of_the_asked_never_reaches_the_sender(
        self, client, offer, owner, sender
    ):
        case = send(offer, sender)
        edit(offer, owner, title_vi="Tên chưa duyệt")
        client.force_login(sender)
        assert "Tên chưa duyệt" not in client.get(enquiry_url(case)).content.decode()
        services.decline(case, owner, expect=case.seq, reason="other")
        assert "Tên chưa duyệt" not in all_mail_text()

    def test_numbers_run_on(self, offer, organisation, sender):
        first = send(offer, sender)
        second = send(organisation, sender, cooperation="Khác")
        assert int(second.number.split()[1]) == int(first.number.split()[1]) + 1
        assert enquiry_of(sender, number_slug(first)) == (first, "sender")

    def test_what_waits_for_an_answer_stands_above_what_is_closed(self, owner, sender, monkeypatch):
        monkeypatch.setattr(services, "SENT_AT_MOST", 100)
        cases = [
            send(make_live(owner), sender, cooperation=f"Việc {number}") for number in range(3)
        ]
        services.decline(cases[1], owner, expect=cases[1].seq, reason="other")
        assert list(received_by(owner))[2] == cases[1]

    def test_lists_stay_within_their_pages(self, client, owner, sender, monkeypatch):
        monkeypatch.setattr(services, "SENT_AT_MOST", 100)
        for number in range(3):
            send(make_live(owner), sender, cooperation=f"Việc {number}")
        client.force_login(sender)
        for query in ("", "?den=2", "?di=99", "?di=abc", "?di=-1"):
            assert client.get(f"/ban-lam-viec/ket-noi/{query}").status_code == 200
