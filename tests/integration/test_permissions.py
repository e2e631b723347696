"""Who may open which address: every view of ours has a row, for every role there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from wagtail.models import Revision

from cms.sharing import cards
from registry.cases.models import Case, CaseEvent
from registry.directory.members import invite
from registry.directory.models import Entry, Identifier, Invitation, Membership, Recognition
from registry.marketplace.selectors import number_slug
from registry.moderation.freshness import confirm_token
from registry.moderation.services import claim_recognition
from tests.factories import edit, join, make_draft, make_live, make_staff, make_user, submit
from tests.factories.enquiries import send
from tests.integration.editor_support import small_site
from tests.snapshots import again

pytestmark = pytest.mark.django_db

OURS = {"registry", "search", "cms", "portal"}
ROLES = (
    "anonymous",
    "stranger",
    "other_owner",
    "viewer",
    "editor",
    "owner",
    "moderator",
    "staff_editor",
    "broker",
    "administrator",
)
#: What each role gets, in the order of ROLES: 200, l(og-in, 302), 403, 404, or another 3xx as `>`.
PUBLIC = "200 200 200 200 200 200 200 200 200 200"
SIGNED_IN = "l 200 200 200 200 200 200 200 200 200"
READERS = "l 404 404 200 200 200 404 404 404 404"
WRITERS = "l 404 404 403 200 200 404 404 404 404"
#: Changes are made by POST; whoever may, is led from GET to the entry.
WRITERS_POST = "l 404 404 403 > > 404 404 404 404"
POST_ONLY = "l 405 405 405 405 405 405 405 405 405"
#: Staff of other rooms are led back to the admin's front page, everyone else is refused.
DESK = "l 403 403 403 403 403 200 > > 200"
DESK_POST = "l 403 403 403 403 403 405 > > 405"
STAFF = "l 403 403 403 403 403 200 200 200 200"
#: Of the staff only those who write pages.
STAFF_PAGES = "l 403 403 403 403 403 > 200 > 200"
ADMINISTRATORS = "l 403 403 403 403 403 > > > 200"
VOCABULARY = "l 403 403 403 403 403 > 200 > 200"
EDITORS = VOCABULARY
ABSENT = "404 404 404 404 404 404 404 404 404 404"

#: URL name → what GET answers. A new view without a row fails the test below.
GET: dict[str, str] = {
    "accounts:close": SIGNED_IN,
    "accounts:consent": POST_ONLY,
    "accounts:data": SIGNED_IN,
    "accounts:profile": SIGNED_IN,
    "archive_copy": ABSENT,
    "confirm_by_link": PUBLIC,
    "desk:case": DESK,
    "desk:correct": DESK,
    "desk:decide": DESK_POST,
    "desk:enter": DESK,
    "desk:entries": DESK,
    "desk:entry": DESK,
    "desk:grant": DESK,
    "desk:invite": DESK_POST,
    "desk:lifecycle": DESK_POST,
    "desk:next": "l 403 403 403 403 403 > > > >",
    "desk:preview": DESK,
    "desk:queue": DESK,
    "desk:recognition": DESK_POST,
    "directory:image": ABSENT,
    "directory:lab": ABSENT,
    "directory:offer": PUBLIC,
    "directory:organisation": PUBLIC,
    "editordesk:broken_links": EDITORS,
    "editordesk:broken_links_results": EDITORS,
    "editordesk:stale_pages": EDITORS,
    "editordesk:stale_pages_results": EDITORS,
    "entry_chooser:choose": STAFF,
    "entry_chooser:choose_results": STAFF,
    "entry_chooser:chosen": STAFF,
    "entry_chooser:chosen_multiple": STAFF,
    "feeds:calendar": PUBLIC,
    "feeds:call": ABSENT,
    "feeds:event": ABSENT,
    "feeds:room": PUBLIC,
    "feeds:section": PUBLIC,
    "health": PUBLIC,
    "listing_chooser:choose": STAFF,
    "listing_chooser:choose_results": STAFF,
    "listing_chooser:chosen": STAFF,
    "listing_chooser:chosen_multiple": STAFF,
    "marketplace:enquire": SIGNED_IN,
    "marketplace_compare:compare": PUBLIC,
    "moderation:report": PUBLIC,
    "moderation:reported": PUBLIC,
    "organisation_chooser:choose": STAFF,
    "organisation_chooser:choose_results": STAFF,
    "organisation_chooser:chosen": STAFF,
    "organisation_chooser:chosen_multiple": STAFF,
    "page_create": STAFF_PAGES,
    "page_edit": STAFF_PAGES,
    "search:all": PUBLIC,
    "search:directory": PUBLIC,
    "search:market": PUBLIC,
    "search:suggest": "> > > > > > > > > >",
    "search_missed": VOCABULARY,
    "search_retry_tasks": "l 403 403 403 403 403 405 405 405 405",
    "search_tasks": ADMINISTRATORS,
    "search_try_group": "l 403 403 403 403 403 > 405 > 405",
    "share_image": PUBLIC,
    "sitemap": PUBLIC,
    "sitemap_part": PUBLIC,
    "support:eligibility": PUBLIC,
    "support:measure": ABSENT,
    "support:profile": READERS,
    "support:profiles": "l 200 > > > > 200 200 200 200",
    "support_try": "l 403 403 403 403 403 > 405 > 405",
    "styleguide": "l 403 403 403 403 403 200 200 200 200",
    "synonyms:add": VOCABULARY,
    "theme": "405 405 405 405 405 405 405 405 405 405",
    "translation_review": EDITORS,
    "translations_report": EDITORS,
    "translations_report_results": EDITORS,
    "wagtailusers_users:add": ADMINISTRATORS,
    "wagtailusers_users:edit": ADMINISTRATORS,
    "wagtailsnippets_support_supportmeasure:add": EDITORS,
    "wagtaildocs_serve": ABSENT,
    "workspace:clone": WRITERS_POST,
    "workspace:communes": SIGNED_IN,
    "workspace:confirm": WRITERS_POST,
    "workspace:create": SIGNED_IN,
    "workspace:create_kind": SIGNED_IN,
    "workspace:discard": WRITERS,
    "workspace:enquiries": SIGNED_IN,
    "workspace:enquiry": READERS,
    "workspace:enquiry_answer": "405 405 405 405 405 405 405 405 405 405",
    "workspace:entries": SIGNED_IN,
    "workspace:entry": READERS,
    "workspace:hold": WRITERS_POST,
    "workspace:home": SIGNED_IN,
    # Only the invited address may read an invitation.
    "workspace:invitation": "l 403 403 403 403 403 403 403 403 403",
    # The membership asked about is the viewer's own: they may leave.
    "workspace:member_remove": "l 404 404 200 403 200 404 404 404 404",
    "workspace:member_role": "405 405 405 405 405 405 405 405 405 405",
    "workspace:members": "l 200 > > > > 200 200 200 200",
    "workspace:members_of": READERS,
    "workspace:preview": READERS,
    "workspace:recognitions": READERS,
    "workspace:show": WRITERS_POST,
    "workspace:step": WRITERS,
    "workspace:submit": WRITERS_POST,
    "workspace:uninvite": "405 405 405 405 405 405 405 405 405 405",
    "workspace:withdraw": WRITERS,
}
#: Addresses anyone signed in may post to about themselves.
OWN = {"accounts:close", "accounts:consent", "accounts:data", "accounts:profile"}
REFUSALS = {"l", "403", "404", "405"}


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    """Yield (name, module) of every pattern below the resolver."""
    for item in resolver.url_patterns:
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from patterns(item, inner)
        elif isinstance(item, URLPattern) and item.name:
            yield f"{namespace}{item.name}", getattr(item.callback, "__module__", "")


def our_views() -> set[str]:
    return {name for name, module in patterns(get_resolver()) if module.split(".")[0] in OURS}


class World:
    """One organisation with everything an address may point at, and somebody in every role."""

    def __init__(self) -> None:
        self.owner = verified("Chủ Hồ Sơ")
        self.moderator = make_staff("moderator")
        self.organisation = make_live(self.owner, title="Vàm Lộc", moderator=self.moderator)
        self.offer = make_live(
            self.owner,
            "offer",
            title="Máy sấy",
            organisation=self.organisation,
            moderator=self.moderator,
        )
        self.draft = make_draft(self.owner, "offer", title="Nháp", organisation=self.organisation)
        edit(self.offer, self.owner, teaser_vi="Chờ duyệt")
        self.case = submit(self.offer, self.owner)
        self.viewer, self.editor = make_user("Người Xem"), make_user("Người Sửa")
        self.viewer_membership = join(self.organisation, self.viewer, "viewer")
        join(self.organisation, self.editor, "editor")
        self.other_owner = verified("Chủ Khác")
        make_live(self.other_owner, title="Tổ chức khác", moderator=self.moderator)
        self.stranger = make_user("Người Lạ")
        self.sender = verified("Người Hỏi")
        self.enquiry = send(self.organisation, self.sender)
        self.invitation = invite(
            self.organisation, self.owner, email="moi@mau.example", role="editor"
        )
        self.recognition = Recognition(type="startup", number="01")
        self.recognition_case = claim_recognition(self.organisation, self.owner, self.recognition)
        self.staff_editor = make_staff("editor")
        self.broker = make_staff("broker")
        self.news = small_site()
        self.administrator = make_staff("administrator")

    def client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(getattr(self, role))
        return client

    def address(self, name: str) -> str:
        """Return an address of that name about this world."""
        return reverse(name, kwargs=self.arguments(name))

    def arguments(self, name: str) -> dict[str, Any]:
        organisation, offer = self.organisation.number_slug, self.offer.number_slug
        by_name: dict[str, dict[str, Any]] = {
            "accounts:consent": {"purpose": "news"},
            "confirm_by_link": {"token": confirm_token(self.organisation, self.owner)},
            "desk:lifecycle": {"number": offer, "change": "tam-an"},
            "desk:recognition": {"number": organisation, "pk": self.recognition.pk},
            "directory:image": {"uid": "khongco", "width": 480},
            "directory:lab": {"slug": "khong-co", "number": "tn-9999"},
            "directory:offer": {"slug": self.offer.slug, "number": offer},
            "directory:organisation": {"slug": self.organisation.slug, "number": organisation},
            "feeds:call": {"number": "gt-9999"},
            "feeds:event": {"number": "sk-9999"},
            "feeds:room": {"room": "tim-kiem", "form": "rss"},
            "feeds:section": {"section": "tin-tuc", "form": "atom"},
            "entry_chooser:chosen": {"pk": self.organisation.pk},
            "listing_chooser:chosen": {"pk": self.offer.pk},
            "organisation_chooser:chosen": {"pk": self.organisation.pk},
            "archive_copy": {"pk": 999_999},
            "page_create": {
                "content_type_app_name": "news",
                "content_type_model_name": "newspage",
                "parent_page_id": self.news.pk,
            },
            "page_edit": {"page_id": self.news.pk},
            "sitemap_part": {"part": "ho-so"},
            "support:measure": {"slug": "khong-co", "number": "ht-9999"},
            "support:profile": {"number": organisation},
            "translation_review": {"pk": self.news.pk},
            "share_image": {"signed": cards.sign(cards.card("Máy sấy"))},
            "workspace:create_kind": {"kind": "to-chuc"},
            "workspace:discard": {"number": self.draft.number_slug},
            "workspace:enquiry": {"slug": number_slug(self.enquiry)},
            "workspace:enquiry_answer": {"slug": number_slug(self.enquiry)},
            "workspace:invitation": {"token": self.invitation.token},
            "workspace:step": {"number": offer, "step": "gioi-thieu"},
            "wagtaildocs_serve": {"document_id": 999_999, "filename": "khong-co.pdf"},
            "wagtailusers_users:edit": {"pk": self.stranger.pk},
        }
        if name in by_name:
            return by_name[name]
        if name.startswith("desk:") and name.split(":")[1] in {"case", "decide", "next", "preview"}:
            return {"pk": self.case.pk}
        if name in {"workspace:member_role", "workspace:member_remove"}:
            return {"number": organisation, "member": self.viewer_membership.pk}
        if name == "workspace:uninvite":
            return {"number": organisation, "invitation": self.invitation.pk}
        if name in {"workspace:members_of", "workspace:recognitions", "desk:invite", "desk:grant"}:
            return {"number": organisation}
        if takes_number(name):
            return {"number": offer}
        return {}


def takes_number(name: str) -> bool:
    views = {"desk:entry", "desk:correct", "marketplace:enquire"}
    return name in views or (
        name.startswith(("moderation:", "workspace:"))
        and name
        not in {
            "workspace:home",
            "workspace:entries",
            "workspace:create",
            "workspace:communes",
            "workspace:members",
            "workspace:enquiries",
        }
    )


def verified(name: str) -> Any:
    user = make_user(name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code_of(response: Any) -> str:
    if response.status_code in {301, 302, 303}:
        return "l" if "/tai-khoan/login/" in response["Location"] else ">"
    return str(response.status_code)


@pytest.fixture
def world() -> World:
    return again(World)


def test_every_view_has_a_row():
    assert our_views() == set(GET)
    assert all(len(row.split()) == len(ROLES) for row in GET.values())


@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_what(world, role):
    client, column = world.client(role), ROLES.index(role)
    wrong = {}
    for name, row in GET.items():
        wanted, got = row.split()[column], code_of(client.get(world.address(name)))
        if got != wanted:
            wrong[name] = f"{got}, not {wanted}"
    assert not wrong


def everything() -> list[Any]:
    """Return what a forbidden POST could have changed."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Entry, Case, CaseEvent, Membership, Invitation, Recognition, Identifier)
    ] + [list(Revision.objects.order_by("pk").values_list("pk", flat=True))]


