"""What the admin exports opens in a spreadsheet as text, whatever people typed."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from portal.exports import defused
from registry.accounts.services import create_account
from registry.directory.services import hold
from tests.factories import make_live, make_staff

pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("https://ke-xau.example";"Xem")'


def rows(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer["Content-Type"] == "text/csv"
    text = b"".join(answer.streaming_content).decode()
    return list(csv.reader(io.StringIO(text)))


def test_the_history_runs_no_formula() -> None:
    person = create_account("ke-xau@mau.example", "=1+1")
    entry = make_live(person, title=FORMULA)
    hold(entry, person)
    client = Client()
    client.force_login(make_staff("administrator"))
    found = rows(client, "/quan-tri/reports/site-history/?export=csv")
    cells = [cell for row in found for cell in row]
    assert any("HYPERLINK" in cell for cell in cells), "the title is in the history"
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_a_text_that_would_run_is_quoted(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Máy sấy", "a=1", "", -3, None])
def test_anything_else_stays_as_it_is(cell: object) -> None:
    assert defused(cell) == cell
