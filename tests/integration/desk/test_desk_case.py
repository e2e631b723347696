"""Moderators compare, decide and are never in each other's way."""

from __future__ import annotations

import pytest
from desk_support import body, live_of
from django.urls import reverse
from post_office.models import Email

from registry.cases.models import Case, CaseEvent
from registry.directory.models import Entry, OrganisationRole
from registry.directory.services import claim_tax_code
from registry.moderation import services as moderation
from registry.moderation.models import CannedText
from registry.taxonomy.models import Term
from tests.factories import edit, join, make_draft, make_live, make_staff, make_user, submit, term

pytestmark = pytest.mark.django_db


def see(client, case: Case) -> str:
    return body(client.get(reverse("desk:case", args=[case.pk])))


def decide(client, case: Case, action: str, **values):
    values.setdefault("expect", case.seq)
    return client.post(reverse("desk:decide", args=[case.pk]), {"action": action, **values})


class TestComparison:
    def test_a_first_submission_is_shown_whole_with_classes_and_tiers(self, desk, owner):
        case = submit(make_draft(owner, title="Cơ khí Vàm Mới", phone="0000 000 000"), owner)
        page = see(desk, case)
        assert "Nội dung gửi lần đầu" in page
        assert "Cơ khí Vàm Mới" in page
        assert "0000 000 000" in page
        assert "Chủ hồ sơ" in page
        assert term("sector").label in page
        assert term("role", "startup").label in page
        assert "Để trống:" in page

    def test_an_edit_shows_only_what_changes_word_by_word(self, desk, owner, moderator):
        entry = make_live(owner, moderator=moderator, summary_vi="Làm máy sấy bằng trấu.")
        edit(entry, owner, summary_vi="Làm máy sấy bằng mái nhà.")
        page = see(desk, submit(entry, owner))
        assert "<del>trấu.</del>" in page
        assert "<ins>mái nhà.</ins>" in page
        assert "Giới thiệu" not in page.split("desk-diff")[1].split("</table>")[0]

    def test_terms_and_rows_stand_by_their_names(self, desk, owner, moderator):
        entry = make_live(owner, moderator=moderator)
        other = _another("sector")
        role = _another("role")
        roles = [*live_of(entry).roles.all(), OrganisationRole(role=role)]
        edit(entry, owner, sectors=[other], roles=roles)
        page = see(desk, submit(entry, owner))
        assert other.label in page
        assert f"Vai trò: {role.label}" in page

    def test_a_correction_made_meanwhile_stands_on_the_old_side(self, desk, owner, moderator):
        entry = make_live(owner, moderator=moderator, summary_vi="Bản một")
        edit(entry, owner, description_vi="Phần giới thiệu mới của chủ hồ sơ.")
        case = submit(entry, owner)
        content = live_of(entry)
        content.summary_vi = "Trung tâm sửa"
        moderation.correct(
            entry, moderator, content, expect_live=content.live_revision_id, reason="Sai chữ."
        )
        page = see(desk, case)
        assert "đã được sửa sau khi chủ hồ sơ bắt đầu soạn" in page
        assert "Bản một" not in page

    def test_script_in_any_text_is_only_text(self, desk, owner, moderator):
        nasty = "<script>alert('x')</script>"
        entry = make_live(owner, moderator=moderator, title="Hồ sơ <b>đậm</b>")
        edit(entry, owner, summary_vi=f"Trước {nasty}", name_vi=f"Tên {nasty}")
        case = submit(entry, owner)
        assert "<script>alert" not in see(desk, case)
        decide(desk, case, "request_changes", reason="other", note=nasty)
        for address in (
            reverse("desk:case", args=[case.pk]),
            reverse("desk:queue") + "?state=open",
            reverse("desk:entries"),
            reverse("desk:entry", args=[entry.number_slug]),
        ):
            page = desk.get(address).content.decode()
            assert "<script>alert" not in page
            assert "<b>đậm" not in page

    def test_the_preview_is_the_public_page_of_the_pinned_text(self, desk, owner):
        entry = make_draft(owner, title="Bản đã gửi đi", phone="0000 111 222")
        case = submit(entry, owner)
        edit(entry, owner, summary_vi="Viết thêm sau khi gửi")
        page = body(desk.get(reverse("desk:preview", args=[case.pk])))
        assert "Bản đã gửi đi" in page
        assert "Viết thêm sau khi gửi" not in page
        assert "0000 111 222" not in page


