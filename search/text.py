"""All text analysis, for documents and queries, for every engine.

Engines only split on spaces what `analyse()` and the planner hand them. Folding maps one character
to one character, so a position in the folded text is a position in the accented original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: Raise when what an index holds changes: every index made with another number is rebuilt.
ANALYSIS_VERSION = 1

MAX_TOKEN_CHARS = 48
#: Characters of one field that are searched; the rest of a very long text is stored, not indexed.
MAX_FIELD_CHARS = 60_000
#: Marks the upper-case abbreviation (AI) apart from the syllable of the same letters (ai).
ABBREVIATION_MARK = "\ue000"

_COMBINING = "\u0300-\u036f"
_TOKEN = re.compile(f"[^\\W_]+(?:[{_COMBINING}]+[^\\W_]*)*")
_COMPOUND = re.compile(r"(?<!\w)[^\W_]{1,12}(?:[-&./][^\W_]{1,12}){1,3}(?!\w)")
_ABBREVIATION = re.compile(r"(?<![^\W_])[A-ZĐ]{2,4}(?![^\W_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff\ue000]")
# `hoà` and `hòa`, `thuỷ` and `thủy` are one word; `quý` keeps its mark, `hoàn` has one form only.
_TONE = re.compile(r"(?:[oO][àáảãạèéẻẽẹ]|(?<![qQ])[uU][ỳýỷỹỵ])(?![^\W\d_])")
_TONE_OF = {composed: unicodedata.normalize("NFD", composed)[-1] for composed in "àáảãạèéẻẽẹỳýỷỹỵ"}


class _FoldTable(dict[int, int]):
    """Character → lower-case character without marks, filled as characters are met."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        lowered = character.lower()
        if len(lowered) != 1:
            lowered = character
        if lowered == "đ":
            folded = "d"
        else:
            base = unicodedata.normalize("NFKD", lowered)
            rest = [char for char in base if not unicodedata.combining(char)]
            folded = rest[0].lower() if len(rest) == 1 and len(rest[0].lower()) == 1 else lowered
        self[code] = ord(folded)
        return self[code]


class _FoldedTokens(dict[str, str]):
    """Token → folded token, remembered; emptied when a flood of odd tokens fills it."""

    def __missing__(self, token: str) -> str:
        if len(self) > 200_000:
            self.clear()
        folded = self[token] = fold(token)
        return folded


_FOLD = _FoldTable()
_FOLDED = _FoldedTokens()


def clean(text: str) -> str:
    """Return the text in NFC without NUL, control characters or lone surrogates."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode("utf-8")
        text = unicodedata.normalize("NFC", text)
    return _CONTROL.sub(" ", text)


def fold(text: str) -> str:
    """Return the NFC text in lower case without marks, `đ` as `d`; the length never changes."""
    return text.translate(_FOLD)


def _move_tone(match: re.Match[str]) -> str:
    first, second = match.group()[0], match.group()[1]
    tone = _TONE_OF[second]
    bare = unicodedata.normalize("NFD", second)[0]
    return unicodedata.normalize("NFC", first + tone) + bare


def normalise(text: str) -> str:
    """Return the clean text in lower case, the tone mark where the old spelling puts it."""
    return _normalised(clean(text))


def _normalised(cleaned: str) -> str:
    lowered = cleaned.lower()
    if lowered.isascii():
        return lowered
    return _TONE.sub(_move_tone, unicodedata.normalize("NFC", lowered))


def tokens(text: str) -> list[str]:
    """Return the words of a text, normalised, marks kept, in order."""
    return [token[:MAX_TOKEN_CHARS] for token in _TOKEN.findall(normalise(text))]


def folded(words: list[str] | tuple[str, ...]) -> list[str]:
    """Return each word without its marks."""
    return [_FOLDED[word] for word in words]


def has_marks(word: str) -> bool:
    """Return whether a normalised word carries a mark of Vietnamese (or is written with đ)."""
    return not word.isascii() and _FOLDED[word] != word


@dataclass(frozen=True, slots=True)
class Span:
    """A word of the original text: its place, and the word normalised."""

    start: int
    end: int
    word: str


def spans(text: str) -> list[Span]:
    """Return the words of a cleaned text with their places in it."""
    found = []
    for match in _TOKEN.finditer(text):
        found.append(Span(match.start(), match.end(), _word(match.group())))
    return found


@lru_cache(maxsize=20_000)
def _word(written: str) -> str:
    """Return one word normalised: those of titles and questions are the same again and again."""
    return normalise(written)[:MAX_TOKEN_CHARS]


def abbreviations(text: str) -> list[str]:
    """Return the upper-case abbreviations of 2-4 letters of a text, lowered."""
    return [item.lower() for item in _ABBREVIATION.findall(text)]


def _compounds(normalised: str) -> list[str]:
    """Return codes and hyphenated words as one word each: `opc-ua` → `opcua`."""
    return [
        "".join(_TOKEN.findall(item))[:MAX_TOKEN_CHARS] for item in _COMPOUND.findall(normalised)
    ]


@dataclass(frozen=True, slots=True)
class Field:
    """A text level of a document as the index holds it: words apart by single spaces."""

    folded: str
    marked: str
    words: int


def analyse(text: str) -> Field:
    """Return a field for the index: its words, then its codes as one word each.

    `marked` also holds protected abbreviations, so that `AI` is not `ai` (who).
    """
    text = clean(text[:MAX_FIELD_CHARS])
    lowered = _normalised(text)
    words = [token[:MAX_TOKEN_CHARS] for token in _TOKEN.findall(lowered)]
    joined = _compounds(lowered)
    plain = folded(words) + folded(joined)
    marked = words + joined + [ABBREVIATION_MARK + item for item in abbreviations(text)]
    return Field(" ".join(plain), " ".join(marked), len(plain))


_ALPHABET = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
)
_RANK = {character: index for index, character in enumerate(_ALPHABET)}


def sort_key(title: str) -> str:
    """Return a key that sorts titles by the Vietnamese alphabet, digits first, as plain ASCII."""
    codes = []
    for char in normalise(title)[:60]:
        if char in _RANK:
            codes.append(str(200 + _RANK[char]))
        elif char in "0123456789":
            codes.append(f"10{char}")
        elif char == " ":
            codes.append("000")
    return "".join(codes)
