"""What the public site adds to Wagtail's admin: the hub's own colours and mark."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def brand_css() -> SafeString:
    """Load the colours of the hub over Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("admin-brand/brand.css"))
