"""Filling an entry step by step: nothing typed is ever lost, nothing becomes public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from registry.common.fields import Kind, Step, kinds
from registry.common.ratelimit import hit, retry_after
from registry.common.typed import readable, whole_number
from registry.directory.models import Entry
from registry.directory.selectors import draft_of, latest_revision_id, problems
from registry.directory.services import DirectoryError, DuplicateIdentifier, Forbidden
from registry.moderation.services import EDITABLE, DraftMoved
from registry.taxonomy.selectors import current_communes, find_units
from registry.workspace import kept, selectors, services
from registry.workspace.access import entry_for, signed_in
from registry.workspace.form_fields import MAX_CANDIDATES, described
from registry.workspace.forms import StepForm, blank_content

TEMPLATE = "registry/workspace/step.html"
UNPROCESSABLE, CONFLICT, TOO_MANY = 422, 409, 429
#: In an hour, for one person: more than anybody types, less than a script would like.
HOUR, NEW_ENTRIES, NEW_IMAGES = 3600, 30, 60
#: The order in which kinds are offered: what others belong to comes first.
FIRST_KINDS = ("organisation", "offer", "lab")


@require_safe
@never_cache
@signed_in()
def create(request: HttpRequest) -> HttpResponse:
    """Offer the kinds of entries one may begin."""
    context = {
        "room": "entries",
        "kinds": sorted(kinds(), key=_place),
        "organisations": selectors.organisations_for(request.user, writing=True),
    }
    return render(request, "registry/workspace/create.html", context)


def _place(kind: Kind) -> int:
    return FIRST_KINDS.index(kind.code) if kind.code in FIRST_KINDS else len(FIRST_KINDS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(keeps_text=True)
def create_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Show and take the first step of a new entry."""
    chosen = next((item for item in kinds() if item.path == kind), None)
    if chosen is None:
        raise Http404
    owners = selectors.organisations_for(request.user, writing=True)
    if chosen.needs_owner and not owners:
        messages.info(
            request, _("Tạo hồ sơ tổ chức trước; công nghệ và phòng thí nghiệm thuộc về tổ chức.")
        )
        return redirect("workspace:create_kind", kind="to-chuc")
    entry = Entry(kind=chosen.code, owner=_chosen_owner(request, chosen, owners))
    page = _StepPage(request, entry, chosen.steps[0], owners=owners if chosen.needs_owner else [])
    return page.answer()


def _chosen_owner(request: HttpRequest, kind: Kind, owners: list[Entry]) -> Entry | None:
    if not kind.needs_owner:
        return None
    wanted = request.POST.get("organisation") or request.GET.get("to-chuc", "")
    return next((item for item in owners if item.number_slug == wanted), owners[0])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(keeps_text=True)
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Show and take one step of an entry's draft."""
    entry = entry_for(request.user, number, writing=True)
    chosen = next((item for item in entry.kind_info.steps if item.code == step), None)
    if chosen is None:
        raise Http404
    if entry.lifecycle not in EDITABLE:
        messages.info(request, _("Hồ sơ này đã đóng; bạn có thể tạo bản sao."))
        return redirect("workspace:entry", number=entry.number_slug)
    return _StepPage(request, entry, chosen).answer()