def _another(vocabulary: str) -> Term:
    terms = Term.objects.filter(vocabulary_id=vocabulary, broader=None).order_by("-order", "-pk")
    return terms[0]


class TestWhatIsKnown:
    def test_the_tax_code_stands_in_full_with_its_twins(self, desk, owner):
        first = make_draft(owner, title="Một")
        twin = make_draft(make_user(), title="Hai cùng mã")
        claim_tax_code(first, owner, "0100109106")
        claim_tax_code(twin, twin.memberships.get().user, "0100109106")
        page = see(desk, submit(first, owner))
        assert "0100109106" in page
        assert "Cũng ghi mã này" in page
        assert "Hai cùng mã" in page

    def test_a_personal_code_is_masked(self, desk, owner):
        entry = make_draft(owner)
        claim_tax_code(entry, owner, "086099001234")
        page = see(desk, submit(entry, owner))
        assert "086099001234" not in page
        assert "•••••••••234" in page

    def test_similar_entries_and_history_are_linked(self, desk, owner, moderator):
        make_live(make_user(), moderator=moderator, title="Cơ khí Vàm Mới Long Hồ")
        entry = make_draft(owner, title="Cơ khí Vàm Mới")
        first = submit(entry, owner)
        moderation.withdraw(first, owner, expect=first.seq)
        page = see(desk, submit(entry, owner))
        assert "Cơ khí Vàm Mới Long Hồ" in page
        assert reverse("desk:case", args=[first.pk]) in page


class TestDeciding:
    def test_take_then_approve_publishes_and_opens_the_next(self, desk, owner, moderator):
        first, second = (submit(make_draft(owner), owner) for _ in range(2))
        decide(desk, first, "take")
        first.refresh_from_db()
        assert (first.state, first.assignee) == ("in_review", moderator)
        answer = decide(desk, first, "approve", go_on="on")
        assert answer["Location"] == reverse("desk:case", args=[second.pk])
        assert Entry.objects.get(pk=first.subject_id).is_public

    def test_changes_are_asked_with_reason_and_words_and_the_owner_hears(self, desk, owner):
        case = submit(make_draft(owner), owner)
        Email.objects.all().delete()
        answer = decide(desk, case, "request_changes", reason="incomplete", note="Ghi nơi đo.")
        assert answer.status_code == 302
        case.refresh_from_db()
        assert case.state == "changes_requested"
        assert "Ghi nơi đo." in Email.objects.get(to=owner.email).message

    def test_a_ready_answer_stands_in_for_an_empty_note(self, desk, owner):
        ready = CannedText.objects.filter(reason="advertising", language="vi").first()
        case = submit(make_draft(owner), owner)
        assert ready.text in body(desk.get(reverse("desk:case", args=[case.pk])))
        decide(desk, case, "reject", reason="advertising", canned=ready.pk)
        event = CaseEvent.objects.get(case=case, transition="reject")
        assert (event.reason, event.note) == ("advertising", ready.text)

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"reason": "", "note": "Vì thế."}, "Chọn lý do."),
            ({"reason": "other", "note": "  "}, "Ghi rõ nội dung."),
            ({"reason": "bịa", "note": "Vì thế."}, "bịa"),
            ({"reason": "other", "note": "a\x00b"}, "Có ký tự không đọc được"),
            ({"reason": "other", "note": "x" * 2001}, "Tối đa 2000 ký tự"),
            ({"reason": "other", "canned": "999999", "note": ""}, "Ghi rõ nội dung."),
            ({"reason": "other", "note": "Đủ.", "check_scope": "maybe"}, "maybe"),
        ],
    )
    def test_a_decision_that_lacks_something_changes_nothing(self, desk, owner, values, message):
        case = submit(make_draft(owner), owner)
        answer = decide(desk, case, "reject", **values)
        assert answer.status_code == 400
        assert message in body(answer)
        case.refresh_from_db()
        assert case.state == "submitted"

    def test_what_was_typed_survives_a_mistake(self, desk, owner):
        case = submit(make_draft(owner), owner)
        answer = decide(
            desk,
            case,
            "reject",
            note="Một câu dài đã viết",
            check_scope="no",
            evidence_scope="Trang 3",
        )
        page = body(answer)
        assert "Một câu dài đã viết" in page
        assert 'value="Trang 3"' in page

    def test_the_checklist_is_kept_with_the_decision(self, desk, owner):
        case = submit(make_draft(owner), owner)
        decide(
            desk,
            case,
            "approve",
            check_scope="yes",
            check_single="unknown",
            evidence_single="Đã tìm theo tên",
        )
        event = CaseEvent.objects.get(case=case, transition="approve")
        assert event.payload["checklist"] == {
            "scope": {"answer": "yes", "evidence": ""},
            "single": {"answer": "unknown", "evidence": "Đã tìm theo tên"},
        }
        page = see(desk, case)
        assert "Không trùng hồ sơ khác: Chưa rõ (Đã tìm theo tên)" in page

    @pytest.mark.parametrize("action", ["publish", "clash", "withdraw", "lapse", "nope", ""])
    def test_steps_of_others_are_not_the_desks(self, desk, owner, action):
        case = submit(make_draft(owner), owner)
        answer = decide(desk, case, action)
        assert answer.status_code == 403
        case.refresh_from_db()
        assert (case.state, case.seq) == ("submitted", 1)


