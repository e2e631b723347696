"""A site of two pages, made in no time: a home page with its list of news, and its English twin."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import LocaleSynchronization

from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.models import HomePage


def small_site() -> NewsIndexPage:
    """Return the Vietnamese list of news, empty."""
    cache.clear()
    vietnamese, _ = Locale.objects.get_or_create(language_code="vi")
    english, _ = Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node()
    if root is None:
        # A flush took the root page as well, and with it what editors may do below it.
        root = Page.add_root(instance=Page(title="Root", slug="root", locale=vietnamese))
        call_command("sync_roles", verbosity=0)
    root.get_children().delete()
    home = Page.objects.get(pk=root.pk).add_child(
        instance=HomePage(
            title="Trang chủ", slug="trang-chu", heading="Chào", intro="Chào.", locale=vietnamese
        )
    )
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home}
    )
    index = home.add_child(instance=NewsIndexPage(title="Tin tức", slug="tin-tuc"))
    home.copy_for_translation(english, alias=True).save()
    index.copy_for_translation(english, alias=True)
    LocaleSynchronization.objects.get_or_create(locale=english, defaults={"sync_from": vietnamese})
    return index


def article(index: NewsIndexPage, **values: Any) -> NewsPage:
    """Return an article that anyone may read."""
    fields = {"title": "Máy sấy dừa chạy thử", "slug": "may-say-dua", "intro": "Ba hợp tác xã."}
    page = index.add_child(instance=NewsPage(live=False, **{**fields, **values}))
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def untranslated() -> str:
    """Return the address of an article that only stands in for an English one."""
    index = NewsIndexPage.objects.get(locale__language_code="vi")
    page = article(index, title="Tin chưa dịch", slug="tin-chua-dich")
    page.copy_for_translation(Locale.objects.get(language_code="en"), alias=True)
    return "/tin-tuc/tin-chua-dich/"
