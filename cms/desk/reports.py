"""Reports for editors: links that lead nowhere, pages nobody looked at for a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, LocaleColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page, get_page_content_types
from wagtail.permissions import page_permission_policy

from cms.desk.models import PageLink
from cms.desk.reaching import broken

#: A page that nobody published anew for so long asks to be looked at.
STALE = timedelta(days=365)
#: Sections stand right below the home page.
_SECTION_DEPTH = 3


def editable(user: Any) -> QuerySet[Page]:
    """Return the pages a person may change."""
    pages: QuerySet[Page] = page_permission_policy.instances_user_has_permission_for(user, "change")
    return pages


def edit_address(page_id: int) -> str:
    """Return where a page is edited."""
    return reverse("wagtailadmin_pages:edit", args=[page_id])


class _EditorsReport(ReportView):
    """A report for whoever may write pages, about those they may change."""

    permission_policy = page_permission_policy
    any_permission_required = ["add", "change", "publish"]
    is_searchable = False

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """Return a row of the sheet, with the address where the page is edited."""
        row = super().to_row_dict(item)
        return row | {"edit": self.request.build_absolute_uri(row["edit"])}


# --- links that lead nowhere --------------------------------------------------------------------------


def broken_for(user: Any) -> dict[PageLink, str]:
    """Return the broken links on pages a person may change, with why each is broken."""
    found = broken()
    pages = editable(user).filter(pk__in={link.page_id for link in found})
    mine = set(pages.values_list("pk", flat=True)) if found else set()
    return {link: why for link, why in found.items() if link.page_id in mine}


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One line of the report."""

    title: str
    language: str
    place: str
    text: str
    leads_to: str
    why: str
    edit: str


class BrokenLinksView(_EditorsReport):
    """Page, place, words and target of each link that the public cannot follow."""

    page_title = gettext_lazy("Liên kết hỏng")
    header_icon = "link"
    model = PageLink
    index_url_name = "editordesk:broken_links"
    index_results_url_name = "editordesk:broken_links_results"
    columns = [
        TitleColumn(
            "page", label=gettext_lazy("Trang"), accessor="title", get_url=lambda row: row.edit
        ),
        Column("place", label=gettext_lazy("Chỗ")),
        Column("text", label=gettext_lazy("Chữ liên kết")),
        Column("leads_to", label=gettext_lazy("Dẫn tới")),
        Column("why", label=gettext_lazy("Vì sao hỏng")),
    ]
    export_filename = "lien-ket-hong"
    export_headings = {
        "title": gettext_lazy("Trang"),
        "language": gettext_lazy("Ngôn ngữ"),
        "place": gettext_lazy("Chỗ"),
        "text": gettext_lazy("Chữ liên kết"),
        "leads_to": gettext_lazy("Dẫn tới"),
        "why": gettext_lazy("Vì sao hỏng"),
        "edit": gettext_lazy("Sửa tại"),
    }
    list_export = list(export_headings)

    def get_queryset(self) -> list[BrokenRow]:
        """Return the broken links by page, each with what the report tells of it."""
        links = broken_for(self.request.user)
        titles = _titles(links)
        return [
            BrokenRow(
                title=link.page.get_admin_display_title(),
                language=link.page.locale.get_display_name(),
                place=link.place,
                text=link.text,
                leads_to=titles.get((link.kind, link.target)) or _target(link),
                why=why,
                edit=edit_address(link.page_id),
            )
            for link, why in sorted(links.items(), key=lambda item: (item[0].page.path, item[0].pk))
        ]

    def get_filtered_queryset(self) -> list[BrokenRow]:
        """Return the same: there is nothing to filter by."""
        return self.get_queryset()


def _titles(links: Iterable[PageLink]) -> dict[tuple[str, str], str]:
    """Return (kind, key) → title of the pages that links name."""
    keys = [link.target for link in links if link.kind == PageLink.Kind.PAGE]
    pages = Page.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    return {
        (PageLink.Kind.PAGE.value, str(pk)): title
        for pk, title in pages.values_list("pk", "draft_title")
    }


def _target(link: PageLink) -> str:
    """Return the address of a link; for what is known by a key alone, its kind."""
    is_address = link.kind in (PageLink.Kind.PATH, PageLink.Kind.WRONG)
    return link.target if is_address else str(link.get_kind_display())


# --- pages nobody looked at ---------------------------------------------------------------------------


def stale(user: Any) -> QuerySet[Page]:
    """Return the live pages a person may change that were last published over a year ago."""
    pages = editable(user).filter(live=True, depth__gte=_SECTION_DEPTH, alias_of__isnull=True)
    return pages.filter(last_published_at__lt=timezone.now() - STALE)


def _sections(_request: HttpRequest | None = None) -> list[tuple[str, str]]:
    sections = Page.objects.filter(depth=_SECTION_DEPTH, alias_of__isnull=True).order_by("path")
    return [
        (section.path, section.get_admin_display_title())
        for section in sections.filter(live=True).select_related("locale")
    ]


class StalePagesFilterSet(WagtailFilterSet):
    section = django_filters.ChoiceFilter(
        label=gettext_lazy("Mục"),
        field_name="path",
        lookup_expr="startswith",
        choices=_sections,
    )
    owner = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Người tạo"),
        queryset=lambda request: get_user_model().objects.filter(owned_pages__live=True).distinct(),
    )
    content_type = ContentTypeFilter(
        label=gettext_lazy("Loại trang"),
        queryset=lambda request: get_page_content_types(include_base_page_type=False),
    )

    class Meta:
        model = Page
        fields = ["section", "owner", "content_type"]


class StalePagesView(_EditorsReport):
    """Live pages that were last published over a year ago, oldest first, with section and owner."""

    page_title = gettext_lazy("Trang lâu chưa xem lại")
    header_icon = "time"
    model = Page
    filterset_class = StalePagesFilterSet
    index_url_name = "editordesk:stale_pages"
    index_results_url_name = "editordesk:stale_pages_results"
    default_ordering = "last_published_at"
    columns = [
        TitleColumn(
            "title",
            label=gettext_lazy("Trang"),
            accessor="display_title",
            get_url=lambda page: page.edit,
        ),
        LocaleColumn(label=gettext_lazy("Ngôn ngữ")),
        Column("section", label=gettext_lazy("Mục")),
        Column("owner", label=gettext_lazy("Người tạo"), accessor="owner_name"),
        DateColumn("last_published_at", label=gettext_lazy("Đăng lần cuối")),
    ]
    export_filename = "trang-lau-chua-xem-lai"
    export_headings = {
        "display_title": gettext_lazy("Trang"),
        "locale": gettext_lazy("Ngôn ngữ"),
        "section": gettext_lazy("Mục"),
        "owner_name": gettext_lazy("Người tạo"),
        "last_published_at": gettext_lazy("Đăng lần cuối"),
        "edit": gettext_lazy("Sửa tại"),
    }
    list_export = list(export_headings)

    def get_base_queryset(self) -> QuerySet[Page]:
        """Return the pages with what a row shows."""
        return stale(self.request.user).select_related("owner", "locale")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Tell of each page its section and who keeps it."""
        sections = dict(_sections())
        steps = Page.steplen * _SECTION_DEPTH
        for page in object_list:
            page.display_title = page.get_admin_display_title()
            page.section = sections.get(page.path[:steps], "")
            page.owner_name = page.owner.get_full_name() if page.owner else ""
            page.edit = edit_address(page.pk)
        return object_list
