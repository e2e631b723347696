"""Addresses of the account pages that allauth does not have."""

from __future__ import annotations

from django.urls import path

from registry.accounts import views

app_name = "accounts"

urlpatterns = [
    path("ho-so-cua-toi/", views.profile, name="profile"),
    path("du-lieu-cua-toi/", views.data, name="data"),
    path("du-lieu-cua-toi/<slug:purpose>/", views.consent, name="consent"),
    path("dong/", views.close, name="close"),
]
