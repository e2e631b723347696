"""The same texts as the measured entries, indexed by Wagtail's own search."""

from __future__ import annotations

from django.db import models
from wagtail.search import index


class BenchEntry(index.Indexed, models.Model):
    """One entry; each facet keeps its first value, since Wagtail counts no lists."""

    title = models.TextField()
    summary = models.TextField()
    body = models.TextField()
    sector = models.CharField(max_length=40, blank=True)
    chain = models.CharField(max_length=40, blank=True)
    trl = models.CharField(max_length=40, blank=True)
    ip = models.CharField(max_length=40, blank=True)
    transfer = models.CharField(max_length=40, blank=True)
    object = models.CharField(max_length=40, blank=True)
    cooperation = models.CharField(max_length=40, blank=True)
    funding = models.CharField(max_length=40, blank=True)
    price = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=40, blank=True)
    sdg = models.CharField(max_length=40, blank=True)
    freshness = models.CharField(max_length=40, blank=True)
    supplier = models.CharField(max_length=40, blank=True)

    search_fields = [
        index.SearchField("title", boost=4),
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        *(
            index.FilterField(name)
            for name in (
                "sector",
                "chain",
                "trl",
                "ip",
                "transfer",
                "object",
                "cooperation",
                "funding",
                "price",
                "place",
                "sdg",
                "freshness",
                "supplier",
            )
        ),
    ]

    class Meta:
        app_label = "wagtail_side"

    def __str__(self) -> str:
        return self.title
