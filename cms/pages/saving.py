"""Saving pages in the admin, where the editor's own press and the autosave may meet.

Wagtail saves a form half a second after a change. While that request is under way the editor may
press “publish”: both then create the same page, and the later one fails. Here each form carries a
key of its own, so that the press knows the draft the autosave made of the same form, and takes its
place; and two requests for one page follow one another.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

FORM, EARLIER = "form_key", "form_keys_earlier"
#: The name space of the keys derived from those of forms.
_FORMS = uuid.UUID("6f1d2a9e-0f0b-5c36-9a5b-4f1f0b1d7a55")


class CreatePage(CreateView):
    """Wagtail's form for a new page. What it makes is one page, however often it is sent."""

    template_name = "cms/admin/create_page.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the answer; a draft the autosave made of this form gives way to what is sent now."""
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            _queue_for(kwargs["parent_page_id"])
            if self.expects_json_response and self._made("autosave", "press"):
                # Nobody waits for this answer, or the first one was lost: then the form is still
                # whole, and the editor's own press saves it.
                return self.json_error_response(
                    "invalid_revision", _("Trang này đã được lưu. Bấm Lưu để lưu phần còn lại.")
                )
            begun = transaction.savepoint()
            for draft in self._given_way():
                for alias in draft.aliases.all():
                    alias.delete(user=request.user)
                draft.delete(user=request.user)
            answer = super().dispatch(request, *args, **kwargs)
            if getattr(getattr(self, "page", None), "pk", None) is None:
                transaction.savepoint_rollback(begun)
            return answer

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer; what the page itself refuses is an error of the form, not of the site."""
        kind = "autosave" if self.expects_json_response else "press"
        if request.POST.get(FORM) and not self._made(kind):
            self.page.translation_key = self._key(request.POST[FORM], kind)
        try:
            with transaction.atomic():
                return super().post(request)
        except ValidationError as error:
            for name, problems in error.update_error_dict({}).items():
                self.form.add_error(name if name in self.form.fields else None, problems)
            self.form.restore_required_fields()
            return self.form_invalid(self.form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return Wagtail's context, a key for this form, and those of the forms it comes from."""
        sent = self.request.POST
        earlier = [*sent.get(EARLIER, "").split()[-9:], sent.get(FORM, "")]
        keys = {FORM: uuid.uuid4().hex, EARLIER: " ".join(filter(None, earlier))}
        return {**super().get_context_data(**kwargs), **keys}

    def _key(self, form: str, kind: str) -> uuid.UUID:
        """Return the translation key of what a kind of request makes of a form, for this user alone."""
        parts = (self.request.user.pk, self.kwargs["parent_page_id"], form, kind)
        return uuid.uuid5(_FORMS, repr(parts))

    def _made(self, *kinds: str) -> bool:
        """Whether this form was made into a page already by one of these kinds of request."""
        form = self.request.POST.get(FORM, "")
        keys = [self._key(form, kind) for kind in kinds] if form else []
        return Page.objects.filter(translation_key__in=keys).exists()

    def _given_way(self) -> list[Any]:
        """Return the drafts the autosave made of this form, which nobody has worked on since."""
        forms = self.request.POST.get(EARLIER, "").split()[:10]
        if not self.expects_json_response:
            forms.append(self.request.POST.get(FORM, ""))
        keys = [self._key(form, "autosave") for form in forms if form]
        drafts = Page.objects.filter(
            translation_key__in=keys,
            owner=self.request.user,
            alias_of__isnull=True,
            live=False,
            first_published_at__isnull=True,
            numchild=0,
        )
        return [
            page
            for page in drafts.specific()
            if page.revisions.count() < 2 and page.current_workflow_state is None
        ]


class EditPage(EditView):
    """Wagtail's form for a page there is. An autosave that comes late does not undo a press."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the answer; of two requests for one page the later one sees what the first saved."""
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            _queue_for(kwargs["page_id"])
            return super().dispatch(request, *args, **kwargs)


def _queue_for(page_id: int) -> None:
    """Wait until nobody else changes the page or adds to it; SQLite queues by itself."""
    list(Page.objects.select_for_update().filter(pk=page_id).values_list("pk"))