class TestRaces:
    def test_of_two_moderators_one_decides_and_the_other_is_told(
        self, client, owner, moderator, colleague
    ):
        case = submit(make_draft(owner), owner)
        seen = case.seq
        client.force_login(moderator)
        decide(client, case, "approve", expect=seen)
        client.force_login(colleague)
        answer = decide(client, case, "reject", expect=seen, reason="other", note="Chưa đạt.")
        assert answer.status_code == 409
        page = body(answer)
        assert "đã được xử lý ở nơi khác" in page
        assert "Đang hiển thị" in page
        assert Entry.objects.get(pk=case.subject_id).is_public

    def test_a_double_click_has_one_effect(self, desk, owner):
        case = submit(make_draft(owner), owner)
        Email.objects.all().delete()
        answers = [decide(desk, case, "approve", expect=1) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 409]
        assert CaseEvent.objects.filter(case=case, transition="approve").count() == 1
        assert Email.objects.filter(to=owner.email).count() == 1

    def test_a_stale_tab_does_not_approve_what_it_did_not_show(self, desk, owner):
        entry = make_draft(owner)
        case = submit(entry, owner)
        edit(entry, owner, summary_vi="Chữ mà tab cũ chưa thấy")
        submit(entry, owner)
        answer = decide(desk, case, "approve", expect=1)
        assert answer.status_code == 409
        assert "Chữ mà tab cũ chưa thấy" in body(answer)
        assert not Entry.objects.get(pk=entry.pk).is_public

    @pytest.mark.parametrize("expect", ["", "abc", "-1", "99999999999999999999", "\x00"])
    def test_a_broken_sequence_changes_nothing(self, desk, owner, expect):
        case = submit(make_draft(owner), owner)
        answer = decide(desk, case, "approve", expect=expect)
        assert answer.status_code == 409
        assert not Entry.objects.get(pk=case.subject_id).is_public


class TestClashes:
    @pytest.fixture
    def clashing(self, owner, moderator):
        entry = make_live(owner, moderator=moderator, summary_vi="Bản một")
        edit(entry, owner, summary_vi="Bản của chủ", description_vi="Giới thiệu mới của chủ.")
        case = submit(entry, owner)
        content = live_of(entry)
        content.summary_vi = "Bản của Trung tâm"
        moderation.correct(
            entry, moderator, content, expect_live=content.live_revision_id, reason="Sai số."
        )
        return case

    def test_it_comes_back_and_asks_which_side_to_keep(self, desk, clashing):
        answer = decide(desk, clashing, "approve")
        assert answer.status_code == 409
        page = body(answer)
        assert "Hai bên cùng sửa" in page
        assert "Giữ bản đang hiển thị" in page

    @pytest.mark.parametrize(
        ("side", "kept"), [("live", "Bản của Trung tâm"), ("pending", "Bản của chủ")]
    )
    def test_the_chosen_side_goes_live_with_the_rest(self, desk, clashing, side, kept):
        decide(desk, clashing, "approve")
        clashing.refresh_from_db()
        assert decide(desk, clashing, "approve").status_code == 400
        answer = decide(desk, clashing, "approve", keep_0=side)
        assert answer.status_code == 302
        live = live_of(clashing.subject)
        assert live.summary_vi == kept
        assert live.description_vi == "Giới thiệu mới của chủ."


