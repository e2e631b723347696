"""An editor writes support measures, tries their rules and publishes them; nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from wagtail.models import ModelLogEntry

from registry.support import selectors
from registry.support.editing import RuleField, rows_of, rule_of
from registry.support.models import SupportMeasure
from registry.support.rules import parse
from tests.factories import make_staff, make_user
from tests.integration.test_support import (
    NO_PATENT,
    SMALL_FIRM,
    found,
    measure,
    read,
    text_of,
)

pytestmark = pytest.mark.django_db

ADD = "/quan-tri/snippets/support/supportmeasure/add/"


def form_data(**values: Any) -> dict[str, Any]:
    return {
        "title_vi": "Phiếu mới",
        "summary_vi": "Trả một phần.",
        "benefit_vi": "Một nửa.",
        "who_vi": "Hợp tác xã.",
        "authority_vi": "Sở mẫu",
        "source_text": "Văn bản mẫu",
        "papers-TOTAL_FORMS": "1",
        "papers-INITIAL_FORMS": "0",
        "papers-MIN_NUM_FORMS": "0",
        "papers-MAX_NUM_FORMS": "1000",
        "papers-0-name_vi": "Đơn",
        "papers-0-required": "on",
        "papers-0-ORDER": "1",
        "rule-join": "all",
        "rule-0-join": "any",
        "rule-0-0-fact": "applicant",
        "rule-0-0-is": "in",
        "rule-0-0-of": ["htx"],
        "rule-0-1-fact": "age",
        "rule-0-1-is": "at_most",
        "rule-0-1-number": "3",
        "rule-4-join": "none",
        "rule-4-0-fact": "sector",
        "rule-4-0-is": "in",
        "rule-4-0-of": ["dua", "so"],
    } | values


@pytest.fixture
def editor(client) -> Client:
    client.force_login(make_staff("editor"))
    return client


def test_an_editor_writes_a_measure_with_a_rule_looks_at_it_and_publishes(editor):
    answer = editor.post(ADD, form_data())
    assert answer.status_code == 302
    made = SupportMeasure.objects.get()
    assert (made.live, made.number[:3]) == (False, "HT ")
    draft = made.get_latest_revision_as_object()
    assert draft.rule == {
        "all": [
            {
                "any": [
                    {"fact": "applicant", "is": "in", "of": ["htx"]},
                    {"fact": "age", "is": "at_most", "of": 3},
                ]
            },
            {"none": [{"fact": "sector", "is": "in", "of": ["dua", "so"]}]},
        ]
    }
    read(Client(), made.get_absolute_url(), 404)
    edit_at = f"/quan-tri/snippets/support/supportmeasure/edit/{made.pk}/"
    body = editor.get(edit_at).content.decode()
    assert 'name="rule-0-1-number" value="3"' in body
    preview = f"/quan-tri/snippets/support/supportmeasure/preview/{made.pk}/"
    assert editor.post(preview, form_data(title_vi="Phiếu đang soạn")).json()["is_valid"]
    shown = text_of(editor.get(f"{preview}?mode="))
    assert "Phiếu đang soạn" in shown
    assert "Một trong các điều sau:" in shown
    assert "Lĩnh vực: không phải" in shown
    editor.post(edit_at, form_data(**{"action-publish": "on"}))
    assert "Phiếu mới" in read(Client(), made.get_absolute_url())
    assert ModelLogEntry.objects.filter(action="wagtail.publish").exists()


def test_a_new_measure_is_saved_by_the_editors_press_alone(editor):
    # An autosave and “publish” that meet would make it twice; where it exists already, they cannot.
    assert "w-autosave#" not in editor.get(ADD).content.decode()
    editor.post(ADD, form_data())
    made = SupportMeasure.objects.get()
    path = f"/quan-tri/snippets/support/supportmeasure/edit/{made.pk}/"
    assert "w-autosave#" in editor.get(path).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rule-0-0-of": []}, "Loại hình: chọn ít nhất một giá trị."),
        ({"rule-0-1-number": ""}, "nhập một số từ 0 đến 10.000"),
        ({"rule-0-1-is": "in"}, "cách so sánh này không dùng được"),
        ({"rule-0-0-fact": "mau_toc"}, "Không có điều kiện tên “mau_toc”."),
        ({"rule-0-join": "xor"}, "Không đọc được quy tắc."),
        ({"valid_from": "2026-05-02", "valid_to": "2026-05-01"}, "Ngày cuối phải từ ngày đầu"),
    ],
)
def test_a_wrong_rule_is_not_saved_even_in_a_draft(editor, wrong, said):
    answer = editor.post(ADD, form_data(**wrong))
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert not SupportMeasure.objects.exists()


def test_a_rule_is_checked_below_the_form_too():
    made = measure()
    made.rule = {"all": [{"fact": "size", "is": "in", "of": ["khong_lo"]}]}
    with pytest.raises(ValidationError, match="danh mục"):
        made.full_clean()


def test_an_editor_tries_the_rule_before_saving(editor):
    path = "/quan-tri/thu-quy-tac-ho-tro/"
    answer = editor.post(path, form_data(**{"thu-la": "htx", "thu-linh-vuc": ["lua-gao"]}))
    text = text_of(answer)
    assert "Biện pháp sẽ đứng ở: Bạn có thể được" in text
    assert "Loại hình: Hợp tác xã, tổ hợp tác" in text
    assert "Còn thiếu thông tin" in text_of(editor.post(path, form_data()))
    wrong = editor.post(path, form_data(**{"rule-0-0-of": []}))
    assert wrong.status_code == 400
    assert "chọn ít nhất một giá trị" in text_of(wrong)
    assert not SupportMeasure.objects.exists()


def test_other_staff_and_visitors_may_not_write_measures(client):
    for role in ("moderator", "broker"):
        client.force_login(make_staff(role))
        assert client.post(ADD, form_data()).status_code == 302
    client.force_login(make_user())
    assert client.post(ADD, form_data()).status_code in {302, 403}
    assert not SupportMeasure.objects.exists()


def test_what_the_editor_shows_is_what_the_rule_says():
    for rule in (
        SMALL_FIRM,
        {"any": [{"all": SMALL_FIRM["all"]}, {"none": NO_PATENT["all"]}]},
        {"all": []},
    ):
        shown = rows_of(parse(rule))
        assert shown is not None
        sent = {"rule-join": shown["join"]}
        for at, group in enumerate(shown["groups"]):
            sent[f"rule-{at}-join"] = group["join"]
            for place, row in enumerate(group["rows"]):
                for key in ("fact", "is", "of", "number"):
                    sent[f"rule-{at}-{place}-{key}"] = row[key]
        again = rule_of(_as_post(sent), "rule")
        assert rows_of(parse(again)) == shown
    deep = {"all": [{"any": [{"all": SMALL_FIRM["all"]}, *NO_PATENT["all"]]}]}
    assert rows_of(parse(deep)) is None
    html = RuleField().widget.render("rule", deep)
    assert "rule-kept" in html


def _as_post(sent: dict[str, Any]) -> Any:
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    for key, value in sent.items():
        data.setlist(key, value if isinstance(value, list) else [str(value)])
    return data


def test_invented_measures_say_so_and_go_again(client):
    call_command("demo_support", verbosity=0)
    call_command("demo_support", verbosity=0)
    assert SupportMeasure.objects.filter(is_demo=True, live=True).count() == 4
    for made in SupportMeasure.objects.all():
        made.full_clean()
        for word in (made.title_vi, made.source_text, made.authority_vi):
            assert word.endswith("(minh họa)")
    assert selectors.sorted_by({}).total == 4
    call_command("demo_support", clear=True, verbosity=0)
    assert not SupportMeasure.objects.exists()
    assert found("minh hoa") == []
