"""Anyone may say that a public listing is wrong or closed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.common.ratelimit import client, hit, retry_after
from registry.directory.disclosure import ANYONE, disclose
from registry.directory.models import Entry
from registry.moderation.forms import ReportForm
from registry.moderation.services import report_entry

HOUR, DAY = 3600, 86_400
#: A person with much to report still gets through; a script does not (per asker, per entry).
PER_HOUR = 5
PER_ENTRY_AND_DAY = 20


def _public(number: str) -> Entry:
    entries = Entry.objects.public().select_related("owner")
    return get_object_or_404(entries, number=number.upper().replace("-", " "))


def _title(entry: Entry) -> str:
    stem = entry.kind_info.title_field.removesuffix("_vi")
    return disclose(entry.content, ANYONE).text(stem)


@never_cache
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Take a report on a public entry: 404 when it is not public, 429 in a flood."""
    entry = _public(number)
    reporter = request.user if request.user.is_authenticated else None
    form = ReportForm(request.POST if request.method == "POST" else None, reporter=reporter)
    if request.method != "POST" or not form.is_valid():
        context = {"entry": entry, "title": _title(entry), "form": form, "reporter": reporter}
        status = 400 if form.is_bound else 200
        return render(request, "registry/moderation/report.html", context, status=status)
    within = hit(f"report:{client(request)}", PER_HOUR, HOUR)
    if not (within and hit(f"report:entry:{entry.pk}", PER_ENTRY_AND_DAY, DAY)):
        seconds = retry_after(DAY if within else HOUR)
        response = render(request, "429.html", {"retry_after": seconds}, status=429)
        response["Retry-After"] = str(seconds)
        return response
    data = form.cleaned_data
    report_entry(
        entry, reporter, claim=data["claim"], text=data["text"], email=data.get("email", "")
    )
    return redirect("moderation:reported", number=number)


@require_safe
def received(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the report arrived and who answers until when."""
    entry = _public(number)
    context = {"entry": entry, "title": _title(entry)}
    return render(request, "registry/moderation/reported.html", context)
