"""Where Chromium is and how it is started, for tests and for taking pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SHOTS = Path(__file__).parent / "shots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Colours are what the page says, whatever screen the machine has.
    "--force-color-profile=srgb",
]


def chromium_path() -> str | None:
    """Return the browser to drive: `CHROMIUM`, or the first one on the path."""
    named = os.environ.get("CHROMIUM", "")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")
