"""Names that Wagtail's first migration writes in English, and fields of its forms that have none."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.forms.choosers import EmailLinkChooserForm, ExternalLinkChooserForm
from wagtail.models import Collection, Page

#: What Wagtail calls the top of the page tree and of the files.
WAGTAILS = "Root"


def name_roots() -> None:
    """Give the tops of both trees Vietnamese names, where nobody gave them one."""
    with translation.override("vi"):
        page, files = gettext("Trang gốc"), gettext("Mọi tệp")
    Page.objects.filter(depth=1, title=WAGTAILS).update(title=page, draft_title=page)
    Collection.objects.filter(depth=1, name=WAGTAILS).update(name=files)


def name_fields() -> None:
    """Name the field of the link choosers that Wagtail leaves to Django to name, in English."""
    for form in (ExternalLinkChooserForm, EmailLinkChooserForm):
        form.base_fields["link_text"].label = gettext_lazy("Chữ liên kết")
