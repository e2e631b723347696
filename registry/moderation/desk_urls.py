"""Addresses of the desk, under `/quan-tri/xem-xet/` inside Wagtail's admin."""

from __future__ import annotations

from django.urls import path, re_path

from registry.moderation import (
    views_case,
    views_content,
    views_entries,
    views_queue,
    views_recognitions,
)

app_name = "desk"
urlpatterns = [
    path("", views_queue.show_queue, name="queue"),
    path("viec/<int:pk>/", views_case.show_case, name="case"),
    path("viec/<int:pk>/quyet-dinh/", views_case.decide, name="decide"),
    path("viec/<int:pk>/ke-tiep/", views_queue.open_next, name="next"),
    path("viec/<int:pk>/xem-truoc/", views_content.preview, name="preview"),
    path("ho-so/", views_entries.list_entries, name="entries"),
    path("ho-so/nhap-thay/", views_entries.enter_organisation, name="enter"),
    path("ho-so/<slug:number>/", views_entries.show_entry, name="entry"),
    path("ho-so/<slug:number>/sua/", views_content.correct, name="correct"),
    path("ho-so/<slug:number>/moi/", views_entries.invite_owner, name="invite"),
    path("ho-so/<slug:number>/giay/", views_recognitions.grant, name="grant"),
    path(
        "ho-so/<slug:number>/giay/<int:pk>/",
        views_recognitions.open_recognition,
        name="recognition",
    ),
    re_path(
        r"^ho-so/(?P<number>[-\w]+)/(?P<change>tam-an|hien-lai|luu-tru)/$",
        views_entries.change_lifecycle,
        name="lifecycle",
    ),
]
