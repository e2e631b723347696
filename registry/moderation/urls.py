"""The public's way to the desk."""

from __future__ import annotations

from django.urls import path

from registry.moderation import views_report

app_name = "moderation"
urlpatterns = [
    path("bao-sai/<slug:number>/", views_report.report, name="report"),
    path("bao-sai/<slug:number>/da-nhan/", views_report.received, name="reported"),
]
