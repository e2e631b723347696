"""Addresses of the feeds."""

from __future__ import annotations

from django.urls import re_path

from cms.feeds import views
from cms.feeds.sections import SECTIONS

app_name = "feeds"
_SECTIONS, _ROOMS = "|".join(SECTIONS), "|".join(views.ROOMS)
urlpatterns = [
    re_path(
        rf"^nguon-tin/(?P<section>{_SECTIONS})\.(?P<form>rss|atom)$", views.section, name="section"
    ),
    re_path(rf"^nguon-tin/(?P<room>{_ROOMS})\.(?P<form>rss|atom)$", views.room, name="room"),
]