class _StepPage:
    """One request for one step, of an entry that exists or is about to."""

    def __init__(
        self, request: HttpRequest, entry: Entry, step: Step, owners: list[Entry] | None = None
    ) -> None:
        self.request, self.entry, self.step = request, entry, step
        self.owners = owners or []
        self.is_new = entry.pk is None
        self.content = blank_content(entry.kind_info, entry) if self.is_new else draft_of(entry)
        self.conflict = ""
        self.theirs: list[dict[str, str]] = []
        self.duplicate: Entry | None = None
        self.notice = ""

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._show()
        add = self.request.POST.get("add", "")
        form = self._form(self.request.POST, self.request.FILES, add=add)
        if add:
            return self._page(form, self._posted_revision())
        return self._save(form)

    def _show(self) -> HttpResponse:
        if "bo" in self.request.GET:
            kept.forget(self.request)
            return redirect(self.request.path)
        text, lost_file = kept.kept(self.request)
        if text is None:
            return self._page(self._form(None, None), self._latest())
        self.notice = _("Phần bạn viết trước khi đăng nhập vẫn ở bên dưới, chưa được lưu.")
        if lost_file:
            self.notice += " " + _("Chọn lại tệp ảnh.")
        return self._page(self._form(text, None), whole_number(text.get("latest_revision")))

    def _form(self, data: Any, files: Any, add: str = "") -> StepForm:
        asks_tax_code = (
            self.entry.kind == "organisation" and self.step == self.entry.kind_info.steps[0]
        )
        tax_code = None
        if asks_tax_code:
            tax_code = "" if self.is_new else selectors.tax_code_of(self.entry)
        mending = data is None and "sua" in self.request.GET
        form = StepForm(
            self.content,
            self.step,
            data=data,
            files=files,
            tax_code=tax_code,
            problems=problems(self.content) if mending else (),
            add=add,
        )
        if self.is_new:
            form.fields[self.entry.kind_info.title_field].deferred = False  # type: ignore[attr-defined]
        return form

    def _latest(self) -> int:
        return 0 if self.is_new else latest_revision_id(self.entry)

    def _posted_revision(self) -> int:
        return whole_number(self.request.POST.get("latest_revision"))

    def _save(self, form: StepForm) -> HttpResponse:
        if not form.is_valid():
            return self._page(form, self._posted_revision(), UNPROCESSABLE)
        if not self._within_limits(form):
            seconds = retry_after(HOUR)
            form.add_error(
                None, _("Quá nhiều yêu cầu; thử lại sau %(seconds)s giây.") % {"seconds": seconds}
            )
            response = self._page(form, self._posted_revision(), TOO_MANY)
            response["Retry-After"] = str(seconds)
            return response
        try:
            self._store(form)
        except DraftMoved as moved:
            self.entry.refresh_from_db()
            self.conflict = moved.message
            self.theirs = selectors.said_otherwise(self.entry, self.content, self.step)
            if form.new_image:
                self.conflict += " " + _("Chọn lại tệp ảnh.")
            return self._page(form, self._latest(), CONFLICT)
        except Forbidden:
            raise
        except DirectoryError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            if isinstance(error, DuplicateIdentifier):
                self.duplicate = error.entry
            return self._page(form, self._latest(), UNPROCESSABLE)
        kept.forget(self.request)
        return self._go_on()

    def _within_limits(self, form: StepForm) -> bool:
        person = self.request.user.pk
        if self.is_new and not hit(f"entry:{person}", NEW_ENTRIES, HOUR):
            return False
        return not form.new_image or hit(f"image:{person}", NEW_IMAGES, HOUR)

    def _store(self, form: StepForm) -> None:
        extras = services.Extras(form.new_image, form.tax_code)
        if self.is_new:
            self.entry = services.start_entry(
                self.entry.kind,
                self.request.user,
                title=form.cleaned_data[self.entry.kind_info.title_field],
                apply=form.apply,
                organisation=self.entry.owner,
                extras=extras,
            )
            return
        form.apply(self.content)
        services.save_step(
            self.entry,
            self.request.user,
            self.content,
            expect_revision=self._posted_revision(),
            extras=extras,
        )

    def _go_on(self) -> HttpResponse:
        saved = _("Đã lưu nháp lúc %(time)s.") % {"time": timezone.localtime().strftime("%H:%M")}
        messages.success(self.request, saved)
        action = self.request.POST.get("action", "save")
        if action == "preview":
            return redirect("workspace:preview", number=self.entry.number_slug)
        steps = [item.code for item in self.entry.kind_info.steps]
        place = steps.index(self.step.code)
        if action != "next":
            return redirect(selectors.step_url(self.entry, self.step.code))
        if place + 1 < len(steps):
            return redirect(selectors.step_url(self.entry, steps[place + 1]))
        return redirect("workspace:entry", number=self.entry.number_slug)

    def _page(self, form: StepForm, revision: int, status: int = 200) -> HttpResponse:
        told = form.mistakes()
        kind = self.entry.kind_info
        steps = [item.code for item in kind.steps]
        context = {
            "room": "entries",
            "entry": self.entry,
            "kind": kind,
            "is_new": self.is_new,
            "step": self.step,
            "step_number": steps.index(self.step.code) + 1,
            "step_count": len(steps),
            "is_last": self.step.code == steps[-1],
            "steps": self._steps(),
            "form": form,
            "items": form.items(),
            "owners": self.owners,
            "revision": revision,
            "conflict": self.conflict,
            "theirs": self.theirs,
            "notice": self.notice,
            "duplicate": self.duplicate,
            "communes": current_communes(),
            "mistakes": told,
            "mistakes_title": ngettext("Có %(n)d chỗ cần sửa.", "Có %(n)d chỗ cần sửa.", len(told))
            % {"n": len(told)},
        }
        return render(self.request, TEMPLATE, context, status=status)

    def _steps(self) -> list[dict[str, Any]]:
        if not self.is_new:
            return selectors.steps_of(self.content, self.entry, self.step.code)
        return [
            {"label": item.title, "current": item == self.step}
            for item in self.entry.kind_info.steps
        ]


@require_safe
@signed_in()
def communes(request: HttpRequest) -> HttpResponse:
    """Show the communes that answer to a typed name, for the picker."""
    try:
        name = readable(request.GET.get("commune", "")[:200], lines=False)
    except ValidationError:
        name = ""
    found = described(find_units(name, MAX_CANDIDATES)) if len(name) > 1 else []
    context = {"candidates": found, "chosen": request.GET.get("commune_code", "")}
    return render(request, "registry/workspace/_communes.html", context)
