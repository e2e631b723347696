"""Addresses of the feeds and of the calendar files."""

from __future__ import annotations

from django.urls import path, re_path

from cms.feeds import calendars, views
from cms.feeds.sections import SECTIONS

app_name = "feeds"
_SECTIONS, _ROOMS = "|".join(SECTIONS), "|".join(views.ROOMS)
urlpatterns = [
    re_path(
        rf"^nguon-tin/(?P<section>{_SECTIONS})\.(?P<form>rss|atom)$", views.section, name="section"
    ),
    re_path(rf"^nguon-tin/(?P<room>{_ROOMS})\.(?P<form>rss|atom)$", views.room, name="room"),
    path("su-kien/lich.ics", calendars.feed, name="calendar"),
    re_path(r"^su-kien/(?P<number>sk-[0-9]{4,9})\.ics$", calendars.event, name="event"),
    re_path(r"^giai-thuong/(?P<number>gt-[0-9]{4,9})\.ics$", calendars.call, name="call"),
]
