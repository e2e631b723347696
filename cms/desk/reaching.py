"""Whether what a link leads to can be read by the public. Asks the database, never the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from cms.desk.links import own_path
from cms.desk.models import PageLink
from registry.directory import selectors as directory

Kind = PageLink.Kind
_BROKEN = "cms.desk.broken"
BROKEN_SECONDS = 300
#: Served by the file store, not by a view.
_FILES = (settings.MEDIA_URL, settings.STATIC_URL)


@dataclass(slots=True)
class _Asked:
    """Paths by what has to be asked of them."""

    missing: set[str] = field(default_factory=set)
    pages: dict[str, str] = field(default_factory=dict)
    entries: dict[str, list[str]] = field(default_factory=dict)


def dead_paths(paths: Iterable[str]) -> set[str]:
    """Return those of our paths where a visitor finds nothing; three queries, however many paths."""
    asked = _sorted(set(paths))
    dead = asked.missing
    if asked.pages:
        live = Page.objects.live().filter(url_path__in=set(asked.pages.values()))
        found = set(live.values_list("url_path", flat=True))
        dead |= {path for path, url_path in asked.pages.items() if url_path not in found}
    if asked.entries:
        answering = directory.answering_numbers(asked.entries)
        for number, written in asked.entries.items():
            if number not in answering:
                dead |= set(written)
    return dead - _redirected(dead)


def leads_nowhere(address: str) -> bool:
    """Whether an address is one of ours with nothing behind it."""
    try:
        path = own_path(address)
    except ValueError:
        return True
    return path is not None and bool(dead_paths([path]))


def _sorted(paths: set[str]) -> _Asked:
    asked = _Asked()
    for path in paths:
        if path.startswith(_FILES):
            continue
        language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
        try:
            # The prefix of a language is only known to addresses while that language is spoken.
            with translation.override(language):
                match = resolve(path)
        except Resolver404:
            asked.missing.add(path)
            continue
        if match.url_name == "wagtail_serve":
            if url_path := _url_path(path, language):
                asked.pages[path] = url_path
            else:
                asked.missing.add(path)
        elif match.namespace == "directory" and "number" in match.kwargs:
            asked.entries.setdefault(match.kwargs["number"], []).append(path)
    return asked


def _url_path(path: str, language: str) -> str | None:
    """Return the place of a path in the page tree of its language."""
    for root in Site.get_site_root_paths():
        if root.language_code == language:
            return f"{root.root_path}{path.removeprefix(f'/{language}').lstrip('/')}"
    return None


def _redirected(paths: set[str]) -> set[str]:
    if not paths:
        return set()
    written = {Redirect.normalise_path(path): path for path in paths}
    led = Redirect.objects.filter(Q(redirect_page__live=True) | ~Q(redirect_link=""))
    return {
        written[old] for old in led.filter(old_path__in=written).values_list("old_path", flat=True)
    }


def dead_links(links: Iterable[Any]) -> dict[Any, str]:
    """Return link → why the public cannot follow it, of `Link`s or `PageLink`s; the others are left out."""
    kept = list(links)
    targets: dict[str, set[str]] = {}
    for link in kept:
        targets.setdefault(link.kind, set()).add(link.target)
    reasons = {
        (kind, target): reason
        for kind, asked in targets.items()
        for target, reason in _ASK[kind](asked).items()
    }
    return {
        link: reasons[link.kind, link.target]
        for link in kept
        if (link.kind, link.target) in reasons
    }


def _keys(targets: set[str]) -> set[int]:
    return {int(target) for target in targets if target.isdigit()}


def _pages(targets: set[str]) -> dict[str, str]:
    known = dict(Page.objects.filter(pk__in=_keys(targets)).values_list("pk", "live"))
    live = {str(pk): is_live for pk, is_live in known.items()}
    return {
        target: gettext("Trang chưa đăng") if target in live else gettext("Trang đã xóa")
        for target in targets
        if not live.get(target)
    }


def _documents(targets: set[str]) -> dict[str, str]:
    documents = get_document_model().objects.filter(pk__in=_keys(targets))
    known = {str(pk) for pk in documents.values_list("pk", flat=True)}
    return dict.fromkeys(targets - known, gettext("Tài liệu đã xóa"))


def _entries(targets: set[str]) -> dict[str, str]:
    public = directory.public_entries().filter(pk__in=_keys(targets))
    known = {str(pk) for pk in public.values_list("pk", flat=True)}
    return dict.fromkeys(targets - known, gettext("Hồ sơ không còn công khai"))


def _paths(targets: set[str]) -> dict[str, str]:
    return dict.fromkeys(dead_paths(targets), gettext("Không có gì ở địa chỉ này"))


def _wrong(targets: set[str]) -> dict[str, str]:
    return dict.fromkeys(targets, gettext("Địa chỉ viết sai"))


_ASK = {
    Kind.PAGE.value: _pages,
    Kind.DOCUMENT.value: _documents,
    Kind.ENTRY.value: _entries,
    Kind.PATH.value: _paths,
    Kind.WRONG.value: _wrong,
}


def broken() -> dict[PageLink, str]:
    """Return the links of live pages that lead nowhere, each with its reason.

    A page that stands in for its translation says what the other says: it is named once.
    """
    links = PageLink.objects.filter(page__live=True, page__alias_of__isnull=True)
    return dead_links(links.select_related("page__locale"))


def broken_by_page() -> dict[int, int]:
    """Return page → how many of its links lead nowhere; may be a few minutes old.

    Publishing forgets it at once (`forget_broken`); an entry that closes shows after that time.
    """
    counts: dict[int, int] | None = cache.get(_BROKEN)
    if counts is None:
        counts = dict(Counter(link.page_id for link in broken()))
        cache.set(_BROKEN, counts, BROKEN_SECONDS)
    return counts


def forget_broken() -> None:
    """Have the links looked at anew."""
    cache.delete(_BROKEN)
