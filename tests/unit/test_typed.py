"""What a form brings back: text people can read, and numbers of ours."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from registry.common.typed import readable, whole_number
from registry.moderation.form_fields import PlainText
from registry.workspace.form_fields import TextField


@pytest.mark.parametrize(
    ("sent", "number"),
    [("7", 7), (7, 7), ("0", 0), ("9" * 18, 10**18 - 1)]
    + [(bad, -1) for bad in (None, "", "-1", "1.0", " 7", "٧", "²", "7" * 19, "x")],
)
def test_what_is_no_number_matches_no_row(sent: object, number: int) -> None:
    assert whole_number(sent) == number


def test_text_pasted_from_elsewhere_comes_out_in_one_form() -> None:
    assert readable(" Vàm\tLộc\r\n mới ", lines=False) == "Vàm Lộc mới"
    assert readable("a\r\nb\rc\n", lines=True) == "a\nb\nc"


@pytest.mark.parametrize("bad", ["a\x00b", "a\ufffdb", "a\u202eb", "a\x1bb", chr(0xD800)])
def test_the_desk_and_the_workspace_refuse_the_same_characters(bad: str) -> None:
    for field in (PlainText(most=10), TextField(most=10)):
        with pytest.raises(ValidationError, match="Có ký tự không đọc được"):
            field.clean(bad)


@pytest.mark.parametrize("good", ["cà phê 👩\u200d🌾", "tự\u00adđộng", "• mục"])
def test_what_a_word_processor_leaves_behind_is_text(good: str) -> None:
    for field in (PlainText(most=20), TextField(most=20)):
        assert field.clean(good)
