"""The style page: every component of `templates/components` with its context, in one place.

Shown to staff, and to everybody where DEBUG is on. A component without a sample fails a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.taxonomy import selectors as taxonomy
from search.shown_facets import Facet, Option

#: Samples are dated so that a picture taken tomorrow is the picture of today.
DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
_NOTE = re.compile(r"{%\s*comment\s*%}(.*?){%\s*endcomment\s*%}|{#(.*?)#}", re.DOTALL)

#: Parts of the frame of every page or of a page of the tree: seen around this page, or there.
FRAME = {
    "masthead",
    "footer",
    "logo",
    "messages",
    "page_tools",
    "follow",
    "error_page",
    "translation_notice",
}


class SampleForm(forms.Form):
    """One field of each look."""

    name = forms.CharField(label="Tên công nghệ", help_text="Một câu, không viết hoa toàn bộ.")
    summary = forms.CharField(label="Tóm tắt", widget=forms.Textarea, max_length=240)
    kind = forms.ChoiceField(
        label="Hình thức",
        choices=[("a", "Chuyển giao"), ("b", "Hợp tác")],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label="Tôi đã đọc và đồng ý")


@dataclass(frozen=True, slots=True)
class Sample:
    """A component at work: markup of a template that calls it, and its context."""

    markup: str
    context: dict[str, Any] = field(default_factory=dict)


def _include(name: str, **context: Any) -> Sample:
    return Sample(f'{{% include "components/{name}.html" %}}', context)


def _rows(name: str, **context: Any) -> Sample:
    return Sample(f'<ol class="rows">{{% include "components/{name}.html" %}}</ol>', context)


def _facet() -> Facet:
    names = [("lua-gao", "Lúa gạo", 12), ("dua", "Dừa", 9), ("thuy-san", "Thủy sản", 4)]
    values = tuple(Option(code, label, count, code == "dua") for code, label, count in names)
    return Facet("sector", "mau", "Lĩnh vực", "list", open=True, values=values)


def _trl_facet() -> Facet:
    counts = enumerate((0, 1, 2, 4, 6, 9, 12, 7, 3), start=1)
    values = tuple(Option(str(level), f"Mức {level}", count, level == 7) for level, count in counts)
    return Facet("trl", "mau-trl", "TRL", "histogram", open=True, values=values)


def samples() -> dict[str, Sample]:
    """Return a sample of every component, by the name of its file."""
    row = {
        "number": "CN 0412",
        "url": "#row_offer",
        "title": "Máy sấy cơm dừa dùng năng lượng mặt trời",
        "summary": "Giữ màu trắng, giảm nửa lượng củi; chế tạo trong tỉnh.",
        "owner": "Công ty TNHH Vàm Lộc (minh họa)",
        "place": "Xã An Bình",
        "trl": 8,
        "confirmed_on": DAY,
    }
    standing = {
        "code": "announced",
        "tone": "good",
        "label": "Sắp diễn ra",
        "sentence": "Còn 15 ngày để nộp.",
    }
    dated = {
        "number": "SK 0007",
        "url": "#row_event",
        "title": "Ngày hội khởi nghiệp đồng bằng sông Cửu Long",
        "summary": "Gặp nhà đầu tư, trình bày sản phẩm, xem máy chạy thật.",
        "day": date(2026, 12, 9),
        "weekday": "thứ tư",
        "when": "08:00–17:00",
        "place": "Phường Long Châu",
        "type": "Hội thảo",
        "year": 2026,
        "kind_label": "Cuộc thi",
        "award": "Sáng tạo trẻ (minh họa)",
        "due": True,
        "standing": standing,
    }
    bound = SampleForm({"name": ""})
    return {
        "alert": _include("alert", title="Cần bổ sung", text="Hồ sơ thiếu minh chứng.", tone="br"),
        "card": Sample(
            '<ul class="plates lst">{% include "components/card.html" %}</ul>',
            row | {"sector": "dua"},
        ),
        "chip": _include("chip", label="Lĩnh vực: Dừa", url="#chip"),
        "chips": _include(
            "chips",
            chips=[
                {"label": "Lĩnh vực: Dừa", "url": "#chips"},
                {"label": "TRL 7–9", "url": "#chips"},
            ],
            clear_url="#chips",
        ),
        "commune_map": Sample("{% commune_map code label %}", {"code": "", "label": ""}),
        "crumb": Sample("{% crumbs 'Danh bạ' '#crumb' 'TC 0093' %}"),
        "empty": _include(
            "empty",
            title="Chưa có hồ sơ nào",
            text="Tạo hồ sơ đầu tiên trong khoảng 10 phút.",
            url="#empty",
            action="Tạo hồ sơ",
        ),
        "error_summary": Sample("{% error_summary form %}", {"form": bound}),
        "facet": Sample(
            '{% include "components/facet.html" %}'
            '{% include "components/facet.html" with facet=levels %}',
            {"facet": _facet(), "levels": _trl_facet()},
        ),
        "field": Sample(
            "{% field form.name %}{% field form.summary rows=3 %}{% field form.kind %}"
            "{% field form.agreed %}",
            {"form": SampleForm(auto_id="mau_%s")},
        ),
        "field_messages": Sample(
            '<div class="f err">{% include "components/field_messages.html" %}</div>',
            {"bound": bound["name"], "id": "mau-loi", "help_text": "Một câu."},
        ),
        "find": _include("find", action="#find", id="mau-tim", q="máy sấy"),
        "freshness": Sample("{% fresh confirmed_on %}", {"confirmed_on": DAY}),
        "hidden_fields": _include("hidden_fields", pairs=[("trang", "2")]),
        "kv": _include(
            "kv",
            rows=[
                {"label": "Bên giao", "value": "Công ty TNHH Vàm Lộc (minh họa)"},
                {"label": "Loại giá", "value": "Thỏa thuận"},
            ],
        ),
        "meter": Sample("{% meter 64 %}"),
        "pagination": Sample("{% pagination 3 9 '' %}"),
        "panel": _include("panel", title="Hạn nộp", body="Trước 23:59 ngày 09/12/2026.", tone="br"),
        "row_award": _rows("row_award", row=dated | {"number": "GT 0003"}),
        "row_document": _rows(
            "row_document",
            row={
                "number": "268/2025/NĐ-CP",
                "url": "#row_document",
                "title": "Nghị định về trung tâm đổi mới sáng tạo",
                "type": "Nghị định",
                "issuer": "Chính phủ",
                "signed_on": DAY,
                "standing": standing,
            },
        ),
        "row_event": _rows("row_event", row=dated),
        "row_lab": _rows(
            "row_lab",
            **row | {"number": "TN 0003", "title": "Phòng thử nghiệm nước và thực phẩm"},
            accreditation="VILAS (minh họa)",
        ),
        "row_offer": _rows("row_offer", **row, price="Thỏa thuận", ip="Đã cấp bằng"),
        "row_organisation": _rows(
            "row_organisation",
            **row | {"number": "TC 0093", "title": "Công ty TNHH Vàm Lộc (minh họa)"},
            roles=["Doanh nghiệp"],
            verified=True,
        ),
        "row_page": _rows(
            "row_page",
            kind="Tin",
            url="#row_page",
            title="Tin mới của Trung tâm",
            section="Thông báo",
            date=DAY,
        ),
        "state": Sample(
            "{% state 'neutral' 'Bản nháp' %} {% state 'wait' 'Chờ xem xét' %} "
            "{% state 'good' 'Đang hiển thị' %} {% state 'attention' 'Cần bổ sung' %} "
            "{% state 'bad' 'Đã từ chối' %}"
        ),
        "stepper": _include(
            "stepper",
            steps=[
                {"label": "Giới thiệu", "url": "#stepper", "done": True},
                {"label": "Kỹ thuật", "current": True},
                {"label": "Chuyển giao"},
            ],
        ),
        "tabs": _include(
            "tabs",
            label="Hồ sơ",
            tabs=[
                {"label": "Tất cả", "url": "#tabs", "current": True, "count": 12},
                {"label": "Bản nháp", "url": "#tabs", "count": 3},
            ],
        ),
        "timeline": _include(
            "timeline",
            events=[
                {"at": AT, "title": "Gửi xem xét", "who": "Chủ hồ sơ", "mark": ""},
                {"title": "Trung tâm đang xem", "mark": "now"},
                {"title": "Hiển thị", "mark": "next"},
            ],
        ),
        "trl": Sample("{% trl 3 %} {% trl 8 %}"),
        "trl_ruler": Sample("{% trl_ruler 7 %}"),
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A component as the page shows it."""

    name: str
    note: str
    html: SafeString


