"""The Centre's staff: roles, second factor, and rights nobody may hold."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from wagtail.models import GroupPagePermission

from registry.accounts.guards import CLOSED_APPS, CLOSED_VERBS
from registry.accounts.models import User
from registry.accounts.permissions import (
    ADMINISTRATOR,
    BROKER,
    CONTRIBUTOR,
    EDITOR,
    GROUPS,
    MODERATOR,
    is_administrator,
    is_broker,
    is_contributor,
    is_editor,
    is_moderator,
    is_staff,
)
from registry.accounts.roles import sync_roles
from registry.accounts.services import close_account, create_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]

PASSWORD = "dừa-sáp-cầu-kè-2026"
DESK = "/quan-tri/"


@pytest.fixture(autouse=True)
def _no_old_limits() -> None:
    cache.clear()


def _staff(role: str, email: str = "") -> User:
    return create_account(
        email or f"{role}@trung-tam.example", "Ngô Mỹ Duyên", password=PASSWORD, role=role
    )


def _again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_the_command_makes_five_groups_and_then_changes_nothing() -> None:
    Group.objects.all().delete()
    first = sync_roles()
    assert first.groups == 5
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUPS.values())
    second = sync_roles()
    assert (second.groups, second.given, second.taken) == (0, 0, 0)


def test_each_role_may_do_its_own_work_only() -> None:
    predicates = {
        ADMINISTRATOR: is_administrator,
        EDITOR: is_editor,
        CONTRIBUTOR: is_contributor,
        MODERATOR: is_moderator,
        BROKER: is_broker,
    }
    for role in predicates:
        user = _staff(role)
        assert user.is_staff
        held = {name for name, may in predicates.items() if may(user)}
        assert held == (set(predicates) if role == ADMINISTRATOR else {role})
        assert _again(user).has_perm("wagtailadmin.access_admin")
    owner = create_account("chu@htx.example", "Chủ Hồ Sơ")
    assert not any(may(owner) for may in predicates.values())
    assert not is_staff(owner)
    assert not is_moderator(None)
    gone = _staff(MODERATOR, "nghi@trung-tam.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert not is_moderator(_again(gone))


def test_only_writers_of_pages_hold_page_permissions() -> None:
    holders = set(GroupPagePermission.objects.values_list("group__name", flat=True))
    assert holders == {GROUPS[ADMINISTRATOR], GROUPS[EDITOR], GROUPS[CONTRIBUTOR]}


def test_an_editor_reaches_pages_images_and_documents(client: Client) -> None:
    client.force_login(_staff(EDITOR))
    for address in ("pages/", "images/", "images/add/", "documents/", "redirects/"):
        assert client.get(f"/quan-tri/{address}", follow=True).status_code == 200
        assert client.get(f"/quan-tri/{address}").get("Location", "") != "/quan-tri/", address
    client.force_login(_staff(MODERATOR))
    assert client.get("/quan-tri/images/")["Location"] == "/quan-tri/"


def test_the_desk_permission_goes_to_moderators_and_not_to_editors() -> None:
    assert _staff(MODERATOR).has_perm("moderation.review_entry")
    assert not _staff(EDITOR).has_perm("moderation.review_entry")
    assert not _staff(BROKER).has_perm("moderation.review_entry")


def test_no_group_may_change_content_of_the_registry() -> None:
    content = [
        model
        for app, name in (
            ("directory", "Organisation"),
            ("directory", "Lab"),
            ("directory", "Entry"),
            ("marketplace", "TechnologyOffer"),
        )
        if (model := apps.all_models[app].get(name.lower())) is not None
    ]
    assert content
    closed = Permission.objects.filter(content_type__app_label__in=CLOSED_APPS)
    for model in content:
        meta = model._meta
        assert closed.filter(codename=f"add_{meta.model_name}").exists()
    for group in Group.objects.all():
        held = group.permissions.filter(content_type__app_label__in=CLOSED_APPS)
        wrong = [p.codename for p in held if p.codename.startswith(CLOSED_VERBS)]
        assert wrong == [], group.name
    for role in GROUPS:
        user = _staff(role, f"x-{role}@trung-tam.example")
        for model in content:
            for verb in CLOSED_VERBS:
                assert not user.has_perm(f"{model._meta.app_label}.{verb}{model._meta.model_name}")


@pytest.mark.parametrize("way", ["group", "person", "reverse"])
def test_nobody_can_be_handed_a_right_that_goes_around_review(way: str) -> None:
    right = Permission.objects.filter(
        content_type__app_label="directory", codename="change_organisation"
    ).get()
    group = Group.objects.get(name=GROUPS[MODERATOR])
    user = _staff(MODERATOR)
    give = {
        "group": lambda: group.permissions.add(right),
        "person": lambda: user.user_permissions.set([right]),
        "reverse": lambda: right.group_set.add(group),
    }[way]
    with pytest.raises(PermissionDenied), transaction.atomic():
        give()
    assert not _again(user).has_perm("directory.change_organisation")


def test_a_right_smuggled_in_before_is_taken_back_by_the_command() -> None:
    right = Permission.objects.get(
        content_type__app_label="directory", codename="delete_organisation"
    )
    group = Group.objects.create(name="Nhóm cũ")
    Group.permissions.through.objects.create(group=group, permission=right)
    sync_roles()
    assert not group.permissions.exists()


def test_the_staff_flag_follows_the_roles() -> None:
    user = create_account("moi@trung-tam.example", "Người Mới")
    group = Group.objects.get(name=GROUPS[BROKER])
    group.user_set.add(user)
    assert _again(user).is_staff
    group.user_set.remove(user)
    assert not _again(user).is_staff
    user.groups.add(group, Group.objects.get(name=GROUPS[EDITOR]))
    user.groups.remove(group)
    assert _again(user).is_staff, "still an editor"
    user.groups.clear()
    assert not _again(user).is_staff
    boss = User.objects.create_superuser("sep@trung-tam.example", PASSWORD, full_name="Sếp")
    boss.groups.add(group)
    boss.groups.clear()
    assert _again(boss).is_staff


def test_an_owner_never_sees_the_admin(client: Client) -> None:
    client.force_login(create_account("chu@htx.example", "Chủ Hồ Sơ"))
    for address in (DESK, "/quan-tri/pages/", "/quan-tri/users/"):
        assert client.get(address).status_code == 403


def test_a_visitor_is_sent_to_the_one_log_in_with_limits_and_factors(client: Client) -> None:
    assert client.get(DESK)["Location"].startswith("/tai-khoan/login/")
    answer = client.get("/quan-tri/login/?next=/quan-tri/")
    assert answer["Location"] == "/tai-khoan/login/?next=/quan-tri/"
    _staff(MODERATOR)
    client.post(
        "/quan-tri/login/", {"username": "moderator@trung-tam.example", "password": PASSWORD}
    )
    assert "_auth_user_id" not in client.session, (
        "Wagtail's own log-in would skip the second factor"
    )


@override_settings(STAFF_MFA_REQUIRED=True)
def test_staff_reach_nothing_until_they_have_a_second_factor(client: Client) -> None:
    user = _staff(MODERATOR)
    client.force_login(user)
    for address in (DESK, "/quan-tri/images/", "/ban-lam-viec/", "/en/ban-lam-viec/", "/"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert "/tai-khoan/2fa/" in answer["Location"], address
    assert client.post(DESK)["Location"] == "/tai-khoan/2fa/"
    assert client.get("/tai-khoan/ho-so-cua-toi/").status_code == 200
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert client.get(DESK).status_code == 302, "recovery codes alone are no second factor"
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert client.get(DESK).status_code == 200


@override_settings(STAFF_MFA_REQUIRED=True)
def test_owners_need_no_second_factor(client: Client) -> None:
    client.force_login(create_account("chu@htx.example", "Chủ Hồ Sơ"))
    assert client.get("/tai-khoan/du-lieu-cua-toi/").status_code == 200
    assert "2fa" not in client.get("/ban-lam-viec/").get("Location", "")


@override_settings(STAFF_MFA_REQUIRED=True)
def test_staff_cannot_take_their_last_factor_away(client: Client) -> None:
    user = _staff(MODERATOR)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    secret = Authenticator.objects.get(user=user).data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in secret, "stored encrypted"
    client.post("/tai-khoan/login/", {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session, "the code is asked first"
    client.post("/tai-khoan/2fa/authenticate/", {"code": _code("JBSWY3DPEHPK3PXP")})
    assert client.session["_auth_user_id"] == str(user.pk)
    client.post("/tai-khoan/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=user).exists()


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_an_administrator_makes_an_account_without_public_sign_up(client: Client) -> None:
    client.force_login(_staff(ADMINISTRATOR))
    assert client.get("/quan-tri/users/").status_code == 200
    page = client.get("/quan-tri/users/new/")
    assert "is_superuser" not in page.context["form"].fields
    assert not {"first_name", "last_name", "password1"} & set(page.context["form"].fields)
    group = Group.objects.get(name=GROUPS[MODERATOR])
    new = {"email": "Moi@trung-tam.example", "full_name": "Người Mới", "language": "vi"}
    answer = client.post("/quan-tri/users/new/", new | {"groups": [group.pk]})
    assert answer.status_code == 302
    user = User.objects.get(email="moi@trung-tam.example")
    assert user.is_staff
    assert is_moderator(user)
    assert not user.has_usable_password()
    twice = client.post("/quan-tri/users/new/", new)
    assert "email" in twice.context["form"].errors

    edit = f"/quan-tri/users/edit/{user.pk}/"
    assert client.get(edit).status_code == 200
    changed = {"email": user.email, "full_name": "Người Khác", "language": "vi", "is_active": "on"}
    assert client.post(edit, changed | {"is_superuser": "on"}).status_code == 302
    user = _again(user)
    assert (user.full_name, user.is_superuser, user.is_staff) == ("Người Khác", False, False)
    broken = client.post(edit, changed | {"full_name": "a\x00b", "email": "a\x00@b.example"})
    assert set(broken.context["form"].errors) == {"full_name", "email"}
    assert client.get("/quan-tri/users/?q=%22%27%25").status_code == 200


def test_an_administrator_cannot_touch_a_superuser(client: Client) -> None:
    boss = User.objects.create_superuser("sep@trung-tam.example", PASSWORD, full_name="Sếp")
    client.force_login(_staff(ADMINISTRATOR))
    answer = client.post(
        f"/quan-tri/users/edit/{boss.pk}/",
        {"email": "chiem@trung-tam.example", "full_name": "Chiếm", "language": "vi"},
    )
    assert answer.status_code in {302, 403}
    assert _again(boss).email == "sep@trung-tam.example"
    assert not _again(boss).groups.exists()


def test_other_staff_do_not_manage_accounts_or_groups(client: Client) -> None:
    other = create_account("chu@htx.example", "Chủ Hồ Sơ")
    for role in (EDITOR, CONTRIBUTOR, MODERATOR, BROKER):
        client.force_login(_staff(role))
        for address in ("users/", "users/new/", f"users/edit/{other.pk}/", "groups/"):
            answer = client.get(f"/quan-tri/{address}")
            assert answer.status_code in {302, 403}, address
    client.force_login(_staff(ADMINISTRATOR))
    assert client.get("/quan-tri/groups/").status_code in {302, 403}, "groups are code"


def test_the_admin_s_account_page_is_ours(client: Client) -> None:
    client.force_login(_staff(EDITOR))
    assert client.get("/quan-tri/account/")["Location"] == "/tai-khoan/ho-so-cua-toi/"


def test_staff_accounts_are_not_closed_by_themselves() -> None:
    user = _staff(MODERATOR)
    assert not close_account(user)
    assert _again(user).is_active


def test_demo_log_ins_exist_in_development_only(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError):
        call_command("demo_users")
    assert not User.objects.filter(email__endswith="@minh-hoa.example").exists()
    with override_settings(HUB_DEMO=True):
        call_command("demo_users")
        call_command("demo_users")
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 12
    people: Any = User.objects.filter(email__endswith="@minh-hoa.example")
    assert people.count() == 6
    assert EmailAddress.objects.filter(user__in=people, verified=True).count() == 6
    password = lines[0].split()[-1]
    assert all(person.check_password(password) for person in people)
    roles = set(people.values_list("groups__name", flat=True))
    assert roles == {*GROUPS.values(), None}


def test_an_account_cannot_be_copied_with_its_rights(client: Client) -> None:
    chief = _staff(ADMINISTRATOR)
    other = _staff(MODERATOR)
    client.force_login(chief, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"{DESK}users/copy/{other.pk}/").status_code == 404
    assert b"/users/copy/" not in client.get(f"{DESK}users/").content
