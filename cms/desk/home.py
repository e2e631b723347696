"""What the admin's front page tells a writer of pages: what waits, what is due, what to begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState
from wagtail.permissions import page_permission_policy

from cms.awards.models import AwardProgrammePage
from cms.desk.reaching import broken_by_page
from cms.desk.reports import edit_address, editable, stale
from cms.events.models import EventIndexPage, EventPage, Status
from cms.news.models import NewsIndexPage

#: So many pages are named; the number tells of the rest.
NAMED = 4
#: An event without materials is named this long before it begins, and this long after it is over.
BEFORE, AFTER = timedelta(days=14), timedelta(days=60)
WRITING = ("add", "change", "publish")


@dataclass(slots=True)
class Pile:
    """One pile of work: how much there is, the first of it, where the rest stands."""

    label: str
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    count: int = 0
    url: str = ""
    #: Asks to be dealt with, where there is any.
    urgent: bool = False


class EditorsPanel(Component):
    """The panel; nothing for who writes no pages."""

    name = "editors"
    template_name = "cms/desk/home_panel.html"
    order = 30

    def render_html(self, parent_context: Mapping[str, Any] | None = None) -> str:
        """Return the panel for a writer of pages."""
        user = parent_context["request"].user if parent_context else None
        if not page_permission_policy.user_has_any_permission(user, WRITING):
            return ""
        return str(super().render_html(parent_context))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the piles and the buttons."""
        user = parent_context["request"].user
        piles = [_drafts(user), _to_review(user), _scheduled(user), *_events(user)]
        return {
            "begin": _begin(user),
            "piles": [pile for pile in piles if pile.count],
            "numbers": [_broken(user), _stale(user)],
        }

    @property
    def media(self) -> Media:
        """Return the panel's own rules."""
        return Media(css={"all": ["editors/home.css"]})


def _row(page: Page, note: Any = "") -> tuple[str, str, str]:
    return (str(page.draft_title or page.title), edit_address(page.pk), str(note))


def _drafts(user: Any) -> Pile:
    pages = Page.objects.filter(has_unpublished_changes=True, latest_revision__user=user)
    pages = pages.order_by("-latest_revision_created_at")
    rows = [_row(page) for page in pages[: NAMED + 1]]
    count = len(rows) if len(rows) <= NAMED else pages.count()
    return Pile(gettext("Bản nháp của bạn"), rows[:NAMED], count)


def _to_review(user: Any) -> Pile:
    states = TaskState.objects.reviewable_by(user).order_by("started_at")
    states = states.select_related("workflow_state__requested_by").prefetch_related(
        "workflow_state__content_object"
    )
    waiting = list(states)
    rows = [
        _row(state.workflow_state.content_object, state.workflow_state.requested_by or "")
        for state in waiting[:NAMED]
        if isinstance(state.workflow_state.content_object, Page)
    ]
    url = reverse("wagtailadmin_reports:workflow_tasks")
    return Pile(gettext("Chờ bạn duyệt"), rows, len(waiting), url, urgent=True)


def _scheduled(user: Any) -> Pile:
    pages = page_permission_policy.instances_user_has_any_permission_for(user, WRITING)
    pages = pages.filter(latest_revision__approved_go_live_at__isnull=False)
    pages = pages.order_by("latest_revision__approved_go_live_at").select_related("latest_revision")
    found = list(pages[: NAMED * 5])
    rows = [_row(page, _moment(page.latest_revision.approved_go_live_at)) for page in found[:NAMED]]
    return Pile(gettext("Hẹn giờ đăng"), rows, len(found))


def _events(user: Any) -> list[Pile]:
    """Return events soon without materials, and events that are over without any."""
    now = timezone.now()
    pages = EventPage.objects.live().filter(alias_of__isnull=True, locale__language_code="vi")
    pages = pages.filter(
        starts_at__lt=now + BEFORE, ends_at__gt=now - AFTER, status=Status.ANNOUNCED
    )
    permitted = page_permission_policy.instances_user_has_any_permission_for(user, WRITING)
    bare = [
        page for page in pages.filter(pk__in=permitted).order_by("starts_at") if not page.materials
    ]
    coming = [page for page in bare if page.starts_at > now]
    over = [page for page in bare if page.ends_at < now]
    return [
        Pile(label, [_row(page, _moment(page.starts_at)) for page in part[:NAMED]], len(part))
        for label, part in (
            (gettext("Sự kiện sắp diễn ra chưa có tài liệu"), coming),
            (gettext("Sự kiện đã xong chưa có tài liệu"), over),
        )
    ]


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%H:%M, %d/%m/%Y")


def _broken(user: Any) -> Pile:
    counts = broken_by_page()
    mine = editable(user).filter(pk__in=counts).values_list("pk", flat=True) if counts else ()
    url = reverse("editordesk:broken_links")
    count = sum(counts[pk] for pk in mine)
    return Pile(gettext("liên kết hỏng"), count=count, url=url, urgent=True)


def _stale(user: Any) -> Pile:
    url = reverse("editordesk:stale_pages")
    return Pile(gettext("trang hơn một năm chưa xem lại"), count=stale(user).count(), url=url)


# --- what to begin ------------------------------------------------------------------------------------


def _begin(user: Any) -> list[dict[str, Any]]:
    """Return the buttons a person may use: label, and one or more (name, address)."""
    parents = (
        Page.objects.type(NewsIndexPage, EventIndexPage, AwardProgrammePage)
        .filter(alias_of__isnull=True, locale__language_code="vi")
        .order_by("path")
        .specific(defer=True)
    )
    under: dict[type[Page], list[Page]] = {}
    for page in parents:
        if page.permissions_for_user(user).can_add_subpage():
            under.setdefault(page.specific_class, []).append(page)
    buttons = (
        (gettext("Viết tin"), NewsIndexPage, ("news", "newspage")),
        (gettext("Thêm sự kiện"), EventIndexPage, ("eventpages", "eventpage")),
        (gettext("Thêm đợt giải thưởng"), AwardProgrammePage, ("awardpages", "callpage")),
    )
    return [
        {"label": label, "places": [(page.title, _add(kind, page)) for page in under[model]]}
        for label, model, kind in buttons
        if model in under
    ]


def _add(kind: tuple[str, str], parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=[*kind, parent.pk])
