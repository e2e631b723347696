"""Template tags of the design system: marks, dates, fields, moves between languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.contrib.staticfiles import finders
from django.core.exceptions import DisallowedHost
from django.forms import BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from cms.navigation import home_url
from cms.pages import maps
from registry.common import tongues, wording
from registry.taxonomy import selectors as taxonomy

register = template.Library()

register.filter("day", wording.day)
register.filter("moment", wording.moment)
register.filter("deadline", wording.deadline)
register.filter("money", wording.money)

_TAG = re.compile(r"(<[^>]*>)")
#: Days an entry keeps its four bricks; one brick stands for 45 days.
FRESH_DAYS = 180
BRICKS = 4


@register.filter(is_safe=True)
def bind(text: Any) -> SafeString:
    """Keep Vietnamese compounds of a heading on one line, and mark them as `written` does."""
    return mark_safe(wording.bind(written(text)))


@register.filter(is_safe=True)
def written(text: Any) -> SafeString:
    """Mark what is Vietnamese in a text that somebody wrote, on pages in another language.

    For data, never for words of the interface: those are translated.
    """
    plain = str(text if text is not None else "")
    if (get_language() or "vi").startswith("vi") or not tongues.has_signs(plain):
        return escaped(plain)
    if not isinstance(text, SafeString):
        return _marked(plain)
    if '<span lang="vi">' in plain:  # words of the interface around data that is marked already
        return text
    if tongues.is_vietnamese(strip_tags(plain)):
        return format_html('<span lang="vi">{}</span>', text)
    # What stands between the tags is escaped already.
    pieces = _TAG.split(plain)
    return mark_safe("".join(p if p[:1] == "<" else _marked(mark_safe(p)) for p in pieces))


def escaped(text: Any) -> SafeString:
    """Return a text as markup. Django's own `escape` first asks of each whether it is a promise."""
    plain = str(text)
    return plain if isinstance(plain, SafeString) else mark_safe(escape(plain))


def _marked(text: str) -> SafeString:
    safe = isinstance(text, SafeString)
    parts = ((mark_safe(part) if safe else part, own) for part, own in tongues.parts(text))
    return format_html_join(
        "", "{}", ((format_html('<span lang="vi">{}</span>', p) if own else p,) for p, own in parts)
    )


@register.filter
def number(value: Any, places: int = 0) -> str:
    """Write `1.250`; anything that is no number stays as it is."""
    if isinstance(value, bool) or not hasattr(value, "__round__"):
        return str(value if value is not None else "")
    return wording.number(value, places)


@register.filter
def at(items: Sequence[Any], place: int) -> Any:
    """Return the item at a place, counted from 0: `{{ cards|at:forloop.counter0 }}`."""
    return items[place]


