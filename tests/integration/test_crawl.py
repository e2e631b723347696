"""A stranger follows every link of the demo site, in both languages, and finds nothing broken."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from urllib.parse import SplitResult, unquote, urldefrag, urljoin, urlsplit

import polib
import pytest
from django.conf import settings as configured
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from registry.common import tongues
from tests.integration.leftovers import is_english

pytestmark = pytest.mark.django_db

#: Pages read in each language; the rest of a long list differs from what was read in its data only.
MOST = 260
#: Addresses with a query (facets, pages, orders) followed for each path.
QUERIES = 4
#: Entries, events and the like are many of one form: as many of each are read.
OF_ONE_FORM = 12
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "rect"}
SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-label")
#: A picture here says nothing that the words beside it do not: the drawing of a card, a mark above its
#: name, a picture in a text whose editor ticked “decorative”. Only here it may be mute.
DECORATIVE = {"pl", "swatch", "fig"}
#: Names of cookies, which the page of personal data tells as they are.
COOKIES = {"sessionid", "csrftoken", "theme"}
#: What needs an account, or leaves nothing to read.
ELSEWHERE = ("/quan-tri/", "/tai-khoan/", "/ban-lam-viec/", "/xac-nhan/", "/_util/", "/jsi18n/")


class Reader(HTMLParser):
    """What one page says, links to and lacks. `said` leaves out what is marked as Vietnamese."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        #: What stands open here: tag, language, classes.
        self.open: list[tuple[str, str, str]] = []
        self.links: list[str] = []
        self.files: list[str] = []
        self.ids: Counter[str] = Counter()
        self.said: list[str] = []
        #: Text with Vietnamese letters where the page claims to speak another language.
        self.unmarked: list[str] = []
        self.lacks: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        spoken = have.get("lang") or (self.open[-1][1] if self.open else self.language)
        if tag not in VOID:
            self.open.append((tag, spoken, have.get("class", "")))
        if have.get("id"):
            self.ids[have["id"]] += 1
        self.headings += tag == "h1"
        if tag == "mark":  # words of a document, as the search shows them
            self.open[-1] = (tag, "vi", "")
        if tag == "img" and not (have.get("alt", "").strip() or self._is_decorative(have)):
            self.lacks.append(f"alt of {have.get('src')}")
        if tag == "a" and have.get("href"):
            self.links.append(have["href"])
        if tag == "use" and have.get("href"):
            self.files.append(have["href"])
        self.files += [have[name] for name in ("src",) if have.get(name)]
        self.files += [
            part.split()[0] for part in have.get("srcset", "").split(",") if part.strip()
        ]
        if tag == "link" and have.get("rel") in ("icon", "stylesheet", "preload", "alternate"):
            self.files.append(have["href"])
        if spoken == self.language:
            self.said += [have[name] for name in SPOKEN if have.get(name)]

    def _is_decorative(self, have: dict[str, str]) -> bool:
        around = {name for _tag, _spoken, names in self.open for name in names.split()}
        return "alt" in have and bool(around & DECORATIVE)

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                break

    def handle_data(self, data: str) -> None:
        tag, spoken = self.open[-1][:2] if self.open else ("", self.language)
        if data.strip() and tag not in ("script", "style") and spoken == self.language:
            self.said.append(" ".join(data.split()))
            if self.language != "vi" and tag != "title" and tongues.has_signs(data):
                self.unmarked.append(" ".join(data.split()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered to a stranger, led on to where it leads; `status` is of the address itself."""

    status: int
    last_status: int
    last_path: str
    text: str
    html: bool

    @classmethod
    def of(cls, address: str) -> Answer:
        """Ask an address."""
        last = Client().get(address, follow=True)
        kind = last.headers["Content-Type"]
        html = kind.startswith("text/html")
        return cls(
            status=last.redirect_chain[0][1] if last.redirect_chain else last.status_code,
            last_status=last.status_code,
            last_path=last.request["PATH_INFO"],
            text=last.content.decode() if html else "",
            html=html,
        )


class Crawl:
    """One visitor's walk from a home page. `broken` tells where each fault was met.

    `asked` holds the answers of the walk and of those before it: a page names its other language as a
    file beside it, and the walk through that language reads it.
    """

    def __init__(self, prefix: str, asked: dict[str, Answer]) -> None:
        self.language = prefix.strip("/") or "vi"
        self.prefix = prefix
        self._asked = asked
        self.broken: list[str] = []
        self.said: dict[str, str] = {}
        self.unmarked: dict[str, str] = {}
        self.pages: list[str] = []
        self._answers: dict[str, int] = {}
        self._queries: Counter[str] = Counter()
        self._forms: Counter[str] = Counter()

    def run(self) -> None:
        """Read pages until none is left that is worth reading."""
        todo, known = deque([(f"{self.prefix}/", "")]), {f"{self.prefix}/"}
        while todo and len(self.pages) < MOST:
            address, source = todo.popleft()
            page = self._read(address, source)
            if page is None:
                continue
            for href in page.links:
                target = self._target(address, href, page)
                if target and target not in known:
                    known.add(target)
                    todo.append((target, address))
            for href in page.files:
                self._check_file(urljoin(address, href), address)

    def _read(self, address: str, source: str) -> Reader | None:
        answer = self._ask(address)
        if answer.last_status != 200:
            self.broken.append(f"{answer.last_status} {address} (on {source})")
            return None
        if not answer.html or not answer.last_path.startswith(f"{self.prefix}/"):
            return None
        self.pages.append(address)
        page = Reader(self.language)
        page.feed(answer.text)
        self.broken += [f"{missing} on {address}" for missing in page.lacks]
        self.broken += [
            f"id {name} {times} times on {address}" for name, times in page.ids.items() if times > 1
        ]
        if page.headings != 1:
            self.broken.append(f"{page.headings} h1 on {address}")
        for text in page.said:
            self.said.setdefault(text, address)
        for text in page.unmarked:
            self.unmarked.setdefault(text, address)
        return page

    def _ask(self, address: str) -> Answer:
        if address not in self._asked:
            self._asked[address] = Answer.of(address)
        return self._asked[address]

    def _target(self, address: str, href: str, page: Reader) -> str:
        """Return the address to read next; none for another site, another language, enough alike."""
        whole, fragment = urldefrag(urljoin(address, href))
        parts = urlsplit(whole)
        if parts.scheme not in ("", "http", "https") or parts.netloc:
            return ""
        if parts.path.startswith(configured.STATIC_URL):
            self._check_file(whole, address)
            return ""
        if fragment and whole == address and fragment not in page.ids:
            self.broken.append(f"#{fragment} leads nowhere on {address}")
        if not whole.startswith(f"{self.prefix}/") or (
            not self.prefix and whole[:4] in ("/en/", "/km/")
        ):
            return ""
        if whole.removeprefix(self.prefix).startswith(ELSEWHERE):
            return ""
        if parts.query:
            self._queries[parts.path] += 1
            return whole if self._queries[parts.path] <= QUERIES else ""
        form = re.sub(r"[^/]*\d[^/]*/$", "*/", parts.path)
        self._forms[form] += 1
        return whole if form == parts.path or self._forms[form] <= OF_ONE_FORM else ""

    def _check_file(self, address: str, source: str) -> None:
        parts = urlsplit(address)
        if parts.scheme == "data":
            return
        if parts.netloc and parts.netloc != "testserver":
            self.broken.append(f"{address} is another server's (on {source})")
        elif parts.path.startswith(configured.STATIC_URL):
            self._check_static(parts, source)
        elif parts.path not in self._answers:
            self._answers[parts.path] = self._ask(parts.path).status
            if self._answers[parts.path] != 200:
                self.broken.append(f"{self._answers[parts.path]} {address} (on {source})")

    def _check_static(self, parts: SplitResult, source: str) -> None:
        """Look a file up where the server looks, and the drawing of it that a page names."""
        named = f"{parts.path}#{parts.fragment}"
        if named in self._answers:
            return
        path = finders.find(unquote(parts.path.removeprefix(configured.STATIC_URL)))
        drawn = path and (not parts.fragment or f'id="{parts.fragment}"' in Path(path).read_text())
        self._answers[named] = 200 if drawn else 404
        if not drawn:
            self.broken.append(f"no file {named} (on {source})")


def untranslated() -> dict[str, str]:
    """Return what the interface says in Vietnamese and otherwise in English: msgid → msgstr."""
    found = {}
    for path in Path(configured.LOCALE_PATHS[0]).glob("en/LC_MESSAGES/*.po"):
        for item in polib.pofile(str(path)):
            if item.msgstr and item.msgstr != item.msgid:
                found[" ".join(item.msgid.split())] = item.msgstr
    return found


def test_no_link_or_file_is_broken_no_picture_mute_and_no_text_in_another_language(
    settings, tmp_path
):
    settings.HUB_DEMO = True
    settings.VAR = tmp_path
    # The site's own address, which canonical and alternate links name.
    settings.WAGTAILADMIN_BASE_URL = "http://testserver"
    call_command("setup", entries=60, force=True, stdout=StringIO())
    faults: list[str] = []
    asked: dict[str, Answer] = {}
    for prefix in ("", "/en", "/km"):
        crawl = Crawl(prefix, asked)
        crawl.run()
        faults += crawl.broken
        faults += [
            f"“{text}” is in Vietnamese, and not marked so, on {address}"
            for text, address in crawl.unmarked.items()
        ]
        if prefix == "/km":
            assert crawl.pages == ["/km/"]
            continue
        assert len(crawl.pages) > 60, crawl.pages
        if prefix:
            # What an editor has not translated keeps its Vietnamese title, with a notice.
            titles = set(Page.objects.values_list("title", flat=True))
            known = {text: said for text, said in untranslated().items() if text not in titles}
            faults += [
                f"“{text}” is not in English on {address}"
                for text, address in crawl.said.items()
                if text in known and known[text] != text
            ]
        else:
            faults += [
                f"“{text}” is in English on {address}"
                for text, address in crawl.said.items()
                if is_english(text) and text not in COOKIES
            ]
    assert not faults, "\n".join(sorted(set(faults)))
