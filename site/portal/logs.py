"""What leaves the hub as a line of a log."""

from __future__ import annotations

import logging
import re

#: Libraries and databases name addresses in their errors: a refused recipient, a key that exists.
ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")


class Discreet(logging.Formatter):
    """Writes a record, its traceback included, without the e-mail addresses in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return ADDRESS.sub("…@…", super().format(record))
