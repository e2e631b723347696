"""Moderators see what waits, in the order it is due, and find it again by filters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_support import body
from django.urls import reverse
from django.utils import timezone

from registry.cases.models import Case
from registry.directory.models import Recognition
from registry.moderation import services as moderation
from registry.moderation.selectors import next_in_queue, queue
from registry.taxonomy.models import AdminUnit
from tests.factories import (
    commune,
    edit,
    join,
    make_draft,
    make_live,
    make_staff,
    submit,
)

pytestmark = pytest.mark.django_db

QUEUE = "/quan-tri/xem-xet/"


def waiting(owner, title: str, kind: str = "organisation", **values) -> Case:
    case = submit(make_draft(owner, kind, title=title, **values), owner)
    assert case is not None
    return case


class TestTheQueue:
    def test_what_waits_stands_there_with_number_class_state_and_clock(self, desk, owner):
        case = waiting(owner, "Cơ khí Vàm Mới")
        page = body(desk.get(QUEUE))
        assert "Cơ khí Vàm Mới" in page
        assert case.subject.number in page
        for words in (
            "Tổ chức",
            "Xem xét",
            "Đã tiếp nhận",
            "Pháp lý",
            "ngày làm việc",
            commune().full_name_vi,
        ):
            assert words in page

    def test_the_title_is_that_of_the_text_under_review(self, desk, owner):
        case = waiting(owner, "Tên đã gửi")
        edit(case.subject, owner, name_vi="Tên viết sau khi gửi")
        page = body(desk.get(QUEUE))
        assert "Tên đã gửi" in page
        assert "Tên viết sau khi gửi" not in page

    def test_what_is_late_says_so(self, desk, owner):
        case = waiting(owner, "Trễ hạn")
        Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(days=1))
        assert "quá hạn" in body(desk.get(QUEUE))
        assert "Trễ hạn" in body(desk.get(QUEUE, {"late": "1"}))

    def test_what_waits_for_others_is_not_in_the_queue(self, desk, owner, moderator):
        case = waiting(owner, "Chờ bổ sung")
        moderation.request_changes(
            case, moderator, expect=case.seq, reason="incomplete", note="Ghi nơi đo."
        )
        assert "Chờ bổ sung" not in body(desk.get(QUEUE))
        assert "Chờ bổ sung" in body(desk.get(QUEUE, {"state": "owner"}))
        assert "Chờ bổ sung" in body(desk.get(QUEUE, {"state": "open"}))

    def test_a_granted_certificate_does_not_wait(self, desk, owner, moderator):
        entry = make_live(owner, moderator=moderator, title="Có giấy")
        moderation.grant_recognition(entry, moderator, Recognition(type="startup", number="1"))
        assert not queue().exists()
        assert "Không còn việc nào chờ" in body(desk.get(QUEUE))

    def test_a_reader_sees_that_their_own_organisation_is_for_others(self, desk, owner, moderator):
        case = waiting(owner, "Của nhà mình")
        join(case.subject, moderator)
        assert "người khác quyết định" in body(desk.get(QUEUE))

    def test_many_cases_come_in_pages_and_cost_no_more_queries(
        self, desk, owner, django_assert_max_num_queries
    ):
        for number in range(22):
            waiting(owner, f"Hồ sơ thứ {number}")
        first = body(desk.get(QUEUE))
        assert "Trang 1/2" in first
        with django_assert_max_num_queries(24):
            desk.get(QUEUE, {"p": 2})
        assert "Trang 2/2" in body(desk.get(QUEUE, {"p": "999"}))


class TestFilters:
    def test_by_kind_of_entry(self, desk, owner):
        organisation = make_live(owner, title="Tổ chức mẹ")
        waiting(owner, "Tổ chức khác")
        waiting(owner, "Máy sấy mới", "offer", organisation=organisation)
        page = body(desk.get(QUEUE, {"kind": "offer"}))
        assert "Máy sấy mới" in page
        assert "Tổ chức khác" not in page

    def test_by_kind_of_case(self, desk, owner):
        waiting(owner, "Chờ xem xét")
        live = make_live(owner, title="Bị báo sai")
        moderation.report_entry(live, None, claim="wrong", text="Sai địa chỉ.")
        page = body(desk.get(QUEUE, {"case": "report"}))
        assert "Bị báo sai" in page
        assert "Chờ xem xét" not in page

    def test_by_commune_also_of_a_first_submission(self, desk, owner):
        here, there = AdminUnit.objects.filter(valid_to=None, type="xa").order_by("pk")[:2]
        waiting(owner, "Ở xã này", commune=here)
        waiting(owner, "Ở xã kia", commune=there)
        page = body(desk.get(QUEUE, {"commune": here.code}))
        assert "Ở xã này" in page
        assert "Ở xã kia" not in page

    def test_by_age(self, desk, owner):
        old = waiting(owner, "Chờ lâu")
        waiting(owner, "Mới gửi")
        Case.objects.filter(pk=old.pk).update(state_since=timezone.now() - timedelta(days=8))
        page = body(desk.get(QUEUE, {"age": "7"}))
        assert "Chờ lâu" in page
        assert "Mới gửi" not in page

    def test_by_assignee(self, desk, owner, moderator):
        mine, free = waiting(owner, "Tôi nhận"), waiting(owner, "Chưa ai")
        moderation.take(mine, moderator, expect=mine.seq)
        page = body(desk.get(QUEUE, {"assignee": "me"}))
        assert "Tôi nhận" in page
        assert "Chưa ai<" not in page
        page = body(desk.get(QUEUE, {"assignee": "nobody"}))
        assert free.subject.number in page
        assert mine.subject.number not in page

    def test_by_number_or_name(self, desk, owner):
        case = waiting(owner, "Gạo sạch Long Hồ")
        waiting(owner, "Khác hẳn")
        for text in (case.subject.number, case.subject.number_slug, "Long Hồ"):
            page = body(desk.get(QUEUE, {"q": text}))
            assert "Gạo sạch Long Hồ" in page
            assert "Khác hẳn" not in page

    @pytest.mark.parametrize(
        "query",
        [
            {"kind": "xe-dap"},
            {"case": "nope"},
            {"commune": "00000"},
            {"age": "-1"},
            {"assignee": "1 OR 1=1"},
            {"late": "maybe"},
            {"q": "x" * 10_000},
        ],
    )
    def test_an_unknown_value_empties_the_list_and_says_so(self, desk, owner, query):
        waiting(owner, "Không được lộ ra")
        response = desk.get(QUEUE, query)
        assert response.status_code == 400
        assert "Có giá trị lọc không dùng được" in body(response)
        assert "Không được lộ ra" not in body(response)

    @pytest.mark.parametrize("query", [{"state": "\x00"}, {"q": "a\x00b"}])
    def test_a_nul_is_refused_before_anything_is_asked(self, desk, owner, query):
        waiting(owner, "Không được lộ ra")
        response = desk.get(QUEUE, query)
        assert response.status_code == 400
        assert "Không được lộ ra" not in body(response)

    def test_an_unknown_parameter_is_ignored(self, desk, owner):
        waiting(owner, "Vẫn thấy")
        response = desk.get(QUEUE, {"utm_source": "thu"})
        assert response.status_code == 200
        assert "Vẫn thấy" in body(response)


class TestTheNextItem:
    def test_it_follows_the_deadline_and_skips_own_and_taken_ones(self, owner, moderator):
        colleague = make_staff("moderator", "Đồng nghiệp")
        first, second, third, fourth = (waiting(owner, f"Việc {n}") for n in range(4))
        now = timezone.now()
        for days, case in enumerate((first, second, third, fourth)):
            Case.objects.filter(pk=case.pk).update(due_at=now + timedelta(days=4 - days))
            case.refresh_from_db()
        join(second.subject, moderator)
        moderation.take(third, colleague, expect=third.seq)
        assert next_in_queue(moderator, fourth) == first
        assert next_in_queue(moderator, first) == fourth

    def test_without_one_the_reader_is_back_at_the_queue(self, desk, owner):
        case = waiting(owner, "Chỉ một")
        response = desk.get(reverse("desk:next", args=[case.pk]))
        assert response["Location"] == QUEUE


class TestTheMenuAndTheHomePanel:
    def test_moderators_see_the_count(self, desk, owner):
        waiting(owner, "Một việc")
        page = body(desk.get("/quan-tri/"))
        assert "Xem x\\u00e9t (1)" in page
        assert "việc chưa ai nhận" in page

    @pytest.mark.parametrize("role", ["editor", "broker"])
    def test_other_staff_do_not(self, client, owner, role):
        waiting(owner, "Một việc")
        client.force_login(make_staff(role))
        page = body(client.get("/quan-tri/"))
        assert "/quan-tri/xem-xet/" not in page
        assert "việc chưa ai nhận" not in page
