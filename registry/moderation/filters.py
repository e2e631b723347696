"""Filters of the desk's lists. An unknown value is an error, never a longer list (D1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from registry.cases.models import Case
from registry.common.fields import kinds
from registry.directory.models import Entry
from registry.directory.selectors import FRESH_DAYS
from registry.moderation.machine import MODERATION, RECOGNITION, REPORT
from registry.moderation.selectors import DESK_KINDS, open_cases, queue
from registry.taxonomy.selectors import current_communes

AGES = (
    ("1", _("Hơn 1 ngày")),
    ("3", _("Hơn 3 ngày")),
    ("7", _("Hơn 7 ngày")),
    ("30", _("Hơn 30 ngày")),
)
ME, NOBODY = "me", "nobody"
TEXT_LENGTH = 120


def kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds of entry for a filter."""
    return [(kind.code, kind.label) for kind in kinds()]


def case_choices() -> list[tuple[str, Any]]:
    """Return the kinds of case that come to the desk."""
    labels = {item.kind: item.label for item in (MODERATION, RECOGNITION, REPORT)}
    return [(code, labels[code]) for code in DESK_KINDS]


def case_in_commune(unit: Any) -> Q:
    """Return the condition that what a case is about lies in the commune.

    A review goes by the text under review: a first submission is in no content row yet.
    """
    pinned = Revision.objects.filter(pk=OuterRef("review__revision"), content__commune=unit.pk)
    live = Q()
    for kind in kinds():
        live |= Q(**{f"subject__{kind.code}__commune": unit})
    return Q(Exists(pinned)) | (live & ~Q(kind=MODERATION.kind))


def entry_in_commune(unit: Any) -> Q:
    """Return the condition that an entry lies in the commune: its live text, else its draft."""
    condition = Q()
    for kind in kinds():
        condition |= Q(**{f"{kind.code}__commune": unit})
        draft = {f"{kind.code}__latest_revision__content__commune": unit.pk}
        condition |= Q(first_published_at__isnull=True, **draft)
    return condition


def by_text(prefix: str, value: str) -> Q:
    """Return the condition that number or working title hold the text."""
    compact = value.strip().replace("-", " ")
    return Q(**{f"{prefix}number__icontains": compact}) | Q(
        **{f"{prefix}working_title__icontains": value.strip()}
    )


class StrictFilterSet(django_filters.FilterSet):
    """A filter set whose list is empty as long as one of its values is unknown."""

    @property
    def qs(self) -> QuerySet[Any]:
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        return super().qs

    @property
    def active(self) -> int:
        """How many filters are set."""
        if not self.is_bound or not self.is_valid():
            return 0
        return sum(1 for value in self.form.cleaned_data.values() if value not in (None, ""))


class CaseFilter(StrictFilterSet):
    """The queue's filters."""

    q = django_filters.CharFilter(
        method="filter_q", label=_("Số hoặc tên"), max_length=TEXT_LENGTH, widget=forms.TextInput
    )
    state = django_filters.ChoiceFilter(
        method="filter_state",
        label=_("Việc"),
        empty_label=_("Chờ Trung tâm"),
        choices=(
            ("owner", _("Chờ chủ hồ sơ")),
            ("organisation", _("Chờ hồ sơ tổ chức")),
            ("open", _("Mọi việc đang mở")),
        ),
    )
    kind = django_filters.ChoiceFilter(
        field_name="subject__kind",
        label=_("Loại hồ sơ"),
        choices=kind_choices,
        empty_label=_("Mọi loại"),
    )
    case = django_filters.ChoiceFilter(
        field_name="kind", label=_("Loại việc"), choices=case_choices, empty_label=_("Mọi việc")
    )
    commune = django_filters.ModelChoiceFilter(
        method="filter_commune",
        label=_("Xã, phường"),
        queryset=lambda request: current_communes(),
        to_field_name="code",
        empty_label=_("Toàn tỉnh"),
    )
    age = django_filters.ChoiceFilter(
        method="filter_age", label=_("Đã chờ"), choices=AGES, empty_label=_("Bao lâu cũng được")
    )
    assignee = django_filters.ChoiceFilter(
        method="filter_assignee",
        label=_("Người nhận"),
        choices=((ME, _("Tôi")), (NOBODY, _("Chưa ai nhận"))),
        empty_label=_("Ai cũng được"),
    )
    late = django_filters.ChoiceFilter(
        method="filter_late",
        label=_("Hạn"),
        choices=(("1", _("Quá hạn")),),
        empty_label=_("Mọi hạn"),
    )

    class Meta:
        model = Case
        fields: list[str] = []

    @property
    def qs(self) -> QuerySet[Any]:
        # The first choice, “Chờ Trung tâm”, is the queue itself.
        chosen = self.form.cleaned_data.get("state") if self.is_bound and self.is_valid() else ""
        self.queryset = open_cases() if chosen else queue()
        return super().qs

    def filter_q(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Keep the cases whose entry has the number or name."""
        return cases.filter(by_text("subject__", value))

    def filter_state(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Keep the cases that wait for someone other than the desk, or all open ones."""
        if value == "owner":
            return cases.filter(state="changes_requested")
        if value == "organisation":
            return cases.filter(kind=MODERATION.kind, state="approved")
        return cases

    def filter_commune(self, cases: QuerySet[Case], name: str, value: Any) -> QuerySet[Case]:
        """Keep the cases of entries in a commune."""
        return cases.filter(case_in_commune(value))

    def filter_age(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Keep the cases that have stood in their state for longer than so many days."""
        return cases.filter(state_since__lt=timezone.now() - timedelta(days=int(value)))

    def filter_assignee(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Keep the reader's own cases, or those nobody took."""
        if value == NOBODY:
            return cases.filter(assignee__isnull=True)
        return cases.filter(assignee=self.request.user)

    def filter_late(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Keep the cases past their deadline."""
        return cases.filter(due_at__lt=timezone.now())


class EntryFilter(StrictFilterSet):
    """The filters of “Mọi hồ sơ”."""

    q = django_filters.CharFilter(
        method="filter_q", label=_("Số hoặc tên"), max_length=TEXT_LENGTH, widget=forms.TextInput
    )
    kind = django_filters.ChoiceFilter(
        label=_("Loại hồ sơ"), choices=kind_choices, empty_label=_("Mọi loại")
    )
    lifecycle = django_filters.ChoiceFilter(
        label=_("Vòng đời"), choices=Entry.Lifecycle.choices, empty_label=_("Mọi vòng đời")
    )
    source = django_filters.ChoiceFilter(
        label=_("Nguồn"), choices=Entry.Source.choices, empty_label=_("Mọi nguồn")
    )
    commune = django_filters.ModelChoiceFilter(
        method="filter_commune",
        label=_("Xã, phường"),
        queryset=lambda request: current_communes(),
        to_field_name="code",
        empty_label=_("Toàn tỉnh"),
    )
    stale = django_filters.ChoiceFilter(
        method="filter_stale",
        label=_("Xác nhận"),
        choices=(("1", _("Chưa xác nhận lại")),),
        empty_label=_("Lúc nào cũng được"),
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def filter_q(self, entries: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep the entries with the number or name."""
        return entries.filter(by_text("", value))

    def filter_commune(self, entries: QuerySet[Entry], name: str, value: Any) -> QuerySet[Entry]:
        """Keep the entries in a commune."""
        return entries.filter(entry_in_commune(value))

    def filter_stale(self, entries: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep the public entries that nobody confirmed for 180 days."""
        since = timezone.now() - timedelta(days=FRESH_DAYS)
        return entries.filter(is_public=True, last_confirmed_at__lt=since)
