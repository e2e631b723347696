"""Texts of code and templates, and the catalogues that carry them into another language.

Vietnamese is the source of our own texts, so `en` follows from what code and templates hold. The
packages we install speak English; what they lack in Vietnamese is kept by hand in `vi`. Neither
needs the gettext programs: a fresh machine has none.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django
import polib
from django.apps import apps
from django.utils.translation.template import templatize

#: Name of a gettext function → positions of (context, text, plural) among its arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
#: Folders of our own code and templates, below the project's root.
CODE = ("cms", "registry", "search", "site/portal")
TEMPLATES = ("templates",)
OURS = ("cms", "registry", "search", "portal")
HEADERS = {
    "en": "The interface in English. Msgids follow from code and templates: `make messages`.",
    "vi": "What installed packages say in English only. Msgids are kept by hand.",
}
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "vi": "nplurals=1; plural=0;"}
FORMS = {"en": 2, "vi": 1}

_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(
    rf"(?<!\w)(?P<name>n?p?gettext|_)\(\s*(?P<texts>{_STRING}(?:,\s*{_STRING})*)\s*(?:,\s*count)?\)"
)
_PLACEHOLDER = re.compile(
    r"%\((?P<name>[^)]+)\)(?:\.\d+)?[a-z]|%(?:\.\d+)?[sdfr]|\{[\w.]*(?:![a-z])?(?::[^{}]*)?\}"
)


@dataclass(frozen=True)
class Text:
    """One text to translate: what it says, its plural form and its context, if any."""

    msgid: str
    plural: str = ""
    context: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        """What a catalogue knows the text by."""
        return (self.context, self.msgid)


@dataclass
class Found:
    """A text with the files it stands in, relative to the project's root."""

    text: Text
    places: set[str] = field(default_factory=set)


def name_of(call: ast.Call) -> str:
    """Return the last part of the called function's name, or ""."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def texts_of_python(source: str) -> Iterator[Text]:
    """Yield what the gettext calls of a Python source hold as plain strings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node) in FUNCTIONS:
            arguments = [
                argument.value
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                else None
                for argument in node.args
            ]
            yield from _text(name_of(node), arguments)


def texts_of_template(source: str) -> Iterator[Text]:
    """Yield what the translation tags and `_("…")` of a Django template hold."""
    for match in _CALL.finditer(templatize(source)):
        literals = re.findall(_STRING, match["texts"])
        yield from _text(match["name"], [ast.literal_eval(literal) for literal in literals])


def _text(function: str, arguments: list[str | None]) -> Iterator[Text]:
    context_at, text_at, plural_at = FUNCTIONS[function]

    def at(position: int | None) -> str | None:
        return arguments[position] if position is not None and position < len(arguments) else None

    msgid = at(text_at)
    if msgid:
        yield Text(msgid, plural=at(plural_at) or "", context=at(context_at))


