"""What stands on the picture of a shared page, and the address of that picture.

The address holds the words themselves, signed: nobody else can have a picture drawn, a changed
title has a new address, and every server draws the same.
"""

from __future__ import annotations

import unicodedata
from dataclasses import astuple, dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.urls import reverse

#: What still fits on the picture, in characters.
TITLE, LABEL, NUMBER, PLATE = 160, 60, 20, 60
_signer = Signer(salt="cms.sharing")


@dataclass(frozen=True, slots=True)
class Card:
    """The words and the drawing of one picture."""

    title: str
    #: What it is: "Sự kiện", "Công nghệ".
    label: str = ""
    #: Its number in the catalogue.
    number: str = ""
    #: The plate drawn beside the title; the delta where there is none of that name.
    plate: str = ""
    language: str = "vi"


def _clean(text: Any, most: int) -> str:
    whole = unicodedata.normalize("NFC", str(text or ""))
    printable = "".join(char if char.isprintable() else " " for char in whole)
    words = " ".join(printable.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def card(
    title: Any, label: Any = "", number: Any = "", plate: Any = "", language: str = "vi"
) -> Card:
    """Return a card with its texts in NFC, on one line, no longer than fits."""
    return Card(
        _clean(title, TITLE),
        _clean(label, LABEL),
        _clean(number, NUMBER),
        str(plate)[:PLATE],
        language,
    )


def sign(shown: Card) -> str:
    """Return the card as one signed word, the same every time."""
    return _signer.sign_object(list(astuple(shown)), compress=True)


def address(shown: Card) -> str:
    """Return the address of the picture, on this site."""
    return reverse("share_image", kwargs={"signed": sign(shown)})


def read(signed: str) -> Card | None:
    """Return the card an address was made from; `None` for an address that is not ours."""
    try:
        parts = _signer.unsign_object(signed)
    except (BadSignature, ValueError):
        return None
    return Card(*parts)
