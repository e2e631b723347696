"""Measures the public pages with Lighthouse, phone profile; ends with 1 when a score is too low
or a page moves while it loads.

Run by `make lighthouse`: `run.py COMMAND [FOLDER]`, where `run.py build FOLDER` may have built the site
beforehand, beside other work. A performance score too low is measured up to twice more, and the median
counts: another process on the machine costs points that the page has not lost.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEAST = 95
#: What readers do not yet feel as a jump (cumulative layout shift, web.dev).
STILL = 0.1
RETRIES = 2
ENTRIES = 120
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SHIFT = "cumulative-layout-shift"
NAMES = ("hiệu năng", "tiếp cận", "thực hành tốt", "SEO")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
#: The file with the key of the site, of one folder's processes.
SECRET = "secret"
#: The article that gets a picture.
ARTICLE = "tim-duoc-ca-ten-xa-huyen-cu"


def environment(folder: Path) -> dict[str, str]:
    """Return what a process needs to work on the site of a folder."""
    return os.environ | {
        "HUB_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.lighthouse.settings",
        "SECRET_KEY": (folder / SECRET).read_text(encoding="utf-8"),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "SEARCH_ENGINE": "embedded",
    }


def build(folder: Path) -> None:
    """Build a site with invented entries."""
    folder.mkdir(exist_ok=True)
    (folder / SECRET).write_text(secrets.token_urlsafe(50), encoding="utf-8")
    manage = [sys.executable, "manage.py"]
    picture = f"from tests.lighthouse.picture import attach; attach({ARTICLE!r})"
    for arguments in (
        ["setup", "--entries", str(ENTRIES)],
        ["shell", "-c", picture],
        ["collectstatic", "--noinput"],
    ):
        subprocess.run(
            [*manage, *arguments],
            cwd=ROOT,
            env=environment(folder),
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """Serve the site that was built there; yield its address."""
    port = free_port()
    server = subprocess.Popen(
        [
            *(str(Path(sys.executable).parent / "gunicorn"), "portal.wsgi:application"),
            *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"),
            *("--no-control-socket", "--log-level", "error"),
        ],
        cwd=ROOT,
        env=environment(folder),
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    for _try in range(120):
        try:
            with urllib.request.urlopen(f"{address}/suc-khoe/", timeout=5):
                return
        except OSError:
            # Not listening yet, or listening and still loading: a new machine takes its time.
            time.sleep(0.5)
    raise SystemExit("Trang không khởi động được.")


def found(address: str, path: str, before: str) -> str:
    """Return the first address on a page that begins so."""
    with urllib.request.urlopen(address + path, timeout=60) as answer:
        html = answer.read().decode()
    for part in html.split('href="')[1:]:
        target = part.split('"')[0]
        if (
            target.startswith(before)
            and target.rstrip("/") != before.rstrip("/")
            and "?" not in target
        ):
            return target
    raise SystemExit(f"{path}: không có liên kết nào bắt đầu bằng {before}")


def pages(address: str) -> dict[str, str]:
    """Return what is measured: names and paths."""
    article = f"/tin-tuc/{ARTICLE}/"
    with urllib.request.urlopen(address + article, timeout=120) as answer:
        if b"<picture" not in answer.read():
            raise SystemExit(f"{article}: bài viết không có ảnh.")
    return {
        "trang chủ": "/",
        "tìm kiếm": "/tim-kiem/?q=m%C3%A1y+s%E1%BA%A5y",
        "thị trường": "/thi-truong-cong-nghe/?q=m%C3%A1y+s%E1%BA%A5y",
        "chi tiết": found(address, "/thi-truong-cong-nghe/", "/cong-nghe/"),
        "bài viết": article,
    }


def recorded(command: str, address: str, folder: Path) -> Any:
    """Return Lighthouse's report of one page.

    On a busy machine Chromium may lose the trace of a page (NO_NAVSTART); that says nothing of the
    page, so it is asked again. Raises subprocess.CalledProcessError when it never answers.
    """
    report = folder / "report.json"
    asked = [
        *(command, address, "--output=json", f"--output-path={report}", "--quiet"),
        "--no-enable-error-reporting",
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}"),
    ]
    for _try in range(RETRIES):
        if subprocess.run(asked, check=False).returncode == 0:
            break
    else:
        subprocess.run(asked, check=True)
    return json.loads(report.read_text(encoding="utf-8"))


def measure(command: str, address: str, folder: Path) -> dict[str, float]:
    """Return the scores of one page, 0 to 100, and how far it shifted; print what lost points."""
    told = recorded(command, address, folder)
    scores = {name: round(100 * (told["categories"][name]["score"] or 0), 1) for name in CATEGORIES}
    for name in CATEGORIES:
        if scores[name] < LEAST:
            for item in told["categories"][name]["auditRefs"]:
                audit = told["audits"][item["id"]]
                if item["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                    print(f"    {audit['id']}: {audit['title']} {audit.get('displayValue', '')}")
    shift = told["audits"][SHIFT]["numericValue"]
    return scores | {SHIFT: round(shift, 3)}


def main() -> int:
    """Measure every page, or only build the site; return 1 when a page is below the mark."""
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]))
        return 0
    command, low = sys.argv[1], 0
    with tempfile.TemporaryDirectory(prefix="hub-lighthouse-") as scratch:
        built = sys.argv[2:]
        folder = Path(built[0] if built else scratch)
        if not built:
            build(folder)
        with site(folder) as address:
            print("Lighthouse, điện thoại: " + " · ".join((*NAMES, "xê dịch")))
            for page, path in pages(address).items():
                wait_for(address)
                with urllib.request.urlopen(address + path, timeout=60):
                    pass
                runs = [measure(command, address + path, folder)]
                while runs[-1]["performance"] < LEAST and len(runs) <= RETRIES:
                    runs.append(measure(command, address + path, folder))
                scores = [statistics.median(run[name] for run in runs) for name in CATEGORIES]
                shift = max(run[SHIFT] for run in runs)
                low += min(scores) < LEAST or shift > STILL
                line = "  ".join(f"{score:5.1f}" for score in scores)
                print(f"{page:<12} {line}  {shift:5.3f}   ({len(runs)} lần) {path}", flush=True)
    if low:
        print(f"Lighthouse: {low} trang dưới {LEAST} điểm hoặc xê dịch quá {STILL}.")
    return 1 if low else 0


if __name__ == "__main__":
    raise SystemExit(main())
