"""How dates, money, marks and fields are written. No database."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils import timezone, translation

from portal.finders import BUNDLE, StylesheetFinder
from portal.templatetags import hub
from registry.common import wording
from search.templatetags.facets import height

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
ROOT = Path(__file__).resolve().parents[2]
NBSP = "\u00a0"


def render(source: str, **context: object) -> str:
    """Return a template's text with the design tags loaded."""
    return Template("{% load hub %}" + source).render(Context(context))


#: A heading, of a fixed level or of one its page gives it.
HEADING = re.compile(r"<(h[1-3]|\{\{ level[^}]*\}\})(?: [^>]*)?>(.*?)</\1>", re.DOTALL)
#: What cannot break in the middle: a number, and what is bound already.
BOUND = re.compile(
    r"\{% filter bind %\}.*?\{% endfilter %\}|\{\{[^}]*\|(?:bind|number|stringformat:\"d\") \}\}"
    r"|\{% translate \"[^\"]*\"\|bind %\}",
    re.DOTALL,
)
#: Tags that write nothing.
SILENT = re.compile(r"\{% (?:if|elif|else|endif|for|empty|endfor|with|endwith)\b[^%]*%\}|<[^>]*>")


def unbound(template: str) -> list[str]:
    """Return the headings of a template with anything in them that `bind` does not see."""
    return [
        found[0]
        for found in HEADING.finditer(template)
        if re.search(r"[^\W\d_]|\{", SILENT.sub("", BOUND.sub("", found[2])))
    ]


class TestDates:
    def test_a_day_reads_as_vietnamese_write_it(self) -> None:
        assert wording.day(date(2026, 4, 5)) == "05/04/2026"

    def test_a_moment_names_hour_and_day_at_home_whatever_the_clock_it_came_from(self) -> None:
        utc = datetime(2026, 11, 24, 7, 30, tzinfo=ZoneInfo("UTC"))
        assert wording.moment(utc) == f"lúc 14:30 ngày{NBSP}24/11/2026"

    def test_a_deadline_without_an_hour_ends_with_the_day(self) -> None:
        assert wording.deadline(date(2026, 12, 9)) == f"trước 23:59 ngày{NBSP}09/12/2026"

    def test_a_deadline_keeps_its_own_hour(self) -> None:
        at = datetime(2026, 12, 9, 17, 0, tzinfo=HERE)
        assert wording.deadline(at) == f"trước 17:00 ngày{NBSP}09/12/2026"

    def test_english_readers_get_british_dates(self) -> None:
        with translation.override("en"):
            assert wording.deadline(date(2026, 12, 9)).replace(NBSP, " ") == (
                "by 23:59 on 9 December 2026"
            )

    def test_nothing_is_written_for_no_date(self) -> None:
        assert [f(None) for f in (wording.day, wording.moment, wording.deadline)] == ["", "", ""]


class TestNumbers:
    def test_thousands_take_dots_and_decimals_a_comma(self) -> None:
        assert wording.number(1250) == "1.250"
        assert wording.number(12.5, 1) == "12,5"

    def test_money_never_parts_from_its_sign(self) -> None:
        assert wording.money(1_250_000) == f"1.250.000{NBSP}₫"

    def test_english_money(self) -> None:
        with translation.override("en"):
            assert wording.money(1_250_000) == f"VND{NBSP}1,250,000"

    def test_a_text_that_is_no_number_stays(self) -> None:
        assert render("{{ value|number }}", value="nhiều") == "nhiều"


