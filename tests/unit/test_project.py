"""Promises the repository makes about itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Built from parts, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npm" + "js",
    "repo1.maven" + ".org",
]
MAX_MODULE, MAX_VIEWS = 500, 300


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_tracked_file_names_a_package_registry(host: str):
    found = [str(path.relative_to(ROOT)) for path in tracked() if host in text_of(path)]
    assert not found


def test_every_locked_package_has_a_hash():
    for name in ("base", "production", "dev"):
        lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
        packages = [number for number, line in enumerate(lines) if re.match(r"^[a-z0-9]", line)]
        assert packages
        for number in packages:
            assert "--hash=sha256:" in lines[number + 1], lines[number]


def test_modules_stay_small():
    long = []
    for path in tracked():
        relative = path.relative_to(ROOT)
        if path.suffix != ".py" or {"migrations", "docs"} & set(relative.parts):
            continue
        limit = MAX_VIEWS if "views" in path.name else MAX_MODULE
        if len(text_of(path).splitlines()) > limit:
            long.append(str(relative))
    assert not long


def test_env_example_lists_every_variable():
    named = set(re.findall(r"^([A-Z][A-Z0-9_]+)=", text_of(ROOT / ".env.example"), re.MULTILINE))
    read = set()
    for path in (ROOT / "site" / "portal").rglob("*.py"):
        calls = r"env\.(?:text|required|flag|number|items)\(\s*\"([A-Z0-9_]+)\""
        read |= set(re.findall(calls, text_of(path)))
        secrets = r"env\.(?:required_)?secret\(\s*\"([A-Z0-9_]+)\""
        for name in re.findall(secrets, text_of(path)):
            read |= {name, f"{name}_FILE"}
    assert read | {"DJANGO_SETTINGS_MODULE"} == named


def test_site_is_a_folder_not_a_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_make_help_lists_every_target():
    makefile = text_of(ROOT / "Makefile")
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE))
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    assert targets == {line.split()[0] for line in shown.splitlines() if line.strip()}


INLINE_STYLE = re.compile(r"<[^>]+\sstyle=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE
)


def test_public_templates_have_no_inline_style_or_script():
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = text_of(path)
        if INLINE_STYLE.search(text) or INLINE_SCRIPT.search(text):
            found.append(str(path.relative_to(ROOT)))
    assert not found


def test_production_refuses_to_start_without_its_secrets():
    result = subprocess.run(
        [sys.executable, "-c", "import portal.settings.production"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}/site"},
        capture_output=True,
        check=False,
    )
    assert result.returncode != 0
    assert b"SECRET_KEY" in result.stderr
