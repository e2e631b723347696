"""Forms of the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class SiteImageForm(BaseImageForm):
    """The admin's form: the description is what stands in for the picture."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("description"):
            field.label = _("Chữ thay ảnh")
            field.required = True
            field.help_text = _("Nói điều người xem thấy, cho người không nhìn thấy ảnh.")
