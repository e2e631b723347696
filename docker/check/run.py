"""`make production-check`: the hub as in production, on loopback, without Docker; then all down.

The same start commands, settings, secret files and nginx configuration as `docker/`, with PostgreSQL
and Elasticsearch as real servers. Ends with 0 when every promise held, with 1 naming the one that
did not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
# The steps of the browser are those of the tests, which know the models.
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402

django.setup()

import journey  # noqa: E402
import promises  # noqa: E402
from playwright.sync_api import Error as BrowserError  # noqa: E402
from servers import Failed, Server, until  # noqa: E402
from stack import Stack  # noqa: E402


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    started = time.monotonic()
    print(f"· {what}", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" ✗")
        raise
    print(f"  {time.monotonic() - started:.1f} giây")


def missing() -> list[str]:
    """Return what this machine lacks, each with what to install; nginx is installed when we may."""
    lacking = []
    path = f"{os.environ['PATH']}:/usr/sbin"
    if not shutil.which("nginx", path=path):
        installed = subprocess.run(  # noqa: S603 - our own script
            ["bash", str(ROOT / ".ci/packages"), "nginx", "nginx-light"],  # noqa: S607
            check=False,
            cwd=ROOT,
        )
        if installed.returncode:
            lacking.append("nginx (apt-get install nginx-light)")
    if not journey.chromium_path():
        lacking.append("Chromium (apt-get install chromium)")
    if not shutil.which("openssl"):
        lacking.append("openssl (apt-get install openssl)")
    return lacking


def check(stack: Stack) -> None:
    """Bring everything up, ask everything; raise `Failed` at the first promise that is broken."""
    with step("PostgreSQL, Elasticsearch, khóa"), ThreadPoolExecutor() as pool:
        stack.prepare()
        postgres, elasticsearch = pool.map(Server, ("postgres", "elasticsearch"))
        if not (postgres.address and elasticsearch.address):
            stack.postgres, stack.elasticsearch = postgres, elasticsearch
            raise Failed("thiếu PostgreSQL hoặc Elasticsearch")
        stack.settle(postgres, elasticsearch)
    if not stack.processes.as_user:
        print("    (các tiến trình chạy dưới người dùng này, không phải người dùng 10001 của ảnh)")
    with step("collectstatic như khi dựng ảnh"):
        stack.build()
    with step("nginx"):
        stack.start_proxy()
    with step("check --deploy"):
        stack.entry("check", "--deploy", "--fail-level", "WARNING", name="deploy")
    with step("setup: migrate, bảng đệm, danh mục, trang, chỉ mục"):
        stack.entry("setup")
    with step("gunicorn, worker"):
        stack.start_hub()
    with step("cửa, trang, tệp tĩnh, tệp kín, giả mạo, tệp gửi lên"):
        promises.doors(stack)
        promises.static_files(stack, promises.pages(stack))
        promises.closed(stack)
        promises.forged(stack)
        promises.uploads(stack)
    use(stack)
    keep(stack)
    with step("sức khỏe, nhật ký"):
        promises.health(stack)
        promises.logs(stack)


def use(stack: Stack) -> None:
    """The main job in a browser, then the same search with Elasticsearch killed and back."""
    first = {"DJANGO_SUPERUSER_PASSWORD": journey.PASSWORD}
    with step("quản trị viên đầu tiên"):
        words = ["createsuperuser", "--noinput", "--email", journey.FIRST]
        stack.entry(*words, "--full_name", "Quản trị", env=stack.env | first)
    with journey.chromium(stack) as browser:
        with step("đăng ký, khai hồ sơ, duyệt, tìm thấy trong Elasticsearch"):
            before = stack.held()
            owner, visitor, seconds = journey.publish(stack, browser)
            until("hồ sơ vào Elasticsearch", lambda: stack.held() > before, 10)
        print(f"    tìm thấy sau {seconds:.1f} giây")
        with step("gửi đề nghị, chấp nhận, hai bên thấy nhau"):
            journey.ask_and_answer(stack, owner, visitor)
        assert stack.elasticsearch  # noqa: S101 - started by `check`
        with step("tắt ngang Elasticsearch: trang vẫn trả lời, kèm thông báo"):
            stack.elasticsearch.kill()
            journey.until_found(visitor, notice=True)
        with step("Elasticsearch trở lại"):
            stack.elasticsearch.again()
            journey.until_found(visitor, notice=False, seconds=60)


def keep(stack: Stack) -> None:
    """A dump restored into a second database holds the same entries."""
    with step("pg_dump, phục hồi vào cơ sở dữ liệu khác"):
        stack.restore_elsewhere()


def main() -> int:
    """Check, say how it went, leave nothing behind."""
    lacking = missing()
    if lacking:
        print("Thiếu: " + "; ".join(lacking), file=sys.stderr)
        if os.environ.get("REQUIRE_SERVICES") == "1":
            return 1
        print("Bỏ qua kiểm tra bản chạy thật.", file=sys.stderr)
        return 0
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="hub-production-", dir="/tmp"))
    stack = Stack(folder)
    wrong = []
    try:
        check(stack)
    except (Failed, AssertionError, TimeoutError, BrowserError) as failure:
        wrong.append(f"{type(failure).__name__}: {failure}")
    finally:
        with step("dừng tất cả"):
            wrong += stack.close()
    for line in wrong:
        print(f"✗ {line}", file=sys.stderr)
    if wrong:
        print(f"Nhật ký: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    print(f"Bản chạy thật giữ mọi lời hứa ({time.monotonic() - started:.0f} giây).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
