"""Addresses of the search pages."""

from __future__ import annotations

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("tim-kiem/", views.everything, name="all"),
    path("danh-ba/", views.directory, name="directory"),
    path("thi-truong-cong-nghe/", views.market, name="market"),
    path("goi-y/", views.suggest, name="suggest"),
]