class TestHeadings:
    def test_compounds_stay_on_one_line_in_any_case(self) -> None:
        text = wording.bind("Máy sấy nông sản năng lượng mặt trời")
        assert text == f"Máy{NBSP}sấy nông{NBSP}sản năng{NBSP}lượng mặt{NBSP}trời"

    def test_half_a_word_is_no_compound(self) -> None:
        assert wording.bind("công nghệp") == "công nghệp"

    def test_what_visitors_typed_is_escaped(self) -> None:
        assert "<b>" not in render("{{ value|bind }}", value="<b>mặt trời</b>")

    def test_a_sentence_around_what_is_marked_is_bound_and_marked_no_further(self) -> None:
        sentence = "{% filter bind %}Join “{{ name|written }}” & go{% endfilter %}"
        with translation.override("en"):
            html = render(sentence, name="Hợp tác xã <Mặt trời>")
        marked = f"Hợp{NBSP}tác{NBSP}xã &lt;Mặt{NBSP}trời&gt;"
        assert html == f'Join “<span lang="vi">{marked}</span>” & go'


class TestMarks:
    @pytest.mark.parametrize("level", [1, 5, 9])
    def test_the_ruler_shows_its_level_in_words(self, level: int) -> None:
        html = render("{% trl level %}", level=level)
        assert f"TRL {level}" in html
        assert f"v{level}" in html

    @pytest.mark.parametrize("level", [None, 0, 10, "", "x"])
    def test_no_level_draws_nothing(self, level: object) -> None:
        assert render("{% trl level %}", level=level).strip() == ""

    @pytest.mark.parametrize(
        ("age", "left"), [(0, 4), (44, 4), (45, 3), (90, 2), (135, 1), (180, 1), (900, 1)]
    )
    def test_a_brick_falls_every_45_days_and_the_last_one_stays(self, age: int, left: int) -> None:
        assert hub.bricks_left(age, 180) == left

    def test_the_last_brick_says_so_in_words(self) -> None:
        html = render("{% fresh on %}", on=timezone.localdate() - timedelta(days=200))
        assert "Chưa xác nhận lại từ" in html
        assert html.count('class="f"') == 1

    def test_a_day_kept_as_text_is_read(self) -> None:
        assert "Xác nhận 24/11/2026" in render("{% fresh '2026-11-24' 100000 %}")
        assert render("{% fresh 'hôm qua' %}").strip() == ""

    def test_five_states_have_five_shapes(self) -> None:
        tones = ("neutral", "wait", "good", "attention", "bad")
        drawn = {render("{% state tone 'Chữ' %}", tone=tone) for tone in tones}
        assert len(drawn) == 5

    def test_an_unknown_tone_falls_back_to_neutral(self) -> None:
        html = render("{% state '\"><script>' 'Chữ' %}")
        assert html.strip() == '<span class="st">Chữ</span>'

    @pytest.mark.parametrize(("count", "css"), [(0, "h0"), (1, "h5"), (50, "h50"), (100, "h100")])
    def test_bars_of_the_histogram_step_by_five(self, count: int, css: str) -> None:
        assert height(count, 100) == css


class TestPagination:
    def test_other_parameters_are_kept_and_the_first_page_has_none(self) -> None:
        html = render(
            "{% pagination 2 3 query %}", query=QueryDict("q=m%C3%ADt&trl=7&trl=8&trang=2")
        )
        assert 'href="?q=m%C3%ADt&amp;trl=7&amp;trl=8"' in html
        assert "trang=3" in html

    def test_one_page_needs_no_links(self) -> None:
        assert render("{% pagination 1 1 '' %}").strip() == ""

    @pytest.mark.parametrize(
        ("current", "total", "shown"),
        [
            (1, 6, [1, 2, 3, 0, 6]),
            (5, 9, [1, 0, 4, 5, 6, 0, 9]),
            (4, 9, [1, 2, 3, 4, 5, 0, 9]),
            (6, 6, [1, 0, 5, 6]),
            (1, 2, [1, 2]),
        ],
    )
    def test_the_window_leaves_out_only_what_is_far(
        self, current: int, total: int, shown: list[int]
    ) -> None:
        assert list(hub._window(current, total)) == shown


class Sheet(forms.Form):
    """A form with one field of each look."""

    name = forms.CharField(label="Tên tổ chức", max_length=20, help_text="Như trên giấy.")
    text = forms.CharField(label="Tóm tắt", max_length=5, widget=forms.Textarea)
    agree = forms.BooleanField(label="Tôi đồng ý")
    level = forms.ChoiceField(
        label="Mức", choices=[(1, "Một"), (2, "Hai")], widget=forms.RadioSelect
    )
    file = forms.FileField(label="Tệp", required=False)


