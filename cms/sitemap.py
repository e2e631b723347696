"""The site map for search engines: what editors published, in every language it was written in."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page


class PagesSitemap(Sitemap):
    """Live, unrestricted pages of every language; no stand-ins for what is not translated."""

    def items(self) -> QuerySet[Page]:
        """Return the pages, each language in the order of its tree."""
        homes = self.get_wagtail_site().root_page.get_translations(inclusive=True)
        below = reduce(or_, (Q(path__startswith=home.path) for home in homes))
        pages: QuerySet[Page] = Page.objects.live().public().filter(below, alias_of__isnull=True)
        return pages.order_by("path").defer_streamfields().specific()
