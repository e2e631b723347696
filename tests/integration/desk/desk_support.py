"""Reading what the desk shows and what is live."""

from __future__ import annotations

import re
from typing import Any

from registry.directory.models import Content, Entry


def body(response: Any) -> str:
    """Return the page with every run of white space as one space."""
    return re.sub(r"\s+", " ", response.content.decode())


def live_of(entry: Entry) -> Content:
    """Return the live content read anew."""
    content: Content = type(entry.content)._default_manager.get(entry=entry)
    return content
