"""Addresses of enquiries inside the workspace, under `/ban-lam-viec/ket-noi/`."""

from __future__ import annotations

from django.urls import path

from registry.workspace import views_enquiries as views

urlpatterns = [
    path("", views.index, name="enquiries"),
    path("<slug:slug>/", views.enquiry, name="enquiry"),
    path("<slug:slug>/tra-loi/", views.answer, name="enquiry_answer"),
]
