"""What the editors' desk adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.rich_text.pages import PageLinkHandler

from cms.desk.home import WRITING, EditorsPanel
from cms.desk.links import links_of
from cms.desk.reaching import dead_links
from cms.desk.reports import BrokenLinksView, StalePagesView

#: So many links are named to the editor; the report lists all.
NAMED = 5
#: Wagtail's own filter for what nothing refers to.
UNUSED = "?usage_count_max=0"


class LivePageLinkHandler(PageLinkHandler):
    """A link to a page that the public cannot open leads nowhere; `living` makes it plain text."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the opening tags."""
        opened = super().expand_db_attributes_many(attrs_list)
        pages = cls.get_many(attrs_list)
        return [
            tag if page is not None and page.localized.live else "<a>"
            for tag, page in zip(opened, pages, strict=True)
        ]


# Wagtail registers its own first.
@hooks.register("register_rich_text_features", order=10)
def lead_to_live_pages(features: Any) -> None:
    """Have rich text lead to live pages only."""
    features.register_link_type(LivePageLinkHandler)


@hooks.register("after_publish_page")
def warn_of_dead_links(request: HttpRequest, page: Page) -> None:
    """Name to the editor the links of what they publish that the public cannot follow."""
    dead = dead_links(links_of(page.specific))
    if not dead:
        return
    named = format_html_join(
        "",
        "<li>{}: “{}” – {}</li>",
        ((link.place, link.text or link.target, why) for link, why in list(dead.items())[:NAMED]),
    )
    more = len(dead) - NAMED
    rest = ngettext("và %(n)s liên kết nữa", "và %(n)s liên kết nữa", more) % {"n": more}
    messages.warning(
        request,
        format_html(
            "{}<ul>{}{}</ul>",
            gettext(
                "Trang có liên kết mà người đọc không mở được; chỗ đó chỉ hiện chữ. Bạn sửa lúc nào cũng được."
            ),
            named,
            format_html("<li>{}</li>", rest) if more > 0 else "",
        ),
    )


def _warn_of_submitted(request: HttpRequest, page: Page) -> None:
    if "action-submit" in request.POST:
        warn_of_dead_links(request, page.get_latest_revision_as_object())


hooks.register("after_create_page", _warn_of_submitted)
hooks.register("after_edit_page", _warn_of_submitted)


# --- reports and the front page -----------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_report_urls() -> list[Any]:
    """Put the reports under `/quan-tri/ban-bien-tap/`, behind Wagtail's own sign-in."""
    reports = (
        ("lien-ket-hong", "broken_links", BrokenLinksView),
        ("trang-lau-chua-xem-lai", "stale_pages", StalePagesView),
    )
    patterns = []
    for slug, name, view in reports:
        patterns += [
            path(f"{slug}/", view.as_view(), name=name),
            path(f"{slug}/ket-qua/", view.as_view(results_only=True), name=f"{name}_results"),
        ]
    return [path("ban-bien-tap/", include((patterns, "editordesk")))]


class WritersItem(MenuItem):
    """A report for whoever writes pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the reader writes pages."""
        return bool(page_permission_policy.user_has_any_permission(request.user, WRITING))


class FilesItem(MenuItem):
    """Wagtail's own list of files, of those in no use."""

    def __init__(self, *args: Any, policy: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the reader may change such files."""
        return bool(self.policy.user_has_any_permission(request.user, ("add", "change", "delete")))


@hooks.register("register_reports_menu_item")
def report_broken_links() -> MenuItem:
    """Offer the links that lead nowhere."""
    url = reverse("editordesk:broken_links")
    return WritersItem(_("Liên kết hỏng"), url, name="broken-links", icon_name="link", order=100)


@hooks.register("register_reports_menu_item")
def report_stale_pages() -> MenuItem:
    """Offer the pages nobody looked at for a year."""
    url = reverse("editordesk:stale_pages")
    label = _("Trang lâu chưa xem lại")
    return WritersItem(label, url, name="stale-pages", icon_name="time", order=110)


@hooks.register("register_reports_menu_item")
def report_unused_images() -> MenuItem:
    """Offer the pictures in no use."""
    url = reverse("wagtailimages:index") + UNUSED
    label = _("Ảnh không dùng")
    return FilesItem(
        label, url, name="unused-images", icon_name="image", order=120, policy=image_policy
    )


@hooks.register("register_reports_menu_item")
def report_unused_documents() -> MenuItem:
    """Offer the documents in no use."""
    url = reverse("wagtaildocs:index") + UNUSED
    label = _("Tài liệu không dùng")
    return FilesItem(
        label, url, name="unused-documents", icon_name="doc-full", order=130, policy=document_policy
    )


@hooks.register("construct_reports_menu")
def leave_out_aging_pages(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out Wagtail's list of old pages: ours names section and owner, and starts at a year."""
    menu_items[:] = [item for item in menu_items if item.name != "aging-pages"]


@hooks.register("construct_homepage_panels")
def add_editors_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Tell writers of pages what waits."""
    panels.append(EditorsPanel())
