"""What somebody tries who knows how the hub is built: each story is an attack that must fail."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from registry.accounts.adapter import AccountAdapter
from registry.directory.models import Identifier
from registry.directory.services import claim_tax_code
from registry.moderation import services as moderation
from registry.moderation.freshness import confirm_token
from tests.factories import edit, make_draft, make_staff, make_user, submit
from tests.integration.test_permissions import GET, World, everything
from tests.snapshots import again

pytestmark = pytest.mark.django_db

PASSWORD = "mot mat khau dai"
OTHER_VERBS = ("options", "put", "delete", "patch")
PERSONAL_CODE = "084123456789"
#: Runs when a text is read as a template: arithmetic, another file, and a tag that is none.
TEMPLATE = "{{ 7|add:7 }} {% include 'robots.txt' %} {% nosuch %}"


@pytest.fixture
def world() -> World:
    return again(World)


class TestWhatPeopleTypeIsNeverRun:
    def test_a_title_and_a_name_in_the_language_of_templates_are_mailed_as_typed(self):
        owner = make_user(f"Chủ {TEMPLATE}")
        make_staff("moderator")
        submit(make_draft(owner, title=f"Máy {TEMPLATE}"), owner)
        mail = next(mail for mail in Email.objects.all() if owner.email in mail.to)
        assert f"Máy {TEMPLATE}" in mail.subject
        assert f"Chủ {TEMPLATE}" in mail.message
        assert "Disallow" not in mail.subject

    def test_nor_in_the_mails_of_accounts(self, rf):
        user = make_user(f"Khách {TEMPLATE} <b>")
        context = {
            "user": user,
            "password_reset_url": "http://testserver/x/",
            "request": rf.get("/"),
        }
        AccountAdapter().send_mail("account/email/password_reset_key", user.email, context)
        mail = Email.objects.get()
        assert f"Khách {TEMPLATE} <b>" in mail.message
        assert "<b>" not in mail.html_message.replace("<body", "")

    def test_a_line_break_in_a_title_adds_no_header(self):
        owner = make_user()
        submit(make_draft(owner, title="Máy\r\nBcc: ke-xau@mau.example"), owner)
        for mail in Email.objects.all():
            assert "\n" not in mail.subject
            assert mail.bcc == []


class TestOneWayIn:
    @pytest.mark.parametrize(
        "path",
        ["/_util/login/", "/en/_util/login/", "/quan-tri/login/", "/quan-tri/password_reset/"],
    )
    def test_no_log_in_knows_less_than_ours(self, settings, path):
        settings.STAFF_MFA_REQUIRED = True
        staff, browser = make_staff("moderator"), Client()
        shown = browser.get(path, {"next": "/quan-tri/"})
        assert shown.status_code == 404 or shown["Location"].startswith(reverse("account_login"))
        browser.post(path, {"username": staff.email, "password": PASSWORD})
        assert "_auth_user_id" not in browser.session


class TestTheDesk:
    @pytest.mark.parametrize(
        "action",
        ["grant", "revoke", "fix", "remove", "publish", "clash", "repin", "accept", "x", ""],
    )
    def test_a_step_of_another_kind_of_case_is_refused(self, world, action):
        browser = world.client("moderator")
        before = everything()
        for case in (world.case, world.enquiry):
            answer = browser.post(
                reverse("desk:decide", kwargs={"pk": case.pk}),
                {"action": action, "expect": case.seq, "note": "Thử.", "reason": "other"},
            )
            assert answer.status_code in {403, 404}, case.kind
        assert everything() == before

    def test_what_the_desk_hid_its_owner_cannot_show(self, world):
        desk, owner = world.client("moderator"), world.client("owner")
        desk.post(
            reverse(
                "desk:lifecycle", kwargs={"number": world.offer.number_slug, "change": "tam-an"}
            ),
            {"reason": "Chưa rõ nguồn gốc."},
        )
        shown = owner.get(reverse("workspace:entry", kwargs={"number": world.offer.number_slug}))
        assert "chỉ Trung tâm hiện lại được" in shown.content.decode()
        for name in ("workspace:show", "workspace:confirm"):
            owner.post(world.address(name))
            world.offer.refresh_from_db()
            assert (world.offer.lifecycle, world.offer.is_public) == ("on_hold", False), name
        desk.post(
            reverse(
                "desk:lifecycle", kwargs={"number": world.offer.number_slug, "change": "hien-lai"}
            ),
            {"reason": "Đã rõ."},
        )
        owner.post(world.address("workspace:hold"))
        owner.post(world.address("workspace:show"))
        world.offer.refresh_from_db()
        assert world.offer.is_public, "what its owner hid, its owner shows"


class TestStaff:
    def test_an_administrator_cannot_shut_a_superuser_out(self):
        root, administrator = make_staff("administrator"), make_staff("administrator")
        type(root).objects.filter(pk=root.pk).update(is_superuser=True)
        browser = Client()
        browser.force_login(administrator)
        for action in ("set_active_state", "delete", "assign_role"):
            browser.post(
                f"/quan-tri/bulk/accounts/user/{action}/?id={root.pk}&next=/quan-tri/users/",
                {"mark_as_active": "False", "role": root.groups.get().pk},
            )
            root.refresh_from_db()
            assert root.is_active, action
        other = make_user()
        browser.post(
            f"/quan-tri/bulk/accounts/user/set_active_state/?id={other.pk}&next=/quan-tri/users/",
            {"mark_as_active": "False"},
        )
        other.refresh_from_db()
        assert not other.is_active, "an ordinary account may be shut"

    def test_nobody_makes_a_superuser_of_himself(self):
        administrator = make_staff("administrator")
        browser = Client()
        browser.force_login(administrator)
        browser.post(
            f"/quan-tri/users/edit/{administrator.pk}/",
            {
                "email": administrator.email,
                "full_name": "Quản Trị",
                "language": "vi",
                "is_active": "on",
                "is_superuser": "on",
                "is_staff": "on",
                "groups": [administrator.groups.get().pk],
            },
        )
        administrator.refresh_from_db()
        assert administrator.full_name == "Quản Trị"
        assert not administrator.is_superuser

    def test_staff_without_a_role_get_nowhere(self):
        browser = Client()
        browser.force_login(make_user(is_staff=True))
        for path in ("/quan-tri/", reverse("desk:queue"), reverse("desk:entries")):
            assert browser.get(path).status_code == 403

    def test_a_closed_account_is_out_at_once(self, world):
        browser = world.client("owner")
        type(world.owner).objects.filter(pk=world.owner.pk).update(is_active=False)
        assert browser.get(world.address("workspace:entry")).status_code == 302
        link = world.address("confirm_by_link")
        assert Client().get(link).status_code == Client().post(link).status_code == 410


class TestLinksInMails:
    def test_a_confirming_link_dies_with_the_membership(self, world):
        link = reverse(
            "confirm_by_link", kwargs={"token": confirm_token(world.organisation, world.editor)}
        )
        assert Client().get(link).status_code == 200
        world.organisation.memberships.filter(user=world.editor).delete()
        assert Client().get(link).status_code == Client().post(link).status_code == 410

    def test_it_names_the_public_title_not_the_draft(self, world):
        edit(world.organisation, world.owner, name_vi="Tên đang soạn")
        link = world.address("confirm_by_link")
        for answer in (Client().get(link), Client().post(link)):
            assert answer.status_code == 200
            assert "Tên đang soạn" not in answer.content.decode()
            assert "Vàm Lộc" in answer.content.decode()

    @pytest.mark.parametrize(
        "change", [str.swapcase, lambda token: token[:-1], lambda token: "a" * 40]
    )
    def test_a_token_that_is_almost_right_opens_nothing(self, world, change):
        guest = make_user(email=world.invitation.email)
        browser = Client()
        browser.force_login(guest)
        token = change(world.invitation.token)
        address = reverse("workspace:invitation", kwargs={"token": token})
        assert browser.get(address).status_code == browser.post(address).status_code == 410
        assert not world.organisation.memberships.filter(user=guest).exists()

    def test_an_invitation_is_used_once_in_time_and_by_the_invited(self, world):
        guest = make_user(email=world.invitation.email)
        address = world.address("workspace:invitation")
        assert world.client("viewer").post(address).status_code == 403
        browser = Client()
        browser.force_login(guest)
        type(world.invitation).objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert browser.post(address).status_code == 410
        type(world.invitation).objects.update(expires_at=timezone.now() + timedelta(days=1))
        assert browser.post(address).status_code == 302
        assert browser.post(address).status_code == 410
        assert world.organisation.memberships.get(user=guest).role == "editor"


class TestEveryAnswer:
    def test_it_forbids_foreign_scripts_and_frames_and_is_not_kept(self, world, settings):
        settings.SEARCHES_A_MINUTE = 100_000
        for role in ("anonymous", "owner"):
            browser = world.client(role)
            for name in GET:
                answer = browser.get(world.address(name))
                assert "frame-ancestors 'self'" in answer["Content-Security-Policy"], name
                assert answer["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}, name
                assert answer["X-Content-Type-Options"] == "nosniff", name
                if name.startswith(("workspace:", "accounts:")) and answer.status_code == 200:
                    # Short lists of communes are nobody's secret.
                    kept = "no-store" not in answer.get("Cache-Control", "")
                    assert not kept or name == "workspace:communes", name

    def test_no_page_of_ours_needs_a_script_or_style_of_its_own(self, world):
        for role in ("anonymous", "owner", "sender"):
            browser = world.client(role)
            for name in GET:
                answer = browser.get(world.address(name))
                text = answer.content.decode() if "html" in answer.get("Content-Type", "") else ""
                if name.startswith(("desk:", "wagtail")):
                    continue
                assert not re.search(r'\s(style|on[a-z]+)="', text), name
                assert not re.search(r"<style|<script(?![^>]*(src=|json))", text), name
                assert not re.search(r'(src|action|rel="stylesheet" href)="https?://', text), name

    def test_reading_changes_nothing_by_any_harmless_verb(self, world, settings):
        settings.SEARCHES_A_MINUTE = 100_000
        before, mails = everything(), Email.objects.count()
        asked = {"action": "approve", "expect": world.case.seq, "bo": "1", "consent": "on"}
        for role in ("owner", "sender", "moderator", "administrator"):
            browser = world.client(role)
            browser.raise_request_exception = False
            for name in GET:
                address = world.address(name)
                answers = [browser.get(address, asked), browser.head(address, asked)]
                answers += [getattr(browser, verb)(address) for verb in OTHER_VERBS]
                assert all(answer.status_code < 500 for answer in answers), name
            assert everything() == before, role
        assert Email.objects.count() == mails

    def test_cookies_and_transport_in_production(self):
        names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
                 "SECURE_SSL_REDIRECT", "STAFF_MFA_REQUIRED")  # fmt: skip
        check = (
            "from portal.settings import production as at\n"
            f"assert all(getattr(at, name) is True for name in {names})\n"
            "assert at.DEBUG is False and at.SECURE_HSTS_SECONDS >= 31_536_000\n"
            "assert '*' not in at.ALLOWED_HOSTS\n"
        )
        secrets = dict.fromkeys(("SECRET_KEY", "IDENTIFIER_KEY", "EMAIL_HOST"), "x" * 60)
        environment = secrets | {
            "ALLOWED_HOSTS": "hub.example",
            "SITE_URL": "https://hub.example",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": "site:.",
        }
        done = subprocess.run(
            [sys.executable, "-c", check],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


class TestForgedHeaders:
    @pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "https://evil.example"])
    def test_a_forged_origin_is_refused_not_a_failure(self, world, origin):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(world.owner)
        before = everything()
        address, data = world.address("workspace:step"), {"writer": str(world.owner.pk)}
        for header in ("origin", "referer"):
            answer = browser.post(address, data, headers={header: origin})
            assert answer.status_code == 403, header
        assert everything() == before
        assert "workspace_kept" not in browser.session

    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:80", "a b", "[", "testserver@x"]
    )
    def test_a_forged_host_gets_a_page_that_says_no(self, client, host):
        answer = client.get("/", headers={"host": host})
        assert answer.status_code == 400
        assert "evil.example" not in answer.content.decode()

    def test_a_failing_address_writes_one_line_in_the_log(self, rf, caplog):
        from portal.errors import server_error

        with caplog.at_level(logging.ERROR):
            server_error(rf.get("/x%0aERROR%20gia"))
        assert "\nERROR gia" not in caplog.records[0].getMessage()


class TestPersonalNumbers:
    def verified(self, code: str) -> Any:
        owner = make_user()
        entry = make_draft(owner, title="Hộ kinh doanh Út Mười")
        claim_tax_code(entry, owner, code)
        case = submit(entry, owner)
        moderation.approve(case, make_staff("moderator"), expect=case.seq)
        assert entry.identifiers.get().state == Identifier.State.VERIFIED
        return entry

    def test_typing_a_persons_number_tells_nobody_whose_it_is(self, client):
        self.verified(PERSONAL_CODE)
        curious = make_user()
        mine = make_draft(curious, title="Của tôi")
        client.force_login(curious)
        url = reverse("workspace:step", kwargs={"number": mine.number_slug, "step": "ten"})
        data = {"latest_revision": mine.content.latest_revision_id, "name_vi": "Của tôi",
                "tax_code": PERSONAL_CODE, "roles-0-role": "startup"}  # fmt: skip
        answer = client.post(url, data, follow=True)
        assert "Út Mười" not in answer.content.decode()

        # The desk finds out: two entries state one number, and the second is not verified.
        case = submit(mine, curious)
        desk = Client()
        desk.force_login(make_staff("moderator"))
        assert "Út Mười" in desk.get(reverse("desk:case", kwargs={"pk": case.pk})).content.decode()
        refused = desk.post(
            reverse("desk:decide", kwargs={"pk": case.pk}),
            {"action": "approve", "expect": case.seq},
        )
        assert refused.status_code == 400
        assert mine.identifiers.get().state == Identifier.State.CLAIMED


class TestFloods:
    """A script with an account cannot fill the desk, the disk or the moderators' mailboxes."""

    def test_certificates_are_stated_at_a_human_pace(self, world):
        browser, address = world.client("owner"), world.address("workspace:recognitions")
        data = {"type": "startup", "issuer": "Sở", "issued_on": "01/01/2020"}
        codes = [browser.post(address, data | {"number": str(n)}).status_code for n in range(12)]
        assert codes == [302] * 10 + [429] * 2
        assert world.organisation.recognitions.count() == 1 + 10
        assert "Quá nhiều yêu cầu" in browser.post(address, data | {"number": "x"}).content.decode()

    def test_entries_are_begun_at_a_human_pace(self, world):
        browser = world.client("stranger")
        address = reverse("workspace:create_kind", kwargs={"kind": "to-chuc"})
        data = {"latest_revision": "0", "roles-0-role": "startup"}
        codes = [
            browser.post(address, data | {"name_vi": f"Tên {n}"}).status_code for n in range(32)
        ]
        assert codes == [302] * 30 + [429] * 2
        refused = browser.post(address, data | {"name_vi": "Tên tôi vừa gõ"})
        assert "Quá nhiều yêu cầu" in refused.content.decode()
        assert "Tên tôi vừa gõ" in refused.content.decode(), "nothing typed is lost"

    def test_a_script_that_submits_and_withdraws_writes_few_mails(self, world, monkeypatch):
        from registry.workspace import views_entries

        monkeypatch.setattr(views_entries, "SUBMITTED_AT_MOST", 3)
        browser = world.client("owner")
        at = {"number": world.draft.number_slug}
        for _ in range(5):
            world.draft.refresh_from_db()
            browser.post(
                reverse("workspace:submit", kwargs=at),
                {"latest_revision": world.draft.content.latest_revision_id},
            )
            case = world.draft.cases.order_by("-pk")[0]
            browser.post(reverse("workspace:withdraw", kwargs=at), {"seq": case.seq})
        assert world.draft.cases.count() == 3

    @pytest.mark.parametrize(
        ("path", "data", "most"),
        [
            ("/tai-khoan/login/", {"login": "a@mau.example", "password": "sai"}, 40),
            ("/tai-khoan/password/reset/", {"email": "a@mau.example"}, 10),
            ("/tai-khoan/signup/", {"email": "a@mau.example", "password1": "x"}, 25),
        ],
    )
    def test_guessing_is_slowed(self, path, data, most):
        cache.clear()
        answers = [Client().post(path, data) for _ in range(most)]
        cache.clear()
        assert answers[-1].status_code == 429
        assert "Quá nhiều" in answers[-1].content.decode()


