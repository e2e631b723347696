"""Forms of the admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from cms import films


class SiteImageForm(BaseImageForm):
    """The admin's form: the description is what stands in for the picture."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("description"):
            field.label = _("Chữ thay ảnh")
            field.required = True
            field.help_text = _("Nói điều người xem thấy, cho người không nhìn thấy ảnh.")


class SiteDocumentForm(BaseDocumentForm):
    """The admin's form: a film or its captions are what their names say, and nothing is too large."""

    def clean_file(self) -> Any:
        """Return the file; raise where what was uploaded is refused."""
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile) and (wrong := films.fault(file.name or "", file)):
            raise ValidationError(wrong)
        return file
