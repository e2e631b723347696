"""Our forms for pages, at the addresses of Wagtail's: they stand before those of the admin."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.urls import display_custom_404
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.pages.saving import CreatePage, EditPage

urlpatterns = [
    path(
        "add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        CreatePage.as_view(),
        name="page_create",
    ),
    path("<int:page_id>/edit/", EditPage.as_view(), name="page_edit"),
]
for decorator in (require_admin_access, display_custom_404, never_cache):
    urlpatterns = decorate_urlpatterns(urlpatterns, decorator)