class TestEnumeration:
    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("/tai-khoan/login/", {"password": "sai sai sai"}),
            ("/tai-khoan/password/reset/", {}),
            (
                "/tai-khoan/signup/",
                {"password1": "mot mat khau dai", "full_name": "Lê A", "consent_account": "on"},
            ),
        ],
    )
    def test_nobody_learns_who_has_an_account(self, world, path, data):
        pages = []
        for address in (world.owner.email, "khong-co@mau.example"):
            cache.clear()
            answer = Client().post(path, data | {"email": address, "login": address}, follow=True)
            text = answer.content.decode().replace(address, "")
            pages.append((answer.redirect_chain, re.sub(r'value="[^"]{64}"', "", text)))
        assert pages[0] == pages[1]


class TestRedirects:
    @pytest.mark.parametrize(
        "wanted",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "http:///evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/x\r\nSet-Cookie: a=b",
        ],
    )
    def test_no_address_leads_away_or_breaks_a_header(self, world, wanted):
        cache.clear()
        data = {"login": world.owner.email, "password": PASSWORD, "next": wanted}
        browser = Client()
        answers = [
            browser.post("/tai-khoan/login/", data),
            browser.get("/tai-khoan/login/", {"next": wanted}),
            browser.post("/tai-khoan/logout/", {"next": wanted}),
            browser.get("/quan-tri/login/", {"next": wanted}),
        ]
        for answer in answers:
            assert answer.status_code == 302
            assert answer["Location"].startswith("/")
            assert not answer["Location"].startswith(("//", "/\\"))
            assert "evil" not in answer["Location"].partition("?")[0]
            assert "Set-Cookie" not in dict(answer.headers)
