"""The addresses of the site, and pictures beside them, which in production another server hands out."""

from django.conf import settings
from django.urls import path
from django.views.static import serve

from portal.urls import *  # noqa: F403
from portal.urls import urlpatterns as own

urlpatterns = [
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    *own,
]
