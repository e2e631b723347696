"""Addresses of what the public reads: one pattern per kind, slug and number (architecture §3)."""

from __future__ import annotations

from django.urls import path, re_path

from registry.common.fields import kinds
from registry.directory import views, views_files

app_name = "directory"

urlpatterns = [
    re_path(
        rf"^{kind.path}/(?P<slug>[-\w]+)-(?P<number>{kind.prefix.lower()}-[0-9]{{1,9}})/$",
        views.detail,
        {"kind": kind.code},
        name=kind.code,
    )
    for kind in kinds()
]
urlpatterns += [
    path("tap-tin/anh/<slug:uid>-<int:width>.webp", views_files.image, name="image"),
]