@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_not_open_a_page_changes_nothing_by_posting_to_it(world, role):
    client, column = world.client(role), ROLES.index(role)
    before = everything()
    data = {
        "latest_revision": world.offer.content.latest_revision_id,
        "expect": 1,
        "seq": 1,
        "action": "approve",
        "transition": "approve",
        "role": "owner",
        "email": "ke-xau@mau.example",
        "reason": "other",
        "note": "Phá.",
        "title_vi": "Đã bị sửa",
    }
    for name, row in GET.items():
        if row.split()[column] not in REFUSALS or name in OWN:
            continue
        if row.split()[column] == "405" and may_post(role, name):
            continue
        verb = "accept" if name == "workspace:enquiry_answer" else "approve"
        answer = client.post(world.address(name), data | {"action": verb, "consent": "on"})
        assert code_of(answer) in REFUSALS | {">"}, name
        assert everything() == before, name


def may_post(role: str, name: str) -> bool:
    """Whether the role has the rights behind an address that only takes POST."""
    if name.startswith("desk:"):
        return role in {"moderator", "administrator"}
    if name in {"search_try_group", "support_try"}:
        return role in {"staff_editor", "administrator"}
    if name == "workspace:enquiry_answer":
        return role in {"editor", "owner"}
    return name in {"workspace:member_role", "workspace:uninvite"} and role == "owner"


def test_the_english_addresses_are_guarded_alike(world):
    for name in ("workspace:entry", "desk:queue", "accounts:data"):
        with translation.override("en"):
            address = world.address(name)
        assert code_of(world.client("anonymous").get(address)) in {"l", ">"}
        if name == "workspace:entry":
            assert address.startswith("/en/")
            assert world.client("other_owner").get(address).status_code == 404


def test_no_group_may_touch_content_around_the_services():
    from django.contrib.auth.models import Permission

    guarded = {"directory", "marketplace", "cases", "events", "competitions"}
    granted = Permission.objects.filter(group__isnull=False, content_type__app_label__in=guarded)
    verbs = ("add_", "change_", "delete_", "publish_")
    assert not [item.codename for item in granted if item.codename.startswith(verbs)]
