"""What events add to Wagtail's admin: choosing an organisation, copying an old event in one step."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from cms import copying
from cms.events.choosers import organisation_chooser
from cms.events.models import EventPage


@hooks.register("register_admin_viewset")
def register_chooser() -> Any:
    """Offer the public organisations wherever a form asks for one."""
    return organisation_chooser


def begin_anew(copy: EventPage, user: Any) -> None:
    """Move the times of a copied event on."""
    draft = copy.get_latest_revision_as_object()
    for name, value in copy.anew().items():
        setattr(draft, name, value)
    revision = draft.save_revision(user=user)
    if copy.live:
        revision.publish(user=user)


copying.offer(EventPage, _("Tạo từ sự kiện này"), begin_anew)