class TestFields:
    def test_label_help_error_control_come_in_that_order(self) -> None:
        form = Sheet({"text": "dài quá", "level": "1"})
        html = render("{% field form.name %}", form=form)
        places = [
            html.index(part) for part in ("Tên tổ chức", "Như trên giấy", 'class="msg"', "<input")
        ]
        assert places == sorted(places)

    def test_error_and_help_are_tied_to_the_control(self) -> None:
        html = render("{% field form.name %}", form=Sheet({}))
        assert 'aria-describedby="id_name_help id_name_error"' in html
        assert 'aria-invalid="true"' in html
        assert 'id="id_name_error"' in html

    def test_a_long_text_is_counted_and_never_cut_by_the_browser(self) -> None:
        html = render("{% field form.text %}", form=Sheet({"text": "dài quá"}))
        assert "7 / 5" in html
        assert "maxlength" not in html

    def test_choices_are_a_group_with_a_name(self) -> None:
        html = render("{% field form.level %}", form=Sheet())
        assert "<fieldset" in html
        assert "<legend>Mức" in html

    def test_keys_of_the_trl_field_show_their_number(self) -> None:
        html = render('{% field form.level kind="tick" %}', form=Sheet())
        assert '<div class="tick">' in html
        assert html.count('type="radio"') == 2

    def test_a_file_field_speaks_vietnamese(self) -> None:
        html = render("{% field form.file %}", form=Sheet())
        assert 'data-choose="Chọn tệp"' in html
        assert "(không bắt buộc)" in html

    def test_the_summary_counts_and_leads_to_each_field(self) -> None:
        html = render("{% error_summary form %}", form=Sheet({"text": "dài quá"}))
        assert "Có 4 chỗ cần sửa." in html
        assert 'href="#id_name"' in html

    def test_a_form_without_errors_has_no_summary(self) -> None:
        assert render("{% error_summary form %}", form=Sheet()).strip() == ""


class TestStylesheet:
    def test_every_component_reaches_the_one_sheet(self) -> None:
        text = Path(StylesheetFinder().find(BUNDLE)).read_text(encoding="utf-8")
        for sample in (".mast", ".row", ".ruler", ".gauge", ".st.att", ".todo", ".tick", ".mbar"):
            assert sample in text
        assert text.startswith("@layer tokens,base")

    def test_no_template_styles_or_scripts_inline(self) -> None:
        guilty = [
            str(path.relative_to(ROOT))
            for path in (ROOT / "templates").rglob("*.html")
            if "emails" not in path.parts
            and re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script>", path.read_text("utf-8"))
        ]
        assert guilty == []

    def test_every_heading_keeps_compounds_on_one_line(self) -> None:
        """A heading goes through `bind`, whole (`{% filter bind %}`) or word by word."""
        loose = [
            f"{path.relative_to(ROOT)}: {heading}"
            for path in (ROOT / "templates").rglob("*.html")
            if not {"emails", "email"} & set(path.parts)
            for heading in unbound(path.read_text("utf-8"))
        ]
        assert loose == []

    def test_a_heading_that_may_break_a_compound_is_seen(self) -> None:
        for heading in (
            "<h2>{{ title }}</h2>",
            "<h1 class='t5'><a href='{{ url }}'>{{ title|written }}</a></h1>",
            '<h3>{% translate "Công nghệ" %}</h3>',
            "<h2>{% blocktranslate %}Có {{ n }} hồ sơ{% endblocktranslate %}</h2>",
            "<h2>Hồ sơ</h2>",
            "<h2>{% block heading %}{% endblock %}</h2>",
            '<{{ level|default:"h3" }}>{{ title }}</{{ level|default:"h3" }}>',
        ):
            assert unbound(heading), heading
