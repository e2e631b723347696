"""A log tells what went wrong, not whose address it was."""

from __future__ import annotations

import logging
import sys

from portal.logs import Discreet


def written(message: str, *values: object) -> str:
    try:
        raise ValueError("Key (email)=(ho.ten+moi@vam.example) already exists.")
    except ValueError:
        record = logging.LogRecord(
            "hub", logging.ERROR, "", 1, message, values, exc_info=sys.exc_info()
        )
    return Discreet("%(levelname)s %(message)s").format(record)


def test_addresses_are_left_out_of_message_and_traceback():
    line = written("Failed to send %s", ["nguoi@vam.example", "hai@xn--vam.example.vn"])
    assert "vam" not in line
    assert "ERROR Failed to send ['…@…', '…@…']" in line
    assert "ValueError: Key (email)=(…@…) already exists." in line


def test_the_rest_stays_as_it_was():
    assert written("Mã lỗi %s: GET '/to-chuc/'", "ab12").startswith(
        "ERROR Mã lỗi ab12: GET '/to-chuc/'"
    )