# ── drawings


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; it is decoration, so name the action in words beside it."""
    return _icon(name)


@cache
def _icon(name: str) -> SafeString:
    # A page shows some twenty; where the sprite lies stays the same while the process lives.
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )


@cache
def _plate_exists(name: str) -> bool:
    return finders.find(f"art/plates/{name}.svg") is not None


@register.simple_tag
def plate(code: str = "") -> SafeString:
    """Draw the plate of a sector (`lua-gao`, also of its second level) or of a scene (`ghe`)."""
    name = taxonomy.parents("sector").get(str(code or ""), str(code or ""))
    if not name.replace("-", "").isalnum() or not _plate_exists(name):
        name = "chau-tho"
    return format_html(
        '<svg class="plate" viewBox="0 0 320 200" aria-hidden="true"><use href="{}#p"></use></svg>',
        static(f"art/plates/{name}.svg"),
    )


@register.filter
def has_plate(code: str) -> bool:
    """Whether a sector has a plate of its own: true for the first level only."""
    return _plate_exists(str(code))


@register.inclusion_tag("components/commune_map.html")
def commune_map(code: str, label: str = "") -> dict[str, Any]:
    """Draw the province with one commune standing out: `{% commune_map unit.code unit.name %}`."""
    return {"map": maps.locator(code), "label": label}


# ── marks


# Each mark is rendered once for the same values: results show few of them many times.


@register.simple_tag
def trl(level: Any) -> SafeString:
    """Draw the nine-unit ruler of a row: `{% trl offer.trl %}`."""
    return _trl(_level(level))


@cache
def _trl(level: int) -> SafeString:
    return render_to_string("components/trl.html", {"level": level})


@register.inclusion_tag("components/trl_ruler.html")
def trl_ruler(level: Any) -> dict[str, Any]:
    """Draw the large ruler of a detail page."""
    return {"level": _level(level), "levels": range(1, 10)}


def _level(value: Any) -> int:
    try:
        level = int(value)
    except (TypeError, ValueError):
        return 0
    return level if 1 <= level <= 9 else 0


@register.simple_tag
def fresh(confirmed_on: date | datetime | str | None, life_days: int = FRESH_DAYS) -> SafeString:
    """Draw how long ago an entry was confirmed: `{% fresh hit.confirmed_on %}`."""
    on = _as_date(confirmed_on)
    age = (timezone.localdate() - on).days if on else 0
    return _fresh(on, age, life_days, get_language())


@lru_cache(maxsize=2_000)
def _fresh(on: date | None, age: int, life_days: int, language: str | None) -> SafeString:
    left = bricks_left(age, life_days)
    bricks = tuple(step < left for step in range(BRICKS))
    values = {"confirmed_on": on, "bricks": bricks, "old": left <= 1}
    return render_to_string("components/freshness.html", values)


def bricks_left(age: int, life_days: int = FRESH_DAYS) -> int:
    """Return how many of four bricks stand after so many days: one falls each quarter of the life,
    the last stays."""
    return max(1, BRICKS - max(0, age) * BRICKS // life_days)


def _as_date(value: date | datetime | str | None) -> date | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


_TONES = {"neutral": "", "wait": "wait", "good": "good", "attention": "att", "bad": "bad"}


@register.simple_tag
def state(tone: str, label: Any) -> SafeString:
    """Draw a state badge: ○ neutral, ◔ wait, ● good, ▲ attention, ✕ bad."""
    shown = _TONES.get(tone, tone if tone in _TONES.values() else "")
    return _state(shown, label if isinstance(label, SafeString) else str(label))


# By type as well: what is safe already equals, as text, what is not.
@lru_cache(maxsize=500, typed=True)
def _state(tone: str, label: str) -> SafeString:
    return render_to_string("components/state.html", {"tone": tone, "label": label})


@register.inclusion_tag("components/meter.html")
def meter(percent: int, label: str = "") -> dict[str, Any]:
    """Draw completeness as 25 bricks."""
    percent = min(100, max(0, int(percent or 0)))
    return {
        "bricks": [step * 4 < percent for step in range(25)],
        "percent": percent,
        "label": label or gettext("Đầy đủ %(percent)d phần trăm") % {"percent": percent},
    }


@register.filter
def priced(kind: str) -> str:
    """Say how something is priced in a row: "Giá: thỏa thuận"."""
    return _priced(str(kind), get_language())


@lru_cache(maxsize=100)
def _priced(kind: str, language: str | None) -> str:
    return gettext("Giá: %(type)s") % {"type": kind.lower()}


# ── forms


def _widget_kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.MultiWidget):
        return "multi"
    return "input"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, kind: str = "", help: str = "", **attrs: Any) -> dict[str, Any]:
    """Show a form field: label, help, error, control, in that order.

    `kind="tick"` shows choices as the nine TRL keys. Further arguments become attributes of the
    control, with `_` for `-`: `{% field form.name autocomplete="organization" %}`.
    """
    kind = kind or _widget_kind(bound)
    html_id = bound.auto_id
    help_text = help or bound.help_text
    described = [
        name
        for name, present in ((f"{html_id}_help", help_text), (f"{html_id}_error", bound.errors))
        if present
    ]
    extra: dict[str, Any] = {key.replace("_", "-"): value for key, value in attrs.items()}
    extra["aria-describedby"] = " ".join(described) or False
    if bound.errors:
        extra["aria-invalid"] = "true"
    most = getattr(bound.field, "max_length", None)
    counted = bool(kind == "textarea" and most)
    if kind in {"input", "textarea", "file", "multi"}:
        known = bound.field.widget.attrs.get("class", "")
        extra["class"] = f"in1 {known}".strip()
        # A longer paste must reach the form, which says how much is too much; never cut in silence.
        extra["maxlength"] = False
    if kind == "file":
        extra |= {
            "data-choose": gettext("Chọn tệp"),
            "data-none": gettext("Chưa chọn tệp"),
        }
    if counted:
        extra |= {"data-count": f"{html_id}_count", "data-most": most}
    grouped = kind in {"radios", "checks", "tick"}
    return {
        "bound": bound,
        "kind": kind,
        "id": html_id,
        "help_text": help_text,
        "control": "" if grouped else bound.as_widget(attrs=extra),
        "options": list(bound) if grouped else [],
        "described": " ".join(described),
        "most": most if counted else None,
        "used": len(str(bound.value() or "")) if counted else 0,
        "optional": not bound.field.required
        and kind != "check"
        # A page that asks nothing else says so once, above the form.
        and not getattr(bound.form, "all_optional", False),
        "hidden": bound.is_hidden,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: Any) -> dict[str, Any]:
    """List what is to be mended, each linked to its field: `{% error_summary form formset %}`."""
    items = [item for source in sources for item in _problems(source)]
    return {
        "items": items,
        "title": ngettext("Có %(n)d chỗ cần sửa.", "Có %(n)d chỗ cần sửa.", len(items))
        % {"n": len(items)},
    }


def _problems(source: Any) -> Iterator[dict[str, Any]]:
    if source is None:
        return
    if isinstance(source, forms.BaseFormSet):
        for message in source.non_form_errors() if source.is_bound else ():
            yield {"message": message, "target": ""}
        for form in source.forms:
            yield from _problems(form)
        return
    for name, messages in source.errors.items():
        bound = source[name] if name in source.fields else None
        for message in messages:
            yield {
                "label": str(bound.label) if bound is not None else "",
                "message": message,
                "target": bound.auto_id if bound is not None and not bound.is_hidden else "",
            }


# ── moving about


@register.inclusion_tag("components/crumb.html")
def crumbs(*parts: Any) -> dict[str, Any]:
    """Show the path: `{% crumbs "Danh bạ" url "TC 0093" %}`, label and address in turn, last alone."""
    pairs = list(zip(parts[:-1:2], parts[1::2], strict=False))
    current = parts[-1] if len(parts) % 2 else ""
    return {"links": pairs, "current": current, "home": home_url()}


@register.simple_tag(name="home_url")
def home_url_tag() -> str:
    """The home page in the active language."""
    return home_url()


@register.inclusion_tag("components/pagination.html")
def pagination(
    current: int, total: int, query: Any = "", parameter: str = "trang"
) -> dict[str, Any]:
    """Show page links that keep the query: `{% pagination page.number pages request.GET %}`."""
    current = min(max(1, int(current or 1)), max(1, int(total or 1)))
    base = _without(query, parameter)

    def address(page: int) -> str:
        pairs = base if page == 1 else [*base, (parameter, str(page))]
        return "?" + urlencode(pairs)

    return {
        "pages": [
            {"number": page, "url": address(page) if page else "", "current": page == current}
            for page in _window(current, int(total or 1))
        ],
        "previous": address(current - 1) if current > 1 else "",
        "next": address(current + 1) if current < total else "",
        "many": total > 1,
    }


def _without(query: Any, parameter: str) -> list[tuple[str, str]]:
    if isinstance(query, str):
        query = QueryDict(query.lstrip("?"))
    if isinstance(query, QueryDict):
        return [
            (key, value) for key, values in query.lists() for value in values if key != parameter
        ]
    return [(key, str(value)) for key, value in dict(query or {}).items() if key != parameter]


def _window(current: int, total: int) -> Iterable[int]:
    """Return the page numbers to show, with 0 where some are left out."""
    wanted = sorted({1, total, current - 1, current, current + 1} & set(range(1, total + 1)))
    if current <= 2:
        wanted = sorted(set(wanted) | set(range(1, min(3, total) + 1)))
    shown: list[int] = []
    for page in wanted:
        if shown and page - shown[-1] == 2:
            shown.append(page - 1)
        elif shown and page - shown[-1] > 2:
            shown.append(0)
        shown.append(page)
    return shown


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, address: str = "") -> str:
    """Return an address with scheme and host; without one, this page's without its query."""
    request = context.get("request")
    if request is None:
        return address
    try:
        return str(request.build_absolute_uri(address or request.path))
    except DisallowedHost:
        # The page that refuses a forged host must not fail over the same host.
        return address or str(request.path)
