"""What translations add to Wagtail's admin, and to how a page is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import widgets
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from cms.translations import selectors, services, views
from cms.translations.selectors import State


@hooks.register("before_serve_page")
def speak_the_interface(page: Page, request: HttpRequest, *_serving: Any) -> None:
    """Put Vietnamese menus around a page in a language that the interface does not speak."""
    if getattr(request, "LANGUAGE_CODE", "") in dict(settings.LANDING_LANGUAGES):
        translation.activate(settings.LANGUAGE_CODE)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    """Put the review and the report behind Wagtail's own sign-in."""
    report = views.TranslationsReport
    return [
        path("ban-dich/<int:pk>/", views.review, name="translation_review"),
        path("bao-cao/ban-dich/", report.as_view(), name="translations_report"),
        path(
            "bao-cao/ban-dich/ket-qua/",
            report.as_view(results_only=True),
            name="translations_report_results",
        ),
    ]


class _ReportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person edits pages."""
        return bool(
            page_permission_policy.user_has_any_permission(
                request.user, ["add", "change", "publish"]
            )
        )


@hooks.register("register_reports_menu_item")
def register_report() -> MenuItem:
    """Put the report among the reports."""
    return _ReportItem(
        gettext_lazy("Bản dịch"),
        reverse("translations_report"),
        name="translations",
        icon_name="wagtail-localize-language",
        order=300,
    )


@hooks.register("register_page_header_buttons")
def header_button(page: Page, user: Any, **_kwargs: Any) -> Iterator[Any]:
    """Tell in the header of a translated page how it stands, and lead to its review."""
    if _may_review(page, user):
        state = selectors.standing_of(page).state
        if state != State.SOURCE:
            label = _("Bản dịch: %(state)s") % {"state": str(state.label).lower()}
            yield widgets.Button(label, _address(page), icon_name=_ICON, priority=6)


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Page, user: Any, **_kwargs: Any) -> Iterator[Any]:
    """Offer the review in lists too: wagtail-localize's own editor has no such header."""
    if _may_review(page, user):
        yield widgets.Button(_("Soát bản dịch"), _address(page), icon_name=_ICON, priority=55)


_ICON = "wagtail-localize-language"


def _address(page: Page) -> str:
    return reverse("translation_review", args=[page.pk])


def _may_review(page: Page, user: Any) -> bool:
    return (
        page.live
        and page.alias_of_id is None
        and page.depth > 1
        and page.locale.language_code != settings.LANGUAGE_CODE
        and page.permissions_for_user(user).can_publish()
    )


@hooks.register("register_log_actions")
def register_actions(actions: Any) -> None:
    """Tell Wagtail's audit log the verb of a review."""
    actions.register_action(
        services.REVIEWED, gettext_lazy("Soát bản dịch"), gettext_lazy("Đã soát bản dịch")
    )
