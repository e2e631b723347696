"""Two people, or two clicks, at the same moment: one effect, and a message for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from registry.cases.models import Case, CaseEvent
from registry.directory.members import invite
from registry.directory.models import Entry, Identifier, Membership
from registry.directory.selectors import latest_revision_id
from registry.directory.services import archive, claim_tax_code
from registry.marketplace.models_enquiry import Enquiry
from registry.moderation import services as moderation
from tests.factories import edit, join, make_draft, make_live, make_staff, make_user, submit
from tests.factories.enquiries import answer_url, enquire_url, form, send, verified

pytestmark = pytest.mark.django_db(transaction=True)


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things in threads that start together; return what each gave back."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in results, "one of them failed"
    return results


def post(client: Client, address: str, data: dict[str, Any]) -> Callable[[], int]:
    return lambda: client.post(address, data).status_code


def codes_of(*acts: Callable[[], int]) -> list[int]:
    found = at_once(*acts)
    assert all(code < 500 for code in found)
    return sorted(found)


def test_signing_up_twice_makes_one_account():
    data = {
        "full_name": "Trần Thị Lụa",
        "email": "lua@htx.example",
        "password1": "dừa-sáp-cầu-kè-2026",
        "consent_account": "on",
    }
    codes_of(*(post(Client(), reverse("account_signup"), data) for _ in range(3)))
    assert get_user_model().objects.filter(email=data["email"]).count() == 1


def test_an_enquiry_sent_twice_arrives_once():
    entry, sender = make_live(verified("Chủ"), title="Vàm Lộc"), verified("Người Hỏi")
    clients = [browser_of(sender) for _ in range(4)]
    codes = codes_of(*(post(client, enquire_url(entry), form()) for client in clients))
    assert codes == [302, 422, 422, 422]
    assert Enquiry.objects.count() == 1


def test_accepting_and_declining_at_once_is_one_answer():
    owner, editor = verified("Chủ"), make_user("Người Sửa")
    entry = make_live(owner, title="Vàm Lộc", phone="0270 399 9999")
    join(entry, editor, "editor")
    case = send(entry, verified("Người Hỏi"))
    codes = codes_of(
        post(browser_of(owner), answer_url(case), {"action": "accept", "seq": case.seq}),
        post(
            browser_of(editor),
            answer_url(case),
            {"action": "decline", "seq": case.seq, "reason": "price"},
        ),
    )
    assert codes == [302, 409]
    case.refresh_from_db()
    assert case.seq == 2
    told = Email.objects.filter(to__icontains=case.opener.email)
    assert told.count() == 2, "that it was forwarded, and one answer"


def test_an_invitation_taken_twice_makes_one_member():
    owner, guest = make_user(), make_user()
    entry = make_live(owner, title="Vàm Lộc")
    invitation = invite(entry, owner, email=guest.email, role="editor")
    address = reverse("workspace:invitation", kwargs={"token": invitation.token})
    codes = codes_of(*(post(browser_of(guest), address, {}) for _ in range(3)))
    assert codes == [302, 410, 410]
    assert Membership.objects.filter(entry=entry, user=guest).count() == 1


def test_two_owners_who_leave_at_once_leave_one_behind():
    first, second = make_user(), make_user()
    entry = make_live(first, title="Vàm Lộc")
    join(entry, second, "owner")
    acts = []
    for member in entry.memberships.all():
        at = {"number": entry.number_slug, "member": member.pk}
        acts.append(
            post(browser_of(member.user), reverse("workspace:member_remove", kwargs=at), {})
        )
    assert codes_of(*acts) == [302, 302]
    assert entry.memberships.filter(role="owner").count() == 1


def test_hiding_while_the_desk_approves_keeps_both():
    owner, moderator = make_user(), make_staff("moderator")
    entry = make_live(owner, title="Vàm Lộc", moderator=moderator)
    edit(entry, owner, name_vi="Vàm Lộc Mới")
    case = submit(entry, owner)
    assert case is not None
    codes_of(
        post(
            browser_of(moderator),
            reverse("desk:decide", kwargs={"pk": case.pk}),
            {"action": "approve", "expect": case.seq},
        ),
        post(
            browser_of(owner), reverse("workspace:hold", kwargs={"number": entry.number_slug}), {}
        ),
    )
    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.lifecycle, entry.is_public) == ("on_hold", False)
    assert entry.content.title == "Vàm Lộc Mới"


def test_an_offer_approved_while_its_organisation_hides_is_hidden_with_it():
    owner, moderator = make_user(), make_staff("moderator")
    organisation = make_live(owner, title="Vàm Lộc", moderator=moderator)
    offer = make_draft(owner, "offer", title="Máy sấy hai nguồn nhiệt", organisation=organisation)
    case = submit(offer, owner)
    assert case is not None
    codes_of(
        post(
            browser_of(moderator),
            reverse("desk:decide", kwargs={"pk": case.pk}),
            {"action": "approve", "expect": case.seq},
        ),
        post(
            browser_of(owner),
            reverse("workspace:hold", kwargs={"number": organisation.number_slug}),
            {},
        ),
    )
    assert Entry.objects.public().count() == 0


def test_taking_an_entry_off_while_the_desk_approves_ends_with_it_off():
    owner, moderator = make_user(), make_staff("moderator")
    entry = make_live(owner, title="Vàm Lộc", moderator=moderator)
    edit(entry, owner, name_vi="Vàm Lộc Mới")
    case = submit(entry, owner)
    assert case is not None
    send(entry, verified("Người Hỏi"))

    def take_off() -> str:
        return archive(entry, moderator, reason="Trùng").lifecycle

    decided = post(
        browser_of(moderator),
        reverse("desk:decide", kwargs={"pk": case.pk}),
        {"action": "approve", "expect": case.seq},
    )
    code, lifecycle = at_once(decided, take_off)
    assert code < 500
    assert lifecycle == "archived"
    assert not Entry.objects.get(pk=entry.pk).is_public
    assert not Case.objects.open().filter(kind="enquiry").exists()


def test_throwing_a_draft_away_twice_is_one_deletion():
    owner = make_user()
    entry = make_draft(owner, title="Vàm Lộc")
    address = reverse("workspace:discard", kwargs={"number": entry.number_slug})
    codes_of(*(post(browser_of(owner), address, {}) for _ in range(3)))
    assert not Entry.objects.filter(pk=entry.pk).exists()


def test_submitting_from_two_tabs_opens_one_case():
    owner = make_user()
    entry = make_draft(owner, title="Vàm Lộc")
    data = {"latest_revision": latest_revision_id(entry)}
    address = reverse("workspace:submit", kwargs={"number": entry.number_slug})
    codes_of(*(post(browser_of(owner), address, data) for _ in range(3)))
    assert Case.objects.filter(kind="moderation").count() == 1
    assert CaseEvent.objects.count() == 1


def test_saving_from_two_tabs_keeps_one_and_tells_the_other():
    owner = make_user()
    entry = make_draft(owner, title="Vàm Lộc")
    address = reverse("workspace:step", kwargs={"number": entry.number_slug, "step": "gioi-thieu"})
    data = {"latest_revision": latest_revision_id(entry), "description_vi": "Giới thiệu."}
    codes = codes_of(
        *(post(browser_of(owner), address, data | {"summary_vi": f"Bản {n}"}) for n in range(3))
    )
    assert codes == [302, 409, 409]


def test_one_tax_code_is_verified_for_one_of_two():
    moderators = [make_staff("moderator"), make_staff("moderator")]
    cases = []
    for title in ("Vàm Lộc", "Vàm Mới"):
        owner = make_user()
        entry = make_draft(owner, title=title)
        claim_tax_code(entry, owner, "0100109106")
        cases.append(submit(entry, owner))
    acts = [
        post(
            browser_of(moderator),
            reverse("desk:decide", kwargs={"pk": case.pk}),
            {"action": "approve", "expect": case.seq},
        )
        for moderator, case in zip(moderators, cases, strict=True)
        if case is not None
    ]
    assert codes_of(*acts) == [302, 400]
    assert Identifier.objects.filter(state=Identifier.State.VERIFIED).count() == 1
    assert Entry.objects.public().count() == 1


def test_withdrawing_while_the_desk_decides_is_one_of_both():
    owner, moderator = make_user(), make_staff("moderator")
    entry = make_draft(owner, title="Vàm Lộc")
    case = submit(entry, owner)
    assert case is not None
    codes_of(
        post(
            browser_of(moderator),
            reverse("desk:decide", kwargs={"pk": case.pk}),
            {"action": "approve", "expect": case.seq},
        ),
        post(
            browser_of(owner),
            reverse("workspace:withdraw", kwargs={"number": entry.number_slug}),
            {"seq": case.seq},
        ),
    )
    case.refresh_from_db()
    entry = Entry.objects.get(pk=entry.pk)
    assert (case.state, entry.is_public) in {("published", True), ("withdrawn", False)}
    assert moderation.open_review(entry) is None
