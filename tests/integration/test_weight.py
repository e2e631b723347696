"""What a phone has to fetch for the front page, as the server sends it: compressed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from tests.snapshots import load_site

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

KB = 1024
#: nginx compresses at this level; fonts and pictures are compressed by themselves.
LEVEL = 5
#: Named in the style sheet, used by pages in Khmer alone.
ELSEWHERE = {"/static/fonts/khmer-text.woff2"}
IMAGES = {".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"}


def sent(content: bytes, name: str) -> int:
    """Return the bytes that leave the server."""
    packed = Path(name).suffix in IMAGES - {".svg"} | {".woff2"}
    return len(content) if packed else len(gzip.compress(content, LEVEL))


def read(address: str) -> bytes:
    """Return a file that a page names."""
    path = unquote(address.partition("#")[0])
    if path.startswith("/media/"):
        with default_storage.open(path.removeprefix("/media/")) as file:
            return bytes(file.read())
    found = finders.find(path.removeprefix("/static/"))
    assert found, address
    return Path(found).read_bytes()


def files_of(html: str) -> set[str]:
    """Return the addresses of everything the page fetches, a picture in one of its sizes."""
    found = set(re.findall(r'<link rel="(?:icon|preload|stylesheet)" href="([^"]+)"', html))
    found |= set(re.findall(r'<(?:script|img)[^>]* src="([^"]+)"', html))
    found |= {use.partition("#")[0] for use in re.findall(r'<use href="([^"]+)"', html)}
    for sheet in [name for name in found if name.endswith(".css")]:
        fonts = re.findall(r'url\("?\.\./(fonts/[^")]+)', read(sheet).decode())
        found |= {f"/static/{font}" for font in fonts}
    for script in [name for name in found if name.endswith("site.js")]:
        found |= {
            f"/static/js/{name}" for name in re.findall(r'["\']\./([^"\']+)', read(script).decode())
        }
    return {name for name in found if name.startswith(("/static/", "/media/"))} - ELSEWHERE


def test_the_front_page_is_light(client: Client, settings: Any) -> None:
    settings.HUB_DEMO = True
    load_site()
    for name, options in (
        ("demo_users", {}),
        ("load_demo", {"entries": 60}),
        ("demo_events", {}),
    ):
        call_command(name, verbosity=0, **options)
    html = client.get("/").content
    sizes = {"/": sent(html, "/")}
    sizes |= {name: sent(read(name), name) for name in files_of(html.decode())}
    images = {name for name in sizes if Path(name).suffix in IMAGES}
    told = "\n".join(f"{size / KB:7.1f} KB {name}" for name, size in sorted(sizes.items()))
    without = sum(size for name, size in sizes.items() if name not in images)
    assert without <= 100 * KB, f"{without / KB:.1f} KB\n{told}"
    assert sum(sizes.values()) <= 300 * KB, told
    print(
        f"\n{without / KB:.1f} KB without pictures, {sum(sizes.values()) / KB:.1f} KB in all\n{told}"
    )
