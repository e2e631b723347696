"""Addresses of the calendar files, below that of the list of events."""

from __future__ import annotations

from django.urls import path, register_converter

from registry.events import views


class NumberConverter:
    """`sk-0058`."""

    regex = r"sk-\d{4,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "event_number")

app_name = "events"
urlpatterns = [
    path("su-kien/lich.ics", views.feed, name="feed"),
    path("su-kien/<event_number:number>.ics", views.event, name="event"),
]