def component_names() -> list[str]:
    """Return the names of all components, in alphabetical order."""
    folder = settings.ROOT / "templates" / "components"
    return sorted(path.stem for path in folder.glob("*.html"))


def _note(name: str) -> str:
    path = Path(str(get_template(f"components/{name}.html").origin))
    found = _NOTE.search(path.read_text(encoding="utf-8"))
    return (found[1] or found[2] or "").strip() if found else ""


def shown(request: HttpRequest) -> list[Shown]:
    """Return every component with its documented context and its sample."""
    known = samples()
    result = []
    for name in component_names():
        if name in FRAME or name not in known:
            continue
        sample = known[name]
        template = Template("{% load i18n hub %}" + sample.markup)
        html = template.render(Context({"request": request, "csrf_token": "mau", **sample.context}))
        # Rendered by our own templates, which escape what they are given.
        result.append(Shown(name, _note(name), mark_safe(html)))
    return result


@never_cache
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the style page to staff; with DEBUG to everybody."""
    if not settings.DEBUG:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise PermissionDenied
    context = {
        "components": shown(request),
        "sectors": taxonomy.term_labels("sector"),
        "tokens": TOKENS,
        "title": _("Bộ mẫu giao diện"),
    }
    return render(request, "styleguide.html", context)


#: Colours of the page, by the class that paints a swatch with each.
TOKENS = ("leaf", "deep", "sprout", "brick", "rice", "ink", "ink-2", "ink-3", "bg", "sunken")
