"""A reader of the English pages meets English; a reader of the Vietnamese ones, Vietnamese."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType
from django.utils import translation

from portal import catalogues

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "site" / "locale"
ENGLISH = LOCALE / "en/LC_MESSAGES/django.po"
KEPT = [LOCALE / "vi/LC_MESSAGES/django.po", LOCALE / "vi/LC_MESSAGES/djangojs.po"]
ALL = [ENGLISH, *KEPT]

VIETNAMESE = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
#: Files whose Vietnamese is data, or is written for whoever runs the site.
DATA = re.compile(
    r"/(data|demo|management)/|accounts/demo\.py$"
    r"|moderation/canned\.py$"  # first texts of a list that moderators rewrite, in both languages
    r"|accounts/permissions\.py$"  # groups as they are named in the database
    r"|common/tongues\.py$"  # the letters of the language
    r"|common/wording\.py$|taxonomy/(names|selectors)\.py$"  # dates and places, in both languages
    r"|documents/loading\.py$"  # first texts of a page that editors rewrite
    r"|portal/styleguide\.py$|templates/styleguide\.html$"  # samples, as data on a page of staff
    r"|^search/(text|decoding|function_words)\.py$"  # the letters and words themselves
    r"|site/portal/(env|catalogues)\.py$|site/portal/settings/"  # read in a terminal or a log
)
#: Words compared, never shown.
ALLOWED = {"Đ", "đ", "ĐN", "(minh họa)", "minh họa"}


def name_of(path: Path) -> str:
    return f"{path.parts[-3]}-{path.stem}"


def of(path: Path) -> polib.POFile:
    return polib.pofile(str(path))


@pytest.fixture(scope="module")
def ours() -> dict[tuple[str | None, str], catalogues.Found]:
    return catalogues.our_texts(ROOT)


def test_every_way_to_mark_a_text_is_read():
    template = """
    {% load i18n %}{# _("ghi chú") #}{% translate "Lưu" %}{% trans 'Rút' as word %}
    {% translate "Tin" context "số nhiều" %}{{ x|default:_("Khác") }}
    {% include "x.html" with label=_("Tên") %}
    {% blocktranslate trimmed with n=1 %}
      Bước {{ n }}
      trên chín
    {% endblocktranslate %}
    {% blocktranslate count n=2 %}{{ n }} việc{% plural %}{{ n }} các việc{% endblocktranslate %}
    {% blocktranslate context "chỗ" count n=2 %}Ô{% plural %}{{ n }} ô{% endblocktranslate %}
    """
    text = catalogues.Text
    assert set(catalogues.texts_of_template(template)) == {
        text("Lưu"),
        text("Rút"),
        text("Tin", context="số nhiều"),
        text("Khác"),
        text("Tên"),
        text("Bước %(n)s trên chín"),
        text("%(n)s việc", plural="%(n)s các việc"),
        text("Ô", plural="%(n)s ô", context="chỗ"),
    }
    python = """
from django.utils.translation import gettext_lazy as _
_("Lưu"); translation.gettext("Câu " "dài"); pgettext("số nhiều", "Tin")
ngettext("một", "nhiều", n); npgettext("chỗ", "ô", "các ô", n); _(word); print("Rút")
"""
    assert set(catalogues.texts_of_python(python)) == {
        text("Lưu"),
        text("Câu dài"),
        text("Tin", context="số nhiều"),
        text("một", plural="nhiều"),
        text("ô", plural="các ô", context="chỗ"),
    }


def test_every_text_of_ours_is_in_the_english_catalogue_and_nothing_else(ours):
    known = {(entry.msgctxt, entry.msgid) for entry in of(ENGLISH)}
    assert set(ours) - known == set(), "run `make messages`, then translate"
    assert known - set(ours) == set(), "run `make messages`: no code or template says this any more"


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_translations_are_whole_sure_and_keep_their_placeholders(path):
    assert catalogues.faults(of(path)) == []


def test_a_missing_word_a_doubt_and_a_lost_placeholder_are_noticed():
    entries = [
        polib.POEntry(msgid="Lưu", msgstr=" "),
        polib.POEntry(msgid="Gửi", msgstr="Send", flags=["fuzzy"]),
        polib.POEntry(msgid="Còn %(n)s chỗ", msgstr="%(m)s left"),
        polib.POEntry(msgid="Tối đa {limit} từ", msgstr="At most {limits} words"),
        polib.POEntry(msgid="Rút", msgstr="Withdraw", obsolete=True),
        polib.POEntry(
            msgid="%(n)s từ", msgid_plural="%(n)s từ", msgstr_plural={0: "one word", 1: "words"}
        ),
        polib.POEntry(msgid="Đầy %(percent)s%%", msgstr="%(percent)s%% full"),
    ]
    assert len(catalogues.faults(entries)) == 6


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_what_the_site_reads_is_compiled_from_what_translators_write(path):
    assert path.with_suffix(".mo").read_bytes() == of(path).to_binary()


@pytest.mark.parametrize("path", KEPT, ids=name_of)
def test_what_we_translate_of_others_they_still_say(path):
    known = catalogues.catalogue(path, "vi")
    texts, unknown = catalogues.kept(known, catalogues.installed_texts(path.stem))
    assert len(texts) > 100
    assert unknown == []


def test_english_keeps_no_vietnamese_letters():
    left = {
        entry.msgid: said
        for entry in of(ENGLISH)
        for said in [entry.msgstr, *entry.msgstr_plural.values()]
        if VIETNAMESE.search(said)
    }
    assert left == {}


def test_a_page_speaks_the_language_it_is_asked_in():
    with translation.override("en"):
        assert translation.gettext("Gửi xem xét") == "Send for review"
        assert translation.ngettext("%(n)s kết quả", "%(n)s kết quả", 1) == "%(n)s result"
        assert translation.ngettext("%(n)s kết quả", "%(n)s kết quả", 2) == "%(n)s results"
    with translation.override("vi"):
        assert translation.gettext("Gửi xem xét") == "Gửi xem xét"


# --- texts that no catalogue can reach -----------------------------------------------------------


def loose_in_template(source: str) -> Iterator[str]:
    """Yield Vietnamese outside translation tags and comments."""
    skipping = ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK and skipping:
            skipping = "" if name == skipping else skipping
        elif token.token_type == TokenType.BLOCK and name in ("comment", "blocktranslate"):
            skipping = f"end{name}"
        elif not (skipping or token.token_type == TokenType.COMMENT or name == "translate"):
            text = re.sub(r"""_\((".*?"|'.*?')\)""", "", token.contents)
            # Words that a tag compares with are data.
            quoted = re.findall(r'"(.*?)"', text) if token.token_type == TokenType.BLOCK else []
            if VIETNAMESE.search(text) and not ALLOWED.issuperset(quoted or [text]):
                yield " ".join(text.split())


def is_logged(call: ast.Call) -> bool:
    """Return whether a call writes to the log, which is read by whoever runs the site."""
    func = call.func
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "logger"
    )


def loose_in_python(source: str) -> Iterator[str]:
    """Yield Vietnamese string literals that are no docstring, not logged and not in gettext."""
    tree = ast.parse(source)
    bound: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (
            catalogues.name_of(node) in catalogues.FUNCTIONS or is_logged(node)
        ):
            bound.update(id(argument) for argument in node.args)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            bound.add(id(node.value))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in bound
            and node.value not in ALLOWED
            and VIETNAMESE.search(node.value)
        ):
            yield f"{node.lineno}: {node.value}"


def loose() -> Iterator[str]:
    """Yield every such text of ours with its place."""
    for path in catalogues.sources(ROOT):
        place = path.relative_to(ROOT).as_posix()
        if not DATA.search(place):
            read = loose_in_python if path.suffix == ".py" else loose_in_template
            for text in read(path.read_text(encoding="utf-8")):
                yield f"{place}: {text}"


def test_no_vietnamese_stands_where_no_catalogue_reaches_it():
    assert list(loose()) == []


def test_what_is_out_of_reach_is_noticed():
    template = '{# ẩn #}<a title="Xóa">{% translate "Lưu" %}</a>{{ x|default:_("Rút") }}'
    assert list(loose_in_template(template)) == ['<a title="Xóa">']
    assert list(loose_in_python('"""Lời dẫn."""\nf(_("Lưu"))\nf("Xóa")')) == ["3: Xóa"]
