"""What waits at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Revision

from registry.cases.models import Case
from registry.common.fields import FieldClass, kind_of
from registry.directory.models import Entry
from registry.moderation.access import at_the_desk
from registry.moderation.clock import Clock, clocks
from registry.moderation.comparison import CLASS_LABELS, CLASS_TONES
from registry.moderation.filters import CaseFilter
from registry.moderation.machine import MODERATION
from registry.moderation.selectors import next_in_queue, queue
from registry.taxonomy.models import AdminUnit

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    case: Case
    title: str
    kind: str
    organisation: str
    commune: str
    class_label: str
    class_tone: str
    clock: Clock
    own: bool


def queue_rows(cases: Iterable[Case], user: Any) -> list[QueueRow]:
    """Return the lines of some cases; a fixed number of queries, however many there are."""
    found = list(cases)
    pinned = Revision.objects.in_bulk(
        [case.review.revision for case in found if case.kind == MODERATION.kind]
    )
    own = set(
        Entry.objects.of_member(user)
        .filter(pk__in=[case.subject_id for case in found])
        .values_list("pk", flat=True)
    )
    times = clocks(found)
    data = {case.pk: _stored(case, pinned) for case in found}
    units = AdminUnit.objects.in_bulk(
        {item["commune"] for item in data.values() if item["commune"]}
    )
    rows = []
    for case in found:
        entry, values = case.subject, data[case.pk]
        cls = FieldClass(case.review.highest_class) if case.kind == MODERATION.kind else None
        rows.append(
            QueueRow(
                case=case,
                title=values["title"] or entry.number,
                kind=str(kind_of(entry.kind).label),
                organisation=entry.owner.working_title if entry.owner else "",
                commune=units[values["commune"]].full_name_vi if values["commune"] in units else "",
                class_label=str(CLASS_LABELS[cls]) if cls else "",
                class_tone=CLASS_TONES[cls] if cls else "",
                clock=times[case.pk],
                own=entry.pk in own,
            )
        )
    return rows


def _stored(case: Case, pinned: dict[int, Revision]) -> dict[str, Any]:
    """Return title and commune: of the text under review, else of what is live."""
    kind = kind_of(case.subject.kind)
    if case.kind == MODERATION.kind and case.review.revision in pinned:
        data = pinned[case.review.revision].content
        return {"title": data.get(kind.title_field) or "", "commune": data.get("commune")}
    content = case.subject.content
    return {"title": getattr(content, kind.title_field), "commune": content.commune_id}


@at_the_desk
def show_queue(request: HttpRequest) -> HttpResponse:
    """List what waits; with an unknown filter value, say so and list nothing (400)."""
    filters = CaseFilter(request.GET or None, queryset=queue(), request=request)
    bad = filters.is_bound and not filters.is_valid()
    late = queue().late().count()
    contents = [f"subject__{kind}" for kind in ("organisation", "lab", "offer")]
    page = Paginator(filters.qs.select_related(*contents), PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "filters": filters,
        "rows": queue_rows(page.object_list, request.user),
        "page": page,
        "waiting": queue().count(),
        "late": late,
        "late_label": _("%(count)s quá hạn") % {"count": late},
        "header_title": _("Xem xét"),
        "header_icon": "tasks",
        "breadcrumbs_items": [{"url": reverse("desk:queue"), "label": _("Xem xét")}],
        "tab": "queue",
    }
    return render(request, "registry/moderation/queue.html", context, status=400 if bad else 200)


@at_the_desk
def open_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the next case the reader may decide, or back to the queue."""
    after = Case.objects.filter(pk=pk).first() or Case(pk=0)
    following = next_in_queue(request.user, after)
    if following is None:
        return redirect("desk:queue")
    return redirect("desk:case", pk=following.pk)
