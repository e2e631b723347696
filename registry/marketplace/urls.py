"""Addresses of the market beside its list and its entries."""

from __future__ import annotations

from django.urls import path

from registry.marketplace import views

app_name = "marketplace_compare"

urlpatterns = [path("", views.comparison, name="compare")]
