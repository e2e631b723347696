"""How the stories of the workspace fill a page: read the form, change some fields, press a button."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from django.urls import reverse

from registry.directory.models import Entry


class _Form(HTMLParser):
    """Collects what a browser would send of the form with the given id."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.values = form_id, False, {}
        self.select = self.textarea = self.chosen = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        a = dict(attrs)
        if tag == "form":
            self.inside = a.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input":
            self._input(a)
        elif tag == "textarea":
            self.textarea = a.get("name")
            self.values.setdefault(self.textarea, [""])
        elif tag == "select":
            self.select, self.chosen = a.get("name"), None
        elif tag == "option" and self.select and ("selected" in a or self.chosen is None):
            self.chosen = a.get("value", "")
            self.values[self.select] = [self.chosen]

    def _input(self, a: dict[str, Any]) -> None:
        kind, name = a.get("type", "text"), a.get("name")
        if not name or kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in a):
            return
        self.values.setdefault(name, []).append(a.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.inside and self.textarea:
            self.values[self.textarea] = [self.values[self.textarea][0] + data]


def form_of(html: str, form_id: str = "buoc") -> dict[str, Any]:
    """Return what a browser would send of a page's form, as it stands."""
    parser = _Form(form_id)
    parser.feed(html)
    return {
        name: [value.removeprefix("\n") for value in values]
        for name, values in parser.values.items()
    }


def typed(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """Return the form of a page with some fields changed."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    return form_of(page.content.decode()) | changes


def save(client: Client, url: str, action: str = "save", **changes: Any) -> Any:
    """Open a step, change some fields, press a button; return the answer."""
    return client.post(url, typed(client, url, **changes) | {"action": action})


def step(entry: Entry, code: str) -> str:
    """Return the address of a step."""
    return reverse("workspace:step", kwargs={"number": entry.number_slug, "step": code})


def at(name: str, entry: Entry) -> str:
    """Return the address of one of an entry's pages."""
    return reverse(f"workspace:{name}", kwargs={"number": entry.number_slug})


def words(response: Any) -> str:
    """Return the visible words of a page on one line."""
    text = re.sub(
        r"<(script|style|datalist)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S
    )
    text = re.sub(r"<[^>]+>", " ", text).replace("&nbsp;", " ").replace("\u00a0", " ")
    text = text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    return " ".join(text.split())
