"""The form of an enquiry, under `/de-nghi/`. The project gives it the namespace `marketplace`."""

from __future__ import annotations

from django.urls import path

from registry.workspace import views_enquiries as views

urlpatterns = [
    path("<slug:number>/", views.enquire, name="enquire"),
]
