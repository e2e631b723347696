"""An organisation's people: invited by e-mail, with roles, free to leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry
from workspace_support import words

from registry.directory.models import Entry, Invitation, Membership
from registry.directory.services import archive
from tests.factories import join, make_draft, make_live, make_user

pytestmark = pytest.mark.django_db


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def people(entry: Entry) -> str:
    return reverse("workspace:members_of", kwargs={"number": entry.number_slug})


def on(name: str, entry: Entry, member: Membership) -> str:
    return reverse(f"workspace:{name}", kwargs={"number": entry.number_slug, "member": member.pk})


def answer_url(token: str) -> str:
    return reverse("workspace:invitation", kwargs={"token": token})


def uninvite_url(entry: Entry, invitation: Invitation) -> str:
    at = {"number": entry.number_slug, "invitation": invitation.pk}
    return reverse("workspace:uninvite", kwargs=at)


CLOSE = "/tai-khoan/dong/"


@pytest.fixture
def owner():
    return make_user("Trần Văn Chủ")


@pytest.fixture
def entry(owner):
    return make_draft(owner, title="Vàm Lộc")


@pytest.fixture
def client(owner):
    return browser_of(owner)


def test_an_invited_colleague_joins_through_the_mailed_link(client, entry):
    colleague = make_user("Lê Thị Sấy", email="say@mau.example")
    done = client.post(people(entry), {"email": "Say@Mau.example", "role": "editor"}, follow=True)
    assert "Đã gửi lời mời tới say@mau.example." in words(done)
    mail = Email.objects.get(to="say@mau.example")
    assert mail.subject == "Trần Văn Chủ mời bạn quản lý “Vàm Lộc”"
    assert "Nhận lời trước" in mail.message
    invitation = Invitation.objects.get()
    assert answer_url(invitation.token) in mail.message

    browser = browser_of(colleague)
    page = words(browser.get(answer_url(invitation.token)))
    assert "Trần Văn Chủ mời bạn quản lý “Vàm Lộc”" in page
    assert "Người biên tập" in page
    assert not entry.memberships.filter(user=colleague).exists(), "looking is not accepting"
    done = browser.post(answer_url(invitation.token), follow=True)
    assert "Bạn đã nhận quản lý “Vàm Lộc”." in words(done)
    assert entry.memberships.get(user=colleague).role == "editor"


def test_a_link_works_once_and_only_for_its_address(client, entry):
    client.post(people(entry), {"email": "say@mau.example", "role": "owner"})
    token = Invitation.objects.get().token
    thief = browser_of(make_user("Người nhặt được"))
    assert thief.get(answer_url(token)).status_code == 403
    assert thief.post(answer_url(token)).status_code == 403
    colleague = browser_of(make_user(email="say@mau.example"))
    colleague.post(answer_url(token))
    assert colleague.post(answer_url(token)).status_code == 410
    assert entry.memberships.count() == 2


def test_an_old_link_says_it_is_over(client, entry):
    client.post(people(entry), {"email": "say@mau.example", "role": "viewer"})
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    token = Invitation.objects.get().token
    answer = browser_of(make_user(email="say@mau.example")).get(answer_url(token))
    assert answer.status_code == 410
    assert "Liên kết đã hết hạn. Nhận liên kết mới." in words(answer)
    assert browser_of(make_user()).get(answer_url("khong-co")).status_code == 410


def test_an_invitation_taken_back_is_a_dead_link(client, owner, entry):
    client.post(people(entry), {"email": "say@mau.example", "role": "editor"})
    invitation = Invitation.objects.get()
    assert "Thu hồi lời mời" in words(client.get(people(entry)))
    done = client.post(uninvite_url(entry, invitation), follow=True)
    assert "Đã thu hồi lời mời tới say@mau.example." in words(done)
    assert "Thu hồi lời mời" not in words(done)
    colleague = browser_of(make_user(email="say@mau.example"))
    assert colleague.get(answer_url(invitation.token)).status_code == 410
    assert colleague.post(answer_url(invitation.token)).status_code == 410
    assert entry.memberships.count() == 1
    log = ModelLogEntry.objects.filter(action="registry.member.uninvited").get()
    assert (log.user, log.data) == (owner, {"role": "editor"})


def test_an_invitation_answered_meanwhile_is_not_taken_back(client, entry):
    client.post(people(entry), {"email": "say@mau.example", "role": "editor"})
    invitation = Invitation.objects.get()
    browser_of(make_user(email="say@mau.example")).post(answer_url(invitation.token))
    done = client.post(uninvite_url(entry, invitation), follow=True)
    assert "Lời mời này không còn chờ trả lời." in words(done)
    assert entry.memberships.count() == 2


def test_only_an_owner_takes_an_invitation_back(client, owner, entry):
    client.post(people(entry), {"email": "say@mau.example", "role": "viewer"})
    invitation = Invitation.objects.get()
    editor, stranger = make_user(), make_user()
    join(entry, editor, "editor")
    assert browser_of(editor).post(uninvite_url(entry, invitation)).status_code == 403
    assert browser_of(stranger).post(uninvite_url(entry, invitation)).status_code == 404
    other = make_live(owner, title="Vàm Mới")
    assert client.post(uninvite_url(other, invitation)).status_code == 404
    assert Invitation.objects.filter(pk=invitation.pk).exists()


def test_the_only_owner_hands_over_before_closing_the_account(client, owner, entry):
    successor = make_user()
    join(entry, successor, "editor")
    said = words(client.post(CLOSE, follow=True))
    assert f"Bạn là chủ hồ sơ duy nhất của {entry.number} {entry.working_title}" in said
    owner.refresh_from_db()
    assert owner.is_active

    entry.memberships.filter(user=successor).update(role="owner")
    assert client.post(CLOSE)["Location"] == "/"
    owner.refresh_from_db()
    assert not owner.is_active
    # The one who stays is the last who can act: a closed account counts for nothing.
    leave = reverse(
        "workspace:member_remove",
        kwargs={"number": entry.number_slug, "member": entry.memberships.get(user=successor).pk},
    )
    assert "Hồ sơ cần ít nhất một chủ hồ sơ." in words(
        browser_of(successor).post(leave, follow=True)
    )


def test_an_archived_entry_keeps_nobody(client, owner, entry):
    archive(entry, owner)
    client.post(CLOSE)
    owner.refresh_from_db()
    assert not owner.is_active


def test_a_visitor_with_a_link_logs_in_first(client, entry):
    client.post(people(entry), {"email": "say@mau.example", "role": "viewer"})
    answer = Client().get(answer_url(Invitation.objects.get().token))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"email": "", "role": "editor"}, "Nhập email."),
        ({"email": "không phải", "role": "editor"}, "Nhập email như"),
        ({"email": "a" * 300 + "@mau.example", "role": "editor"}, "Tối đa 254 ký tự"),
        ({"email": "say\x00@mau.example", "role": "editor"}, "Có ký tự không đọc được"),
        ({"email": "say@mau.example", "role": "vua"}, "Chọn một mục trong danh sách."),
        ({"email": "say@mau.example"}, "Chọn quyền."),
    ],
)
def test_a_wrong_invitation_is_refused(client, entry, data, message):
    answer = client.post(people(entry), data)
    assert answer.status_code == 422
    assert message in words(answer)
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_twice(client, entry, owner):
    answer = client.post(people(entry), {"email": owner.email, "role": "viewer"})
    assert answer.status_code == 422
    assert "Người này đã là thành viên." in words(answer)


def test_only_an_owner_manages(entry, owner):
    editor = make_user()
    membership = join(entry, editor, "editor")
    browser = browser_of(editor)
    page = browser.get(people(entry))
    assert page.status_code == 200
    assert owner.email not in page.content.decode()
    assert (
        browser.post(people(entry), {"email": "x@mau.example", "role": "owner"}).status_code == 403
    )
    assert browser.post(on("member_role", entry, membership), {"role": "owner"}).status_code == 403
    boss = entry.memberships.get(user=owner)
    assert browser.post(on("member_remove", entry, boss)).status_code == 403
    membership.refresh_from_db()
    assert membership.role == "editor"
    assert not Invitation.objects.exists()


def test_roles_change_people_go_and_an_owner_remains(client, entry, owner):
    member = join(entry, make_user("Phạm Xem"), "viewer")
    client.post(on("member_role", entry, member), {"role": "editor"})
    member.refresh_from_db()
    assert member.role == "editor"
    assert "Bỏ Phạm Xem khỏi “Vàm Lộc”?" in words(client.get(on("member_remove", entry, member)))
    client.post(on("member_remove", entry, member))
    assert not Membership.objects.filter(pk=member.pk).exists()

    myself = entry.memberships.get(user=owner)
    done = client.post(on("member_remove", entry, myself), follow=True)
    assert "Hồ sơ cần ít nhất một chủ hồ sơ." in words(done)
    done = client.post(on("member_role", entry, myself), {"role": "viewer"}, follow=True)
    assert "Hồ sơ cần ít nhất một chủ hồ sơ." in words(done)


def test_a_member_may_leave(entry):
    user = make_user()
    member = join(entry, user, "viewer")
    browser = browser_of(user)
    assert "Rời “Vàm Lộc”?" in words(browser.get(on("member_remove", entry, member)))
    browser.post(on("member_remove", entry, member))
    assert browser.get(people(entry)).status_code == 404


def test_a_membership_of_another_organisation_is_not_reached_through_mine(client, entry):
    other = make_draft(make_user())
    foreign = other.memberships.get()
    assert client.post(on("member_role", entry, foreign), {"role": "viewer"}).status_code == 404
    assert client.post(on("member_remove", entry, foreign)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.role == "owner"


def test_invitations_have_a_daily_limit(client, entry, monkeypatch):
    monkeypatch.setattr("registry.workspace.views_members.INVITATIONS_PER_DAY", 1)
    client.post(people(entry), {"email": "a@mau.example", "role": "viewer"})
    answer = client.post(people(entry), {"email": "b@mau.example", "role": "viewer"})
    assert answer.status_code == 429
    assert Invitation.objects.count() == 1


def test_the_room_leads_to_the_only_organisation(client, entry):
    assert client.get(reverse("workspace:members")).url == people(entry)
    make_draft(entry.memberships.get().user, title="Tổ chức thứ hai")
    page = words(client.get(reverse("workspace:members")))
    assert "Vàm Lộc" in page
    assert "Tổ chức thứ hai" in page
