"""Staff compare a translation with its original and say so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Page

from cms.translations import selectors, services
from cms.translations.selectors import State


class ReadForm(forms.Form):
    """The versions that the reviewer had before them."""

    text_version = forms.CharField(required=False, widget=forms.HiddenInput)
    source_version = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text_version(self) -> datetime | None:
        """Return when the translation was published."""
        return self._moment("text_version")

    def clean_source_version(self) -> datetime | None:
        """Return when the original was published."""
        return self._moment("source_version")

    def _moment(self, name: str) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data[name])
        except ValueError:
            # Equal to no version of a text, so the service asks to read again.
            return None


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show translation and original side by side; POST notes that somebody compared them."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    if request.method == "POST":
        return _mark(request, page)
    standing = selectors.standing_of(page)
    source = standing.source
    form = ReadForm(
        initial={
            "text_version": _written(page),
            "source_version": _written(source) if source else "",
        }
    )
    context = {
        "page": page,
        "source": source,
        "state": standing.state,
        "review": selectors.review_of(page),
        "form": form,
        "may_mark": bool(source and page.live and standing.state != State.REVIEWED),
        "page_title": _("Soát bản dịch"),
        "page_subtitle": page.get_admin_display_title(),
        "header_icon": "wagtail-localize-language",
    }
    return render(request, "cms/admin/translation_review.html", context)


def _mark(request: HttpRequest, page: Page) -> HttpResponse:
    form = ReadForm(request.POST)
    form.is_valid()
    try:
        services.mark_reviewed(page.pk, request.user, **form.cleaned_data)
    except services.ReviewError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, _("Đã ghi: bạn đã soát bản dịch “%(title)s”.") % {"title": page.title}
        )
    return redirect("translation_review", pk=page.pk)


def _written(page: Page) -> str:
    return page.last_published_at.isoformat() if page.last_published_at else ""


class TranslationFilterSet(WagtailFilterSet):
    """What of the translations to list."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=[
            (state.value, state.label)
            for state in (State.OUTDATED, State.UNREVIEWED, State.REVIEWED)
        ],
        method="filter_state",
        empty_label=gettext_lazy("Tất cả"),
    )

    class Meta:
        model = Page
        fields = ["locale"]

    def filter_state(self, pages: Any, _name: str, value: str) -> Any:
        """Return the pages in that state."""
        return pages.filter(state=value)


class TranslationsReport(PageReportView):
    """Every translated page, those behind their original first."""

    page_title = gettext_lazy("Bản dịch")
    header_icon = "wagtail-localize-language"
    results_template_name = "cms/admin/translations_results.html"
    filterset_class = TranslationFilterSet
    index_url_name = "translations_report"
    index_results_url_name = "translations_report_results"
    any_permission_required = ["add", "change", "publish"]
    list_export = ["title", "locale", "state", "last_published_at", "source_published_at"]
    export_headings = {
        "title": gettext_lazy("Tên trang"),
        "locale": gettext_lazy("Ngôn ngữ"),
        "state": gettext_lazy("Tình trạng"),
        "last_published_at": gettext_lazy("Bản dịch đăng lúc"),
        "source_published_at": gettext_lazy("Bản gốc đăng lúc"),
    }

    def get_queryset(self) -> Any:
        """Return the translations, those to look at first."""
        self.queryset = selectors.translations()
        return super().get_queryset()

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return the words of the states."""
        return {state.value: str(state.label) for state in State}

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Return the pages with the words of their states."""
        for page in object_list:
            page.state_label = self.labels[page.state]
        return object_list
