"""One case at the desk: what is asked, what is known, what to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry.cases.models import Case
from registry.cases.selectors import allowed
from registry.cases.services import Moved, NotAllowed, Refused
from registry.common.fields import FieldClass
from registry.moderation import services
from registry.moderation.access import at_the_desk
from registry.moderation.clock import clocks
from registry.moderation.comparison import CLASS_LABELS, CLASS_TONES, comparison
from registry.moderation.dossier import dossier
from registry.moderation.forms import DecisionForm
from registry.moderation.machine import DESK_TRANSITIONS, MODERATION
from registry.moderation.publishing import Clash
from registry.moderation.selectors import DESK_KINDS, case_sentence, next_in_queue


def _case(pk: int) -> Case:
    cases = Case.objects.filter(kind__in=DESK_KINDS).select_related(
        "subject",
        "subject__owner",
        "assignee",
        "opener",
        "review",
        "report",
        "recognition_case__recognition",
    )
    return get_object_or_404(cases, pk=pk)


@at_the_desk
@require_GET
def show_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case of the desk."""
    return _page(request, _case(pk))


def _steps(case: Case, user: Any) -> list[Any]:
    return [item for item in allowed(case, user) if item.code in DESK_TRANSITIONS]


def _page(
    request: HttpRequest, case: Case, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    entry = case.subject
    steps = _steps(case, request.user)
    compared = comparison(case) if case.kind == MODERATION.kind else None
    clash_labels = _clash_labels(case, compared)
    if form is None:
        form = DecisionForm(case=case, steps=steps, clash_labels=clash_labels)
    title = compared.title if compared else entry.content.title
    cls = FieldClass(case.review.highest_class) if compared else None
    context = {
        "case": case,
        "entry": entry,
        "title": title or entry.number,
        "comparison": compared,
        "class_label": CLASS_LABELS[cls] if cls else "",
        "class_tone": CLASS_TONES[cls] if cls else "",
        "steps": steps,
        "form": form,
        "sentence": case_sentence(case),
        "clock": clocks([case])[case.pk],
        "dossier": dossier(case, request.user, title),
        "following": next_in_queue(request.user, case),
        "kind_template": f"registry/moderation/case_{case.kind}.html",
        "header_title": f"{case.machine.label}: {title}",
        "header_icon": "tasks",
        "breadcrumbs_items": [
            {"url": reverse("desk:queue"), "label": _("Xem xét")},
            {"url": "", "label": entry.number},
        ],
        "tab": "queue",
    }
    return render(request, "registry/moderation/case.html", context, status=status)


def _clash_labels(case: Case, compared: Any) -> dict[str, str]:
    if compared is None:
        return {}
    return {row.path: row.label for row in compared.rows if row.clash}


@at_the_desk
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one step; a stale page changes nothing and shows the newest state (409)."""
    case = _case(pk)
    steps = _steps(case, request.user)
    action = request.POST.get("action", "")
    compared = comparison(case) if case.kind == MODERATION.kind and case.review.clashes else None
    form = DecisionForm(
        request.POST,
        case=case,
        steps=steps,
        action=action,
        clash_labels=_clash_labels(case, compared),
    )
    if not form.is_valid() and form.cleaned_data.get("expect") == case.seq and form.step:
        return _page(request, case, form, status=400)
    following = next_in_queue(request.user, case)
    try:
        event = services.decide(
            case,
            action,
            request.user,
            expect=form.cleaned_data.get("expect", 0),
            reason=form.cleaned_data.get("reason", ""),
            note=form.cleaned_data.get("note", ""),
            keep=form.keep,
            payload=form.payload,
        )
    except Clash:
        messages.warning(
            request,
            _("Bản đang hiển thị đã đổi ở cùng chỗ. Chọn bản giữ lại cho từng chỗ, rồi duyệt."),
        )
        return _page(request, _case(pk), status=409)
    except Moved as error:
        messages.error(request, error.message)
        return _page(request, _case(pk), status=409)
    except NotAllowed as error:
        messages.error(request, error.message)
        return _page(request, _case(pk), status=403)
    except Refused as error:
        for message in error.messages:
            messages.error(request, message)
        return _page(request, _case(pk), form, status=400)
    done = case.machine.transition(event.transition).done
    messages.success(request, f"{case.subject.number}: {done}.")
    if action != "take" and form.cleaned_data.get("go_on"):
        return redirect("desk:case", pk=following.pk) if following else redirect("desk:queue")
    return redirect("desk:case", pk=case.pk)
