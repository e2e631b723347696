"""What the proxy and the site promise, asked over HTTP: each function raises `Failed` when it is broken."""

from __future__ import annotations

import gzip
import http.client
import json
import re

from servers import Failed
from stack import HOST, Answer, Stack

SECURITY = {
    "Strict-Transport-Security": r"max-age=\d{8,}; includeSubDomains; preload",
    "X-Content-Type-Options": r"nosniff",
    "Referrer-Policy": r"strict-origin-when-cross-origin",
    "X-Frame-Options": r"SAMEORIGIN",
    "Content-Security-Policy": r".*default-src 'self'",
    "Cross-Origin-Opener-Policy": r"same-origin",
}


def expect(answer: Answer, status: int, what: str) -> Answer:
    """Return the answer when it has the status."""
    if answer.status != status:
        raise Failed(f"{what}: {answer.status} thay vì {status}")
    return answer


def doors(stack: Stack) -> None:
    """Plain http leads to https; other names and addresses get nothing."""
    moved = expect(stack.plain("/tim-kiem/?q=a"), 301, "http")
    if moved.one("Location") != f"https://{HOST}/tim-kiem/?q=a":
        raise Failed(f"http dẫn tới {moved.one('Location')}")
    (stack.folder / "acme/token").write_text("proof")
    if stack.plain("/.well-known/acme-challenge/token").body != b"proof":
        raise Failed("không đọc được tệp chứng thực của nhà cấp chứng thư")
    try:
        answer = stack.plain("/", host="other.example")
    except (http.client.HTTPException, ConnectionError):
        return
    raise Failed(f"tên lạ được trả lời: {answer.status}")


def pages(stack: Stack) -> str:
    """Security headers once each, compressed, cookies closed; return the page's text."""
    answer = expect(stack.get("/", {"Accept-Encoding": "gzip"}), 200, "trang chủ")
    for name, wanted in SECURITY.items():
        if not re.match(wanted, answer.one(name)):
            raise Failed(f"{name}: {answer.one(name)}")
    if answer.one("Content-Encoding") != "gzip" or answer.one("Server") != "nginx":
        raise Failed("trang không nén, hoặc nginx nói ra phiên bản")
    cookies = expect(stack.get("/tai-khoan/login/"), 200, "trang đăng nhập").all("Set-Cookie")
    if not cookies:
        raise Failed("trang đăng nhập không đặt cookie")
    for cookie in cookies:
        if "Secure" not in cookie or "SameSite" not in cookie:
            raise Failed(f"cookie hở: {cookie.partition('=')[0]}")
    expect(stack.get("/khong-co-trang-nay/"), 404, "trang không có")
    return gzip.decompress(answer.body).decode()


def static_files(stack: Stack, page: str) -> None:
    """Style sheets come compressed, named by content, kept by browsers for a year."""
    path = re.search(r'href="(/static/[^"]+\.css)"', page)
    if not path:
        raise Failed("trang chủ không có tệp CSS")
    answer = expect(stack.get(path.group(1), {"Accept-Encoding": "gzip"}), 200, path.group(1))
    if answer.one("Content-Encoding") != "gzip" or "immutable" not in answer.one("Cache-Control"):
        raise Failed(f"{path.group(1)}: không nén hoặc không được giữ lại")
    for name in ("X-Content-Type-Options", "Strict-Transport-Security"):
        answer.one(name)
    expect(stack.get("/static/khong-co.css"), 404, "tệp tĩnh không có")


def closed(stack: Stack) -> None:
    """No document, original or private file leaves through the proxy, however the path is written."""
    for name in ("media/documents/kin.txt", "media/original_images/kin.txt", "private/kin.txt"):
        path = stack.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("BÍ MẬT")
    (stack.data / "media/images/anh.svg").write_text("<svg/>")
    stack.processes.own(stack.data)
    for path in (
        "/media/documents/kin.txt",
        "/media//documents/kin.txt",
        "/media/%64ocuments/kin.txt",
        "/media/images/../documents/kin.txt",
        "/media/images/..%2fdocuments/kin.txt",
        "/static/../media/documents/kin.txt",
        "/media/original_images/kin.txt",
        "/media/../private/kin.txt",
        "/media/images/..%2f..%2fprivate/kin.txt",
        "/static../data/private/kin.txt",
        "/private/kin.txt",
        "/data/private/kin.txt",
        "/tap-tin/kin.txt",
        "/.env",
        "/static/",
        "/media/images/",
    ):
        answer = stack.get(path)
        if answer.status not in {400, 403, 404} or "BÍ MẬT".encode() in answer.body:
            raise Failed(f"{path}: {answer.status}")
    image = expect(stack.get("/media/images/anh.svg"), 200, "ảnh")
    if "sandbox" not in image.one("Content-Security-Policy"):
        raise Failed("ảnh tải lên không bị cách ly")


def forged(stack: Stack) -> None:
    """What a visitor claims about hosts and addresses reaches nobody."""
    claims = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "for=203.0.113.9;host=evil.example;proto=http",
    }
    answer = expect(stack.get("/tai-khoan/login/", claims), 200, "yêu cầu giả mạo")
    if b"evil.example" in answer.body:
        raise Failed("tên máy giả mạo xuất hiện trong trang")
    expect(
        stack.get("/tai-khoan/login/", method="POST", body="login=a"), 403, "biểu mẫu không có mã"
    )


def uploads(stack: Stack) -> None:
    """What a stranger sends to the staff is not taken; what comes with an entry reaches the site."""
    long = "a" * 300_000
    for path in ("/quan-tri/documents/add/", "/quan-tri/images/add/"):
        led = expect(stack.get(path, method="POST", body=long), 302, f"tệp của người lạ, {path}")
        if led.one("Location") != f"https://{HOST}/tai-khoan/login/?next=/quan-tri/":
            raise Failed(f"tệp của người lạ, {path}: dẫn tới {led.one('Location')}")
    expect(stack.get("/lien-he/", method="POST", body=long), 413, "biểu mẫu quá dài")
    step = stack.get("/ban-lam-viec/tao/to-chuc/", method="POST", body=long)
    # Sent without the form's key: the refusal is the site's own.
    expect(step, 403, "bước khai hồ sơ của người hết phiên")
    step.one("Content-Security-Policy")


def health(stack: Stack) -> None:
    """The health page tells the watcher on this machine that all is well."""
    answer = expect(stack.get("/suc-khoe/"), 200, "sức khỏe")
    if json.loads(answer.body)["status"] != "ok":
        raise Failed(f"sức khỏe: {answer.body!r}")
    for part in ("web", "worker"):
        stack.healthy(part)


def logs(stack: Stack) -> None:
    """No address of a person, no key of a link, no whole IP address, no failure in any log."""
    for name in ("web", "worker", "nginx"):
        text = stack.processes.log(name)
        for pattern in (
            r"[\w.+-]+@(?:vam|cho|hub)\.example",
            r"confirm-email/[^…\s]{8}",
            r"xac-nhan/[^…\s]{8}",
            r"^127\.0\.0\.1 ",
            r"\?q=",
            r"Traceback",
        ):
            for line in text.splitlines():
                if re.search(pattern, line):
                    raise Failed(f"nhật ký {name}: {line[:300]}")