class TestTheSecondPerson:
    def test_nobody_decides_on_their_own_organisation(self, desk, owner, moderator):
        entry = make_draft(owner)
        case = submit(entry, owner)
        join(entry, moderator)
        assert "Một người khác của Trung tâm quyết định" in see(desk, case)
        for action in ("take", "approve", "reject", "request_changes"):
            answer = decide(desk, case, action, reason="other", note="Không.")
            assert answer.status_code == 403
        case.refresh_from_db()
        assert case.seq == 1

    def test_a_moderator_does_not_approve_what_they_submitted(self, desk, owner, moderator):
        entry = make_live(owner, moderator=make_staff("moderator"))
        content = live_of(entry)
        content.name_vi = "Tên theo giấy đăng ký"
        case = moderation.correct(
            entry, moderator, content, expect_live=content.live_revision_id, reason="Theo giấy."
        )
        assert 'value="approve"' not in see(desk, case)
        assert decide(desk, case, "approve").status_code == 403


class TestTheDoor:
    @pytest.fixture
    def addresses(self, owner, moderator):
        entry = make_live(owner, moderator=moderator, title="Chỉ bàn xem xét thấy")
        edit(entry, owner, summary_vi="Câu chưa ai duyệt")
        case = submit(entry, owner)
        number = {"number": entry.number_slug}
        return [
            reverse("desk:queue"),
            reverse("desk:case", args=[case.pk]),
            reverse("desk:decide", args=[case.pk]),
            reverse("desk:next", args=[case.pk]),
            reverse("desk:preview", args=[case.pk]),
            reverse("desk:entries"),
            reverse("desk:enter"),
            reverse("desk:entry", kwargs=number),
            reverse("desk:correct", kwargs=number),
            reverse("desk:invite", kwargs=number),
            reverse("desk:grant", kwargs=number),
            reverse("desk:recognition", kwargs={**number, "pk": 1}),
            reverse("desk:lifecycle", kwargs={**number, "change": "luu-tru"}),
            reverse("canned_texts:index"),
            reverse("canned_texts:add"),
            reverse("day_overrides:index"),
        ]

    @pytest.mark.parametrize("who", ["editor", "broker", "owner", "reader", "anonymous"])
    def test_it_is_closed_to_everyone_else(self, client, addresses, owner, who):
        if who in {"editor", "broker"}:
            client.force_login(make_staff(who))
        elif who == "owner":
            client.force_login(owner)
        elif who == "reader":
            client.force_login(make_user())
        for address in addresses:
            for answer in (
                client.get(address),
                client.post(address, {"reason": "x", "action": "approve", "expect": 1}),
            ):
                assert answer.status_code in {302, 403, 405}, address
                assert "Câu chưa ai duyệt" not in answer.content.decode()
        assert not CaseEvent.objects.filter(transition__in=["take", "reject"]).exists()
        assert Entry.objects.get().is_public

    def test_administrators_come_in(self, client, addresses):
        client.force_login(make_staff("administrator"))
        for name in ("desk:queue", "desk:entries", "day_overrides:index", "canned_texts:index"):
            assert client.get(reverse(name)).status_code == 200

    def test_moderators_keep_ready_answers_but_not_working_days(self, desk):
        assert desk.get(reverse("canned_texts:index")).status_code == 200
        desk.post(
            reverse("canned_texts:add"),
            {"reason": "other", "language": "vi", "text": "Bạn gọi Trung tâm để trao đổi thêm."},
        )
        assert CannedText.objects.filter(text__startswith="Bạn gọi Trung tâm").exists()
        assert desk.get(reverse("day_overrides:index")).status_code == 302

    def test_a_case_of_another_room_is_not_shown(self, desk, owner, moderator):
        entry = make_live(owner, moderator=moderator)
        foreign = Case.objects.create(kind="enquiry", state="forwarded", subject=entry)
        assert desk.get(reverse("desk:case", args=[foreign.pk])).status_code == 404
