"""English that was left on a screen which speaks Vietnamese."""

from __future__ import annotations

import re

#: English words of an interface; none is a Vietnamese word, a name or a term we keep.
ENGLISH = re.compile(
    r"\b(the|and|your?|this|with|from|for|are|was|been|will|not|have|has|add|edit|delete|save|saved"
    r"|pages?|images?|documents?|search|view|filter|filters|status|history|usage|locked?|unlock"
    r"|publish|published|drafts?|settings|users?|groups?|sites?|collections?|redirects?|snippets?"
    r"|reports?|help|select|choose|upload|cancel|close|type|title|date|comments?|move|copy|show"
    r"|hide|name|more|actions?|explorer?|workflows?|tasks?|locales?|privacy|schedule|sidebar"
    r"|toggle|theme|account|language|download|export|clear|apply|sort|order|child|children|parent"
    r"|root|current|version|compare|revisions?|usage|link|links|text|content|promote|none|any"
    r"|created?|updated?|modified|owner|active|enabled?|disabled?|yes|go|back|next|previous|open"
    r"|expand|collapse|menu|home|dashboard|welcome|aging|types?|bulk|item|items|per|results?"
    r"|file|files|size|width|height|tags?|description|preview|minimap|checks|info|side|panel)\b",
    re.IGNORECASE,
)
#: What stays as it is in Vietnamese too.
KEPT = re.compile(
    r"Wagtail|[\w.-]+@[\w.-]+|https?://\S+|/[\w/.?=&%-]+/?|[\w-]+\.(?:png|pdf|jpg|csv|xlsx)"
    r"|\bslug\b|\bEnglish\b|“[^”]*”"
)


def is_english(text: str) -> bool:
    """Whether a text of the interface has a word of English beside what stays as it is."""
    return bool(ENGLISH.search(text) and ENGLISH.search(KEPT.sub(" ", text)))