def sources(root: Path) -> Iterator[Path]:
    """Yield our own Python modules and templates; no migrations, which are written once."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    for folder in TEMPLATES:
        yield from sorted(path for path in (root / folder).rglob("*.*") if path.is_file())


def our_texts(root: Path) -> dict[tuple[str | None, str], Found]:
    """Return every text of our code and templates by its key."""
    found: dict[tuple[str | None, str], Found] = {}
    for path in sources(root):
        read = texts_of_python if path.suffix == ".py" else texts_of_template
        for text in read(path.read_text(encoding="utf-8")):
            known = found.setdefault(text.key, Found(text))
            # Used with a number somewhere: the plural form serves both.
            if text.plural and not known.text.plural:
                known.text = text
            known.places.add(path.relative_to(root).as_posix())
    return found


def installed_texts(domain: str) -> dict[tuple[str | None, str], Found]:
    """Return what the installed packages' own catalogues know, by key; places are app names.

    `domain` is "django" or "djangojs". Where a package ships an English catalogue it lists every
    text; else the catalogues of all its languages together do.
    """
    found: dict[tuple[str | None, str], Found] = {}
    folders = {"django": Path(django.__file__).parent / "conf"}
    for config in apps.get_app_configs():
        if config.module is not None and not config.name.startswith(OURS):
            folders[config.name] = Path(config.path)
    for app, folder in folders.items():
        for catalogue in _catalogues(folder, domain):
            for entry in polib.pofile(str(catalogue)):
                if not entry.obsolete:
                    text = Text(entry.msgid, entry.msgid_plural, entry.msgctxt)
                    found.setdefault(text.key, Found(text)).places.add(app)
    return found


def _catalogues(folder: Path, domain: str) -> list[Path]:
    english = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if english.is_file():
        return [english]
    return sorted((folder / "locale").glob(f"*/LC_MESSAGES/{domain}.po"))


def kept(
    known: polib.POFile, installed: dict[tuple[str | None, str], Found]
) -> tuple[dict[tuple[str | None, str], Found], list[str]]:
    """Return the texts of a hand-kept catalogue with the apps they come from.

    The second part lists those that no installed package knows (a slip of the pen, or gone with
    a newer version); they stay in the catalogue until someone looks at them.
    """
    texts: dict[tuple[str | None, str], Found] = {}
    unknown = []
    for entry in known:
        key = (entry.msgctxt, entry.msgid)
        found = installed.get(key)
        if found is None:
            unknown.append(entry.msgid)
            found = Found(Text(entry.msgid, entry.msgid_plural, entry.msgctxt))
        texts[key] = found
    return texts, unknown


def placeholders(text: str) -> Counter[str]:
    """Return how often each %(name)s, %s and {name} stands in a text."""
    return Counter(match[0] for match in _PLACEHOLDER.finditer(text.replace("%%", "")))


def catalogue(path: Path, language: str) -> polib.POFile:
    """Return the catalogue at `path`, or an empty one with the header of `language`."""
    known = polib.pofile(str(path), wrapwidth=98) if path.exists() else polib.POFile(wrapwidth=98)
    known.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    known.header = HEADERS[language]
    return known


def renewed(
    known: polib.POFile, texts: dict[tuple[str | None, str], Found], forms: int
) -> polib.POFile:
    """Return a catalogue of exactly `texts`, sorted, with the translations already known."""
    old = {(entry.msgctxt, entry.msgid): entry for entry in known if not entry.obsolete}
    new = polib.POFile(wrapwidth=98)
    new.metadata, new.header = known.metadata, known.header
    for key in sorted(texts, key=lambda pair: (pair[1], pair[0] or "")):
        found, before = texts[key], old.get(key)
        entry = polib.POEntry(
            msgid=found.text.msgid,
            msgctxt=found.text.context,
            occurrences=[(place, "") for place in sorted(found.places)],
            comment=before.comment if before else "",
            tcomment=before.tcomment if before else "",
            flags=[flag for flag in before.flags if flag == "fuzzy"] if before else [],
        )
        if found.text.plural:
            entry.msgid_plural = found.text.plural
            said = before.msgstr_plural if before else {}
            entry.msgstr_plural = {
                number: said.get(number) or (before.msgstr if before else "")
                for number in range(forms)
            }
        elif before:
            entry.msgstr = before.msgstr or before.msgstr_plural.get(0, "")
        new.append(entry)
    return new


def write(path: Path, new: polib.POFile) -> bool:
    """Write a catalogue and its compiled form beside it; return whether either changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    compiled = path.with_suffix(".mo")
    text, binary = f"{new}".rstrip("\n") + "\n", new.to_binary()
    changed = False
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        changed = True
    if not compiled.exists() or compiled.read_bytes() != binary:
        compiled.write_bytes(binary)
        changed = True
    return changed


def faults(entries: Iterable[polib.POEntry]) -> list[str]:
    """Return what is wrong with the entries of a catalogue, a sentence each."""
    wrong = []
    for entry in entries:
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        asked = placeholders(entry.msgid_plural or entry.msgid)
        if entry.obsolete:
            wrong.append(f"bỏ rồi: {entry.msgid!r}")
        elif entry.fuzzy:
            wrong.append(f"chưa chắc: {entry.msgid!r}")
        elif not all(text.strip() for text in said):
            wrong.append(f"chưa dịch: {entry.msgid!r}")
        elif placeholders(said[-1]) != asked or any(
            placeholders(text) - asked for text in said[:-1]
        ):
            wrong.append(f"lệch chỗ trống: {entry.msgid!r} → {said!r}")
        elif any(
            text.startswith(mark) != entry.msgid.startswith(mark)
            or text.endswith(mark) != entry.msgid.endswith(mark)
            for text in said
            for mark in ("\n", " ")
        ):
            wrong.append(f"lệch đầu cuối: {entry.msgid!r} → {said!r}")
    return wrong
