"""Search documents of the real kinds, written straight into the index."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from search import service
from search.contracts import SearchDocument

NUMBERS = {"offer": "CN", "organisation": "TC", "lab": "TN"}


def document(kind: str, number: int, title: str, **values: Any) -> SearchDocument:
    """Return the document of an entry; `facets` and `payload` are added to the usual ones."""
    on: date = values.pop("confirmed_on", timezone.localdate() - timedelta(days=number % 300))
    payload = {
        "number": f"{NUMBERS[kind]} {number:04}",
        "owner": "Vàm Lộc (minh họa)",
        "place": "Xã An Bình",
        "roles": [],
        "trl": 7,
        "ip": "Đã cấp văn bằng",
        "price": "Tham khảo",
        **values.pop("payload", {}),
    }
    return SearchDocument(
        kind=kind,
        id=str(number),
        title=title,
        url=f"/mau/{kind}-{number}/",
        confirmed_on=on,
        collapse_key=f"{kind}:{number}",
        payload=payload,
        **values,
    )


def fill_index(*documents: SearchDocument) -> None:
    """Put documents, all languages of an object together, into the index of the database."""
    service.tell_of_many()
    service.embedded().index(documents)
