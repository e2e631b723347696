"""Words typed with Telex or VNI keys while no input method was listening: `coong nghej`, `co6ng`.

A word is read as keys only when they make a syllable Vietnamese can have: an onset and a rime of
the tables below, with a tone its ending allows. Everything else stays as typed, so most foreign
words are safe; the short ones that read as keys too (`has`, `been`) prove nothing by themselves.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from search import synonyms, text

DATA = Path(__file__).parent / "data" / "syllables.tsv"


def _table(words: str) -> frozenset[str]:
    return frozenset(words.split())


ONSETS = _table(
    """
    b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x
    """
)
RIMES = _table(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e
    ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên
    iêng iêp iêt iêu yêm yên yêng yêt yêu o oc oi om on ong op ot oa oac oach oai oam oan
    oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oem oen oeo oet oong ooc ô ôc ôi ôm ôn
    ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uâc uân uâng uât uây uê uêch uênh
    uêt uơ uy uya uych uynh uyp uyt uyu uyên uyêt uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn
    ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y ynh yt ych
    """
)
#: `giếng`, `giết`: the onset lends its i to the rime.
_AFTER_GI = frozenset({"ên", "êng", "êt", "êc", "êm", "êp", "en", "eng", "et"})
#: After `qu` the u is spent: `quyết`, `quy`, `quên`.
_AFTER_QU = frozenset(
    {"ơ", "ơi", "ơt", "yên", "yêt", "y", "yt", "ych", "ynh", "ênh", "yn", "eo", "uôc", "ôc", "yp"}
)
_FRONT = frozenset("ieêy")
_TONE_KEYS = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONE_DIGITS = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_STOPPED = ("p", "t", "c", "ch")
_SHARP_OR_HEAVY = frozenset({"\u0301", "\u0323"})
_GLIDES = frozenset("iyuo")
_VOWELS = frozenset("aăâeêioôơuưy")
_PLAIN = {"â": "a", "ă": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u"}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_WORD = re.compile(r"(?<![^\W_])[A-Za-z][A-Za-z0-9]*(?![^\W_])")
_MAX_KEYS = 12
#: Names of places here that the tables would refuse: Bắc Kạn, sông Mê Kông.
_K_NAMES = frozenset({"an", "ông"})
#: Words of English (and signs) that are keys of a syllable as well.
FOREIGN = _table(
    """
    as is us his has this thus of or if air bar car far her hair chair pair their our tar
    war door floor poor for nor max box mix tax six fox fix lex sex see bee been seen teen
    green too two moon noon soon food book good room loom low how now cow law raw saw new
    bus gas yes pos gis bis bas las los des les dos plus mas maas saas paas daas haas dr mr
    sir tor thanks laos bear dear hear near tear year soar does goes his him ours tour hour
    hours post best last cost test most past est lens tree town born theme tee nee boong
    xoong der per er es curi sans turn par more core this co2 so2 no2 o2 o3 e5 a4 a3 u20 u23
    """
)


def decode(typed: str) -> str | None:
    """Return the text with its Telex and VNI words decoded; None when no word is surely keys."""
    shouted = typed.upper() == typed
    sure = False

    def read(match: re.Match[str]) -> str:
        nonlocal sure
        word = match.group()
        if not shouted and len(word) <= 4 and word.isupper() and len(word) > 1:
            return word
        keys = word.lower()
        syllable = syllable_of(keys)
        if syllable is None or synonyms.thesaurus().knows(keys):
            return word
        # A sign of chemistry or paper (CO2, A4) is short and has one digit.
        short = any(key.isdigit() for key in keys) and len(keys) <= 3
        sure = sure or not (short or keys in FOREIGN)
        if word.isupper() and len(word) > 1:
            return syllable.upper()
        return syllable[0].upper() + syllable[1:] if word[0].isupper() else syllable

    read_as = _WORD.sub(read, typed)
    return read_as if sure else None


@lru_cache(maxsize=20_000)
def syllable_of(keys: str) -> str | None:
    """Return the marked syllable that lower-case keys make, or None."""
    if not 2 <= len(keys) <= _MAX_KEYS:
        return None
    pressed = _vni(keys) if any(key.isdigit() for key in keys) else _telex(keys)
    if pressed is None:
        return None
    letters, tone = pressed
    if not tone and letters == keys:
        return None
    spelled = _spelled(letters, tone)
    return spelled and _written_somewhere(spelled)


@lru_cache(maxsize=1)
def _attested() -> dict[str, list[tuple[int, str]]]:
    """Return syllable without hats, horns and đ (its tone kept) → (count, syllable), most used first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            syllable, count = line.split("\t")
            found.setdefault(_hatless(syllable), []).append((int(count), syllable))
    return {key: sorted(values, reverse=True) for key, values in found.items()}


def _hatless(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable.replace("đ", "d"))
    return "".join(letter for letter in letters if letter not in "\u0302\u0306\u031b")


def _attests(syllable: str | None) -> bool:
    normal = text.normalise(syllable or "")
    return any(normal == other for _count, other in _attested().get(_hatless(normal), ()))


def _written_somewhere(syllable: str) -> str:
    """Return the syllable, or, when nobody writes it, the most used one with a hat forgotten."""
    normal = text.normalise(syllable)
    known = _attested().get(_hatless(normal), ())
    if _attests(syllable) or not known:
        return syllable
    if normal.startswith("đ") or any(letter in _PLAIN for letter in normal):
        return syllable
    return known[0][1]


def _telex(keys: str) -> tuple[str, str] | None:
    """Return the letters and the tone that Telex keys make; None for a key pressed twice."""
    letters: list[str] = []
    tone = ""
    late = False
    for place, key in enumerate(keys):
        voiced = any(letter in _VOWELS for letter in letters)
        if tone and key in _VOWELS and key not in letters:
            # A glide may follow the tone (`masy`), another vowel does not (`visa`).
            if key not in _GLIDES:
                return None
            late = True
        if key in _TONE_KEYS and voiced:
            if tone:
                return None
            tone = _TONE_KEYS[key]
        elif key == "w":
            if not _horn(letters, breve=True):
                if voiced:
                    return None
                letters.append("ư")
        elif key in _CIRCUMFLEX and key in letters and not (key == "o" and "a" in letters):
            letters[len(letters) - 1 - letters[::-1].index(key)] = _CIRCUMFLEX[key]
        elif key == "d" and letters[:1] == ["d"] and (place == 1 or place == len(keys) - 1):
            letters[0] = "đ"
        elif key.isalpha():
            letters.append(key)
        else:
            return None
    if late and not _attests(_spelled("".join(letters), tone)):
        return None
    return "".join(letters), tone


def _vni(keys: str) -> tuple[str, str] | None:
    """Return the letters and the tone that VNI keys make; None for a digit without a place."""
    letters: list[str] = []
    tone = ""
    for key in keys:
        if not key.isdigit():
            letters.append(key)
            continue
        if key in _TONE_DIGITS:
            if tone or not any(letter in _VOWELS for letter in letters):
                return None
            tone = _TONE_DIGITS[key]
        elif key == "6":
            places = [place for place, letter in enumerate(letters) if letter in _CIRCUMFLEX]
            if not places:
                return None
            letters[places[-1]] = _CIRCUMFLEX[letters[places[-1]]]
        elif key == "7":
            if not _horn(letters, breve=False):
                return None
        elif key == "8" and "a" in letters:
            letters[letters.index("a")] = "ă"
        elif key == "9" and letters[:1] == ["d"]:
            letters[0] = "đ"
        else:
            return None
    return "".join(letters), tone


def _horn(letters: list[str], *, breve: bool) -> bool:
    """Put the horn (or, for Telex, the breve) where it belongs; return whether it has a place."""
    word = "".join(letters)
    start = 2 if word.startswith("qu") else 0
    pair = word.find("uo", start)
    if pair >= 0:
        letters[pair : pair + 2] = ["ư", "ơ"]
        return True
    if word.find("ưo", start) >= 0:
        letters[word.find("ưo", start) + 1] = "ơ"
        return True
    if word.find("uơ", start) >= 0:
        letters[word.find("uơ", start)] = "ư"
        return True
    into = {"u": "ư", "o": "ơ"}
    if breve and "a" in letters and not ("u" in letters[start:] and word.endswith("ua")):
        letters[letters.index("a")] = "ă"
        return True
    for place in range(start, len(letters)):
        if letters[place] in into:
            letters[place] = into[letters[place]]
            return True
    return False


def _spelled(letters: str, tone: str) -> str | None:
    """Return the syllable with its tone placed, or None for one Vietnamese cannot have."""
    for length in (3, 2, 1, 0):
        onset, rime = letters[:length], letters[length:]
        if (not onset or onset in ONSETS) and rime and _fits(onset, rime):
            break
    else:
        if letters != "gi":
            return None
        onset, rime = "g", "i"
    if rime == "ươ":
        rime = "uơ"
    if rime.endswith(_STOPPED) and tone not in _SHARP_OR_HEAVY:
        return None
    if not tone:
        return onset + rime
    place = _tone_place(rime)
    toned = unicodedata.normalize("NFC", rime[place] + tone)
    return onset + rime[:place] + toned + rime[place + 1 :]


def _fits(onset: str, rime: str) -> bool:
    front = rime[0] in _FRONT
    if onset == "k" and rime in _K_NAMES:
        return True
    if onset in {"k", "gh", "ngh"}:
        return front and rime in RIMES
    if onset in {"c", "ng"}:
        return not front and (rime in RIMES or rime == "ươ")
    if onset == "g":
        return (not front or (rime[0] == "i" and rime != "ia")) and rime in RIMES
    if onset == "gi":
        return rime in _AFTER_GI or (not front and rime in RIMES) or rime in {"eo", "e"}
    if onset == "qu":
        return rime in _AFTER_QU or (rime[0] in "aăâeêi" and rime in RIMES)
    return rime in RIMES or rime == "ươ"


def _tone_place(rime: str) -> int:
    """Return where the tone of a rime is written, as laws write it (hòa, thủy, quyến)."""
    marked = [place for place, letter in enumerate(rime) if letter in _PLAIN]
    if marked:
        return marked[-1]
    vowels = [place for place, letter in enumerate(rime) if letter in _VOWELS]
    if len(vowels) < len(rime):
        return vowels[-1]
    return vowels[len(vowels) // 2] if len(vowels) == 3 else vowels[0]
