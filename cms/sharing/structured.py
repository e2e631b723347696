"""What search engines read of a page: schema.org as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(data: dict[str, Any]) -> SafeString:
    """Return a script element that holds the data; nothing of it can end the element."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, default=str)
    return mark_safe(f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>')


def centre(base: str) -> dict[str, Any]:
    """Return the Centre itself, known everywhere under one name."""
    return {
        "@type": "GovernmentOrganization",
        "@id": urljoin(base, "/#trung-tam"),
        "name": gettext("Trung tâm Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long"),
        "url": urljoin(base, "/"),
        "areaServed": {"@type": "AdministrativeArea", "name": gettext("Tỉnh Vĩnh Long")},
    }


def site(base: str, language: str) -> dict[str, Any]:
    """Return the site with its search box, and the Centre."""
    search = urljoin(base, reverse("search:all"))
    return {
        "@graph": [
            centre(base),
            {
                "@type": "WebSite",
                "@id": urljoin(base, "/#trang"),
                "name": gettext("Trung tâm Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long"),
                "url": urljoin(base, "/"),
                "inLanguage": language,
                "publisher": {"@id": urljoin(base, "/#trung-tam")},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {"@type": "EntryPoint", "urlTemplate": search + "?q={q}"},
                    "query-input": "required name=q",
                },
            },
        ]
    }


def article(page: Any, base: str, picture: str) -> dict[str, Any]:
    """Return an article of the news."""
    changed = page.last_published_at or page.first_published_at
    data = {
        "@type": "NewsArticle",
        "headline": page.title[:110],
        "description": getattr(page, "intro", "") or page.search_description,
        "url": urljoin(base, page.get_url() or ""),
        "image": [picture],
        "datePublished": page.date.isoformat(),
        "inLanguage": page.locale.language_code,
        "author": {"@id": urljoin(base, "/#trung-tam")},
        "publisher": centre(base),
    }
    return data | ({"dateModified": changed.isoformat()} if changed else {})


def breadcrumbs(parts: Iterable[tuple[str, str]], base: str) -> dict[str, Any]:
    """Return the path to a page, from the front page on; the last part may lack an address."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(name)}
            | ({"item": urljoin(base, url)} if url else {})
            for place, (name, url) in enumerate(parts, start=1)
        ],
    }
