"""Addresses of “Bạn được hỗ trợ gì?”."""

from __future__ import annotations

from django.urls import path, re_path

from registry.support import views

app_name = "support"
urlpatterns = [
    path("ho-tro/", views.eligibility, name="eligibility"),
    path("ho-tro/tu-ho-so/", views.profiles, name="profiles"),
    re_path(r"^ho-tro/tu-ho-so/(?P<number>tc-[0-9]{1,9})/$", views.profile, name="profile"),
    re_path(r"^ho-tro/(?P<slug>[-\w]+)-(?P<number>ht-[0-9]{1,9})/$", views.measure, name="measure"),
]
