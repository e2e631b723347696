"""Staff look after entries: correct, hide, archive, enter on behalf, certificates."""

from __future__ import annotations

import re
from datetime import date

import pytest
from desk_support import body, live_of
from django.urls import reverse
from post_office.models import Email

from registry.cases.models import Case
from registry.directory import members
from registry.directory.models import Entry, Invitation, Membership, Recognition
from registry.directory.selectors import draft_of, latest_revision_id
from registry.directory.services import Forbidden, archive, create_entry
from registry.moderation import services as moderation
from tests.factories import (
    edit,
    fill_organisation,
    join,
    make_draft,
    make_live,
    make_user,
    submit,
)
from tests.snapshots import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(owner, colleague):
    words = {"title": "Cơ khí Vàm Mới", "summary_vi": "Tóm tắt một"}
    return again(make_live, owner, moderator=colleague, **words)


def filled(page: str) -> dict[str, list[str] | str]:
    """Return what a browser would send of the page's correction form, nothing touched."""
    form = page.split('class="desk-form"')[1].split("</form>")[0]
    data: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if not name or (kind and kind[1] in {"checkbox", "radio"} and "checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        ticked = "on" if kind and kind[1] == "checkbox" else ""
        data.setdefault(name[1], []).append(value[1] if value else ticked)
    for name, inner in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        data.setdefault(name, []).append(inner.strip())
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', inner)
        data.setdefault(name, []).append(chosen[1] if chosen else "")
    return data


class TestCorrecting:
    def address(self, entry):
        return reverse("desk:correct", args=[entry.number_slug])

    def post(self, desk, entry, **values):
        data = filled(body(desk.get(self.address(entry))))
        return desk.post(self.address(entry), data | {"reason": "Sai chính tả.", **values})

    def test_a_substantive_correction_is_live_at_once_and_keeps_the_rest(self, desk, entry):
        before = live_of(entry)
        roles = [role.uid for role in before.roles.all()]
        assert self.post(desk, entry, summary_vi="Tóm tắt đã sửa").status_code == 302
        live = live_of(entry)
        assert live.summary_vi == "Tóm tắt đã sửa"
        assert live.description_vi == before.description_vi
        assert [role.uid for role in live.roles.all()] == roles
        assert list(live.sectors.all()) == list(before.sectors.all())
        assert live.commune == before.commune

    def test_the_owners_pending_text_survives(self, desk, entry, owner):
        edit(entry, owner, description_vi="Giới thiệu chờ duyệt.")
        submit(entry, owner)
        self.post(desk, entry, summary_vi="Tóm tắt đã sửa")
        assert draft_of(Entry.objects.get(pk=entry.pk)).description_vi == "Giới thiệu chờ duyệt."
        assert live_of(entry).description_vi != "Giới thiệu chờ duyệt."

    def test_a_legal_correction_waits_for_a_second_person(self, desk, entry, moderator):
        answer = self.post(desk, entry, name_vi="Tên theo giấy đăng ký")
        case = Case.objects.open().get(subject=entry)
        assert answer["Location"] == reverse("desk:case", args=[case.pk])
        assert live_of(entry).name_vi == "Cơ khí Vàm Mới"
        assert case.opener == moderator

    def test_no_change_no_reason_and_a_moved_live_text_change_nothing(self, desk, entry):
        assert self.post(desk, entry).status_code == 409
        assert self.post(desk, entry, summary_vi="Khác", reason=" ").status_code == 400
        answer = self.post(desk, entry, summary_vi="Chữ vừa gõ", expect_live=1)
        assert answer.status_code == 409
        assert "Chữ vừa gõ" in body(answer)
        assert live_of(entry).summary_vi == "Tóm tắt một"

    @pytest.mark.parametrize(
        "values",
        [
            {"summary_vi": "x" * 501},
            {"summary_vi": "a\x00b"},
            {"website": "javascript:alert(1)"},
            {"sectors": ["khong-co"]},
            {"commune": "Nơi không có"},
            {"founded_year": "năm ngoái"},
        ],
    )
    def test_bad_input_is_told_and_changes_nothing(self, desk, entry, values):
        answer = self.post(desk, entry, **values)
        assert answer.status_code == 400
        assert "chỗ cần sửa" in body(answer)
        assert live_of(entry).summary_vi == "Tóm tắt một"

    def test_nobody_corrects_their_own_organisation_from_the_desk(self, desk, entry, moderator):
        join(entry, moderator)
        assert desk.get(self.address(entry)).status_code == 302
        data = {"summary_vi": "Của nhà mình", "reason": "x", "expect_live": 1}
        desk.post(self.address(entry), data)
        assert live_of(entry).summary_vi == "Tóm tắt một"

    def test_what_was_never_live_has_nothing_to_correct(self, desk, owner):
        assert desk.get(self.address(make_draft(owner))).status_code == 404


class TestHidingAndArchiving:
    def post(self, desk, entry, change, reason="Chủ hồ sơ nhờ."):
        address = reverse("desk:lifecycle", args=[entry.number_slug, change])
        return desk.post(address, {"reason": reason})

    def test_hide_then_show(self, desk, entry):
        assert self.post(desk, entry, "tam-an", "Chờ sửa số điện thoại.").status_code == 302
        page = body(desk.get(reverse("desk:entry", args=[entry.number_slug])))
        assert "Tạm ẩn hồ sơ" in page
        assert "Chờ sửa số điện thoại." in page
        assert not Entry.objects.get(pk=entry.pk).is_public
        assert self.post(desk, entry, "hien-lai").status_code == 302
        assert Entry.objects.get(pk=entry.pk).is_public

    def test_archive_leaves_the_reason_behind(self, desk, entry):
        self.post(desk, entry, "luu-tru", "Trùng với TC 0001.")
        gone = Entry.objects.get(pk=entry.pk)
        assert (gone.lifecycle, gone.removed_reason) == ("archived", "Trùng với TC 0001.")
        assert "Trùng với TC 0001." in body(
            desk.get(reverse("desk:entry", args=[entry.number_slug]))
        )

    def test_without_a_reason_or_against_the_state_nothing_changes(self, desk, entry):
        assert self.post(desk, entry, "luu-tru", "  ").status_code == 400
        assert self.post(desk, entry, "hien-lai").status_code == 409
        assert Entry.objects.get(pk=entry.pk).is_public

    def test_not_ones_own(self, desk, entry, moderator):
        join(entry, moderator)
        assert self.post(desk, entry, "luu-tru").status_code == 403
        assert Entry.objects.get(pk=entry.pk).is_public

    def test_a_moderator_who_only_reads_there_may_not_archive_either(self, entry, moderator):
        join(entry, moderator, Membership.Role.VIEWER)
        with pytest.raises(Forbidden):
            archive(entry, moderator, reason="Của nhà mình.")


class TestEveryEntry:
    def test_drafts_and_archived_ones_are_listed_and_filtered(self, desk, entry, owner):
        make_draft(owner, title="Còn là bản nháp")
        page = body(desk.get(reverse("desk:entries")))
        assert "Còn là bản nháp" in page
        assert "Cơ khí Vàm Mới" in page
        page = body(desk.get(reverse("desk:entries"), {"lifecycle": "draft"}))
        assert "Còn là bản nháp" in page
        assert "Cơ khí Vàm Mới" not in page
        commune = live_of(entry).commune.code
        page = body(desk.get(reverse("desk:entries"), {"commune": commune, "kind": "organisation"}))
        assert "Còn là bản nháp" in page
        assert "Cơ khí Vàm Mới" in page

    def test_an_unknown_value_empties_the_list(self, desk, entry):
        answer = desk.get(reverse("desk:entries"), {"lifecycle": "zombie"})
        assert answer.status_code == 400
        assert "Cơ khí Vàm Mới" not in body(answer)

    def test_no_such_entry(self, desk):
        assert desk.get(reverse("desk:entry", args=["tc-9999"])).status_code == 404


class TestEnteringOnBehalf:
    def test_from_the_desk_to_the_owners_hands(self, client, moderator, colleague):
        client.force_login(moderator)
        answer = client.post(reverse("desk:enter"), {"title": "Hợp tác xã Nhờ Nhập"})
        entry = Entry.objects.get()
        assert answer["Location"] == reverse(
            "workspace:step", kwargs={"number": entry.number_slug, "step": "ten"}
        )
        assert (entry.source, entry.memberships.count()) == ("staff", 0)
        assert client.get(answer["Location"]).status_code == 200

        content = fill_organisation(draft_of(entry))
        moderation.save_draft(entry, moderator, content, expect_revision=latest_revision_id(entry))
        case = submit(entry, moderator)
        page = reverse("desk:decide", args=[case.pk])
        assert client.post(page, {"action": "approve", "expect": case.seq}).status_code == 403
        client.force_login(colleague)
        assert client.post(page, {"action": "approve", "expect": case.seq}).status_code == 302
        assert Entry.objects.get().is_public

        Email.objects.all().delete()
        invite = reverse("desk:invite", args=[entry.number_slug])
        assert client.post(invite, {"email": "chu@mau.example"}).status_code == 302
        mail = Email.objects.get(to="chu@mau.example")
        assert "Hợp tác xã Nhờ Nhập" in mail.subject
        newcomer = make_user(email="chu@mau.example")
        membership = members.accept(Invitation.objects.get().token, newcomer)
        assert membership.role == Membership.Role.OWNER
        # From here on the organisation manages itself.
        assert client.post(invite, {"email": "nua@mau.example"}).status_code == 403

    @pytest.mark.parametrize("title", ["", "   ", "x" * 257, "a\x00b"])
    def test_a_bad_name_makes_nothing(self, desk, title):
        assert desk.post(reverse("desk:enter"), {"title": title}).status_code == 400
        assert not Entry.objects.exists()

    def test_the_desk_invites_nobody_into_an_organisation_of_its_owner(self, desk, entry):
        answer = desk.post(
            reverse("desk:invite", args=[entry.number_slug]), {"email": "ai@mau.example"}
        )
        assert answer.status_code == 403
        assert not Invitation.objects.exists()

    def test_the_desk_invites_an_owner_only(self, moderator):
        entry = create_entry("organisation", moderator, title="Nhập thay", on_behalf=True)
        with pytest.raises(Forbidden):
            members.invite(entry, moderator, email="ai@mau.example", role="editor")

    def test_a_bad_address_is_told(self, desk, moderator):
        entry = create_entry("organisation", moderator, title="Nhập thay", on_behalf=True)
        answer = desk.post(reverse("desk:invite", args=[entry.number_slug]), {"email": "không"})
        assert answer.status_code == 400
        assert "Nhập email như" in body(answer)


class TestCertificates:
    GIVEN = {"type": "startup", "number": "12/QĐ", "issuer": "Sở KH&CN", "issued_on": "2026-01-05"}

    def test_granted_by_the_desk_then_revoked_with_a_note(self, desk, entry, owner):
        answer = desk.post(reverse("desk:grant", args=[entry.number_slug]), self.GIVEN)
        assert answer.status_code == 302
        item = Recognition.objects.get()
        assert (item.status, item.issued_on) == ("granted", date(2026, 1, 5))
        opened = desk.post(reverse("desk:recognition", args=[entry.number_slug, item.pk]))
        case = Case.objects.get(kind="recognition")
        assert opened["Location"] == reverse("desk:case", args=[case.pk])
        page = body(desk.get(opened["Location"]))
        assert "12/QĐ" in page
        decide = reverse("desk:decide", args=[case.pk])
        assert desk.post(decide, {"action": "revoke", "expect": 1, "note": ""}).status_code == 400
        Email.objects.all().delete()
        desk.post(decide, {"action": "revoke", "expect": 1, "note": "Quyết định thu hồi 5/QĐ."})
        item.refresh_from_db()
        assert item.status == "revoked"
        assert Email.objects.filter(to=owner.email).count() == 1

    def test_one_that_came_with_an_import_can_be_suspended(self, desk, entry):
        item = Recognition.objects.create(entry=entry, type="other", number="7", status="granted")
        opened = desk.post(reverse("desk:recognition", args=[entry.number_slug, item.pk]))
        again = desk.post(reverse("desk:recognition", args=[entry.number_slug, item.pk]))
        assert opened["Location"] == again["Location"]
        case = Case.objects.get(kind="recognition")
        decide = reverse("desk:decide", args=[case.pk])
        desk.post(decide, {"action": "suspend", "expect": 1, "note": "Chờ cơ quan cấp trả lời."})
        item.refresh_from_db()
        assert item.status == "suspended"

    def test_one_the_owner_states_waits_and_is_decided(self, desk, entry, owner):
        case = moderation.claim_recognition(entry, owner, Recognition(type="startup", number="9"))
        assert "Giấy chứng nhận" in body(desk.get(reverse("desk:queue")))
        desk.post(reverse("desk:decide", args=[case.pk]), {"action": "grant", "expect": 1})
        assert Recognition.objects.get().status == "granted"

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"type": "huy-chuong"}, "huy-chuong"),
            ({"issuer": ""}, "bắt buộc"),
            ({"expires_on": "2020-01-01"}, "Ngày hết hạn phải từ 05/01/2026 trở đi."),
            ({"issued_on": "hôm qua"}, "ngày"),
            ({"number": "1\x002"}, ""),
        ],
    )
    def test_bad_input_grants_nothing(self, desk, entry, values, message):
        answer = desk.post(reverse("desk:grant", args=[entry.number_slug]), self.GIVEN | values)
        assert answer.status_code == 400
        assert message in body(answer)
        assert not Recognition.objects.exists()

    def test_not_for_ones_own_organisation(self, desk, entry, moderator):
        join(entry, moderator)
        answer = desk.post(reverse("desk:grant", args=[entry.number_slug]), self.GIVEN)
        assert answer.status_code == 403
        assert not Recognition.objects.exists()
