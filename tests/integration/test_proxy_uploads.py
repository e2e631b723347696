"""Who may send the proxy what, and that no stranger fills its disk or takes the places of others."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from tests.factories import make_staff, make_user
from tests.integration.proxy_support import DOCKER, HOST, NGINX, Crowded, Echo, Proxy, run

#: Where the proxy asks whether the site knows somebody, and whose cookie the site knows there.
STAFF_GATE = "/quan-tri/tag-autocomplete/"
GATES = {STAFF_GATE: {"staff"}, "/tai-khoan/ho-so-cua-toi/": {"staff", "member"}}
STEP = "/ban-lam-viec/ho-so/cn-2026-0001/sua/hinh-anh/"
LOG_IN = f"https://{HOST}/tai-khoan/login/?next=/quan-tri/"
#: Of a long body that has not ended so much at least is on the disk, the rest in memory.
KEPT = 250_000
SHORT, LONG, PICTURE, FILM = 90_000, 400_000, 11_000_000, 20_000_000


def film_addresses() -> list[str]:
    return [
        reverse("wagtaildocs:add"),
        reverse("wagtaildocs:add_multiple"),
        reverse("wagtaildocs:edit", args=[7]),
        reverse("wagtaildocs_chooser:create"),
    ]


def picture_addresses() -> list[str]:
    return [
        reverse("wagtailimages:add"),
        reverse("wagtailimages:add_multiple"),
        reverse("wagtailimages:edit", args=[7]),
        reverse("wagtailimages_chooser:create"),
        reverse("wagtailadmin_pages:edit", args=[3]),
    ]


def step_addresses() -> list[str]:
    own = [
        reverse("workspace:create_kind", args=["cong-nghe"]),
        reverse("workspace:step", args=["cn-2026-0001", "hinh-anh"]),
    ]
    return [*own, *(f"/en{path}" for path in own)]


class Site(Echo):
    """Knows its people by a cookie, and keeps what it was asked by the proxy for itself."""

    #: What it answers to whom it does not know.
    stranger = 302

    def do_GET(self) -> None:
        known = GATES.get(self.path)
        if known is None:
            super().do_GET()
            return
        assert self.command == "GET"
        assert self.headers.get("Content-Length", "0") == "0", "no body comes with the question"
        self.asked.append((self.headers["Host"], self.path))
        cookie = self.headers.get("Cookie", "").removeprefix("sessionid=")
        self.send_response(200 if cookie in known else self.stranger)
        self.send_header("Location", "/tai-khoan/login/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = Echo.do_POST


class Visitor:
    """Somebody at an address of loopback, with the cookie of a session or none."""

    def __init__(self, proxy: Proxy, address: str, cookie: str = "") -> None:
        self.proxy, self.address, self.cookie = proxy, address, cookie
        self.held = ExitStack()

    def _begin(self, path: str, method: str, *headers: str) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.proxy.https), 20, (self.address, 0))
        one = ssl._create_unverified_context().wrap_socket(plain)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers]
        if self.cookie:
            lines.append(f"Cookie: sessionid={self.cookie}")
        one.sendall("\r\n".join([*lines, "", ""]).encode())
        return one

    @contextmanager
    def open(self) -> Iterator[http.client.HTTPSConnection]:
        """Stay for more than one page."""
        context = ssl._create_unverified_context()
        one = http.client.HTTPSConnection(
            "127.0.0.1",
            self.proxy.https,
            timeout=20,
            context=context,
            source_address=(self.address, 0),
        )
        yield one
        one.close()

    def send(self, path: str, size: int, method: str = "POST") -> int:
        """Send a body to its end and return the status of the answer."""
        with self._begin(path, method, f"Content-Length: {size}") as one:
            one.sendall(b"x" * size)
            return _status(one)

    def announce(self, path: str, size: int, method: str = "POST") -> int:
        """Say how long the body will be, send none of it, and return what is answered to that."""
        with self._begin(path, method, f"Content-Length: {size}") as one:
            return _status(one)

    def told(self, path: str, size: int) -> tuple[int, str | None, str]:
        """Announce a body and return the answer's status, where it leads and what it says."""
        with self._begin(path, "POST", f"Content-Length: {size}") as one:
            answer = http.client.HTTPResponse(one)
            answer.begin()
            return answer.status, answer.getheader("Location"), answer.read().decode()

    def trickle(self, path: str, size: int, sent: int | None = None) -> ssl.SSLSocket:
        """Send a body but for its end, or a little of it, and be in no hurry with the rest."""
        one = self._begin(path, "POST", f"Content-Length: {size}")
        self.held.callback(one.close)
        one.sendall(b"x" * (size - 1 if sent is None else sent))
        return one

    def go(self) -> None:
        self.held.close()


def _status(one: ssl.SSLSocket) -> int:
    answer = http.client.HTTPResponse(one)
    answer.begin()
    answer.read()
    return answer.status


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def lacking(reason: str) -> None:
    """Skip what this machine has no tool for, where that may be."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def site() -> Iterator[Crowded]:
    if NGINX is None:
        lacking("no nginx: apt-get install nginx-light")
    server = Crowded(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, site: Crowded) -> Iterator[Proxy]:
    with Proxy(tmp_path_factory.mktemp("uploads"), site.server_port) as running:
        yield running


@pytest.fixture
def come(proxy: Proxy) -> Iterator[Callable[..., Visitor]]:
    """Return a function that lets somebody in: each from an address of their own; all leave at the end."""
    there: list[Visitor] = []

    def visitor(cookie: str = "", *, beside: Visitor | None = None) -> Visitor:
        address = beside.address if beside else f"127.0.0.{_numbers.pop()}"
        there.append(Visitor(proxy, address, cookie))
        return there[-1]

    yield visitor
    for one in there:
        one.go()
    wait_for(lambda: not on_disk(proxy))


_numbers = list(range(250, 10, -1))


def on_disk(proxy: Proxy) -> int:
    """Return how many bytes of bodies wait on the proxy's disk, where a file has no name once it is open."""
    body, found = str(proxy.folder / "body"), 0
    master = proxy.process.pid
    for worker in Path(f"/proc/{master}/task/{master}/children").read_text().split():
        for file in Path(f"/proc/{worker}/fd").iterdir():
            with suppress(FileNotFoundError):
                found += file.stat().st_size if os.readlink(file).startswith(body) else 0
    return found


Come = Callable[..., Visitor]


class TestSizes:
    def test_a_page_that_takes_no_file_takes_no_more_than_a_form(self, come: Come):
        stranger, staff = come(), come("staff")
        assert stranger.send("/lien-he/", SHORT) == 200
        for path in ("/lien-he/", "/tim-kiem/", "/tap-tin/", "/tai-khoan/login/", "/en/quan-tri/"):
            for method in ("POST", "PUT", "GET", "DELETE"):
                assert stranger.announce(path, LONG, method) == 413, (path, method)
                assert staff.announce(path, LONG, method) == 413, (path, method)

    def test_staff_send_films_to_the_library_and_pictures_elsewhere(self, come: Come):
        staff = come("staff")
        for path in film_addresses():
            assert staff.send(path, FILM) == 200, path
            assert staff.announce(path, 110_000_000) == 413, path
        for path in picture_addresses():
            assert staff.send(path, PICTURE) == 200, path
            assert staff.announce(path, 13_000_000) == 413, path
        assert staff.announce("/quan-tri/documents/", FILM) == 413
        assert staff.announce(reverse("wagtaildocs:edit_multiple", args=[7]), FILM) == 413

    def test_owners_send_pictures_with_the_steps_of_an_entry(self, come: Come):
        owner = come("member")
        for path in step_addresses():
            assert owner.send(path, PICTURE) == 200, path
            assert owner.announce(path, 13_000_000) == 413, path
        assert owner.announce(reverse("workspace:entries"), LONG) == 413

    @pytest.mark.parametrize("cookie", ["", "staff"])
    def test_only_a_form_that_says_its_length_may_be_long(self, come: Come, cookie: str):
        visitor = come(cookie)
        for path in (*film_addresses(), *picture_addresses(), *step_addresses()):
            for method in ("PUT", "GET", "DELETE", "PATCH"):
                assert visitor.announce(path, PICTURE, method) == 413, (path, method)
            with visitor._begin(path, "POST", "Transfer-Encoding: chunked") as endless:
                assert _status(endless) == 413, path

    @pytest.mark.parametrize("path", [STEP, "/quan-tri/images/add/", "/quan-tri/documents/add/"])
    def test_who_leafs_through_these_pages_like_a_machine_is_slowed_down(
        self, come: Come, path: str
    ):
        visitor, said = come(), b""
        with visitor.open() as one:
            for _ in range(1_000):
                one.request("GET", path, headers={"Host": HOST})
                answer = one.getresponse()
                said = answer.read()
                if answer.status == 429:
                    break
        assert "Trang đang bận".encode() in said


class TestStrangers:
    def test_nobody_unknown_sends_a_byte_where_the_staff_do(self, proxy: Proxy, come: Come):
        for visitor in (come(), come("member"), come("made up")):
            for path in (*film_addresses(), *picture_addresses()):
                Echo.asked.clear()
                assert visitor.told(path, PICTURE)[:2] == (302, LOG_IN), path
                assert Echo.asked == [(HOST, STAFF_GATE)]
        assert on_disk(proxy) == 0

    def test_only_the_site_is_asked_who_somebody_is(self, come: Come):
        assert come("staff").announce(f"/.known{STAFF_GATE}", 0, "GET") == 404

    def test_a_page_of_the_staff_is_opened_and_a_short_form_sent_as_ever(self, come: Come):
        stranger = come()
        for path in (*film_addresses(), *picture_addresses()):
            Echo.asked.clear()
            assert stranger.announce(path, 0, "GET") == 200
            assert stranger.send(path, SHORT) == 200
            assert Echo.asked == [(HOST, path)] * 2, "nobody was asked for"

    def test_what_anybody_may_send_waits_in_memory(self, proxy: Proxy, come: Come):
        stranger, staff = come(), come("staff")
        stranger.trickle("/lien-he/", 250_000)
        for path in (film_addresses()[0], picture_addresses()[0], STEP):
            stranger.trickle(path, SHORT)
        time.sleep(0.5)
        assert on_disk(proxy) == 0
        staff.trickle(picture_addresses()[0], LONG)
        wait_for(lambda: on_disk(proxy) > KEPT)

    def test_bodies_in_memory_are_counted_from_one_address(self, come: Come):
        stranger = come()
        for _ in range(12):
            stranger.trickle("/lien-he/", SHORT, sent=10)
        assert stranger.announce("/lien-he/", SHORT) == 429
        assert stranger.send("/lien-he/", 9_000) == 200, "a short form, and a page, as ever"
        assert stranger.announce("/", 0, "GET") == 200
        assert come().send("/lien-he/", SHORT) == 200

    def test_and_in_all(self, tmp_path: Path, site: Crowded):
        with Proxy(tmp_path, site.server_port, bulky=20) as small:
            first, second, third = (Visitor(small, f"127.0.1.{number}") for number in (1, 2, 3))
            for one in (first, second):
                for _ in range(10):
                    one.trickle("/lien-he/", SHORT, sent=10)
            assert third.announce("/lien-he/", SHORT) == 429
            assert third.send("/lien-he/", 9_000) == 200
            assert third.send(STEP, SHORT) == 200, "these have places of their own"
            first.go()
            wait_for(lambda: third.send("/lien-he/", SHORT) == 200)
            second.go()

    @pytest.mark.parametrize("fault", [500, 503])
    def test_a_fault_of_the_site_sends_nobody_to_log_in(
        self, come: Come, monkeypatch: pytest.MonkeyPatch, fault: int
    ):
        monkeypatch.setattr(Site, "stranger", fault)
        for path in (film_addresses()[0], picture_addresses()[0], STEP):
            status, leads_to, said = come("somebody").told(path, PICTURE)
            assert (status, leads_to) == (502, None), path
            assert "Trang đang bận" in said, path

    def test_slow_strangers_keep_no_film_of_the_staff_out(self, come: Come):
        library = film_addresses()[1]
        for _ in range(4):
            stranger = come()
            for _ in range(3):
                stranger.trickle(library, FILM, sent=10_000)
        assert come("staff").send(library, FILM) == 200
        assert come("staff", beside=stranger).send(library, FILM) == 200

    def test_writers_whose_session_ended_are_heard_but_take_no_place_of_owners(
        self, proxy: Proxy, come: Come
    ):
        strangers = [come() for _ in range(6)]
        assert strangers[0].send(STEP, PICTURE) == 200, "the site keeps their text"
        for one in strangers[:4]:
            one.trickle(STEP, LONG)
        wait_for(lambda: on_disk(proxy) > 4 * KEPT)
        assert strangers[0].announce(STEP, LONG) == 429, "one from one address"
        status, _, said = strangers[4].told(STEP, LONG)
        assert status == 429, "four in all"
        assert "Trang đang bận" in said
        assert strangers[4].send(STEP, SHORT) == 200
        assert come("member").send(STEP, PICTURE) == 200
        assert come("member", beside=strangers[0]).send(STEP, PICTURE) == 200
        assert come("staff").send(film_addresses()[0], FILM) == 200
        assert come("staff").send(picture_addresses()[0], PICTURE) == 200
        # A house full of owners at one address, and one elsewhere.
        house = come("member")
        for owner in (house, house, house, house, come("member"), come("member")):
            owner.trickle(STEP, LONG)
        wait_for(lambda: on_disk(proxy) > 10 * KEPT)
        assert come("member").announce(STEP, LONG) == 429, "six of them"

    def test_an_owner_who_sends_a_picture_silences_no_writer_at_the_same_address(
        self, proxy: Proxy, come: Come
    ):
        owner = come("member")
        owner.trickle(STEP, LONG)
        wait_for(lambda: on_disk(proxy) > KEPT)
        assert come(beside=owner).send(STEP, PICTURE) == 200


class TestAsBrowsersDo:
    """HTTP/2, where a body may come without saying how long it is."""

    @pytest.fixture(autouse=True)
    def _curl(self) -> None:
        if shutil.which("curl") is None or b"HTTP2" not in run("curl", "--version").stdout:
            lacking("no curl that speaks HTTP/2: apt-get install curl")

    def told(self, proxy: Proxy, path: str, *words: str, size: int) -> list[str]:
        """Send a body and return the protocol, the status, and where the answer leads."""
        asked = ["curl", "--silent", "--insecure", "--http2", "--max-time", "20", "--output", os.devnull,
                 "--resolve", f"{HOST}:{proxy.https}:127.0.0.1", *words,
                 "--write-out", "%{http_version} %{http_code} %{redirect_url}",
                 f"https://{HOST}:{proxy.https}{path}"]  # fmt: skip
        return run(*asked, input=b"x" * size).stdout.decode().split()

    def test_the_same_is_taken_and_refused(self, proxy: Proxy, come: Come):
        library, whole = film_addresses()[0], ("--data-binary", "@-")
        staff = ("--cookie", "sessionid=staff")
        assert self.told(proxy, library, *whole, size=FILM) == ["2", "302", LOG_IN]
        assert self.told(proxy, library, *whole, *staff, size=FILM) == ["2", "200"]
        assert self.told(proxy, "/lien-he/", *whole, size=LONG) == ["2", "413"]
        assert self.told(proxy, "/lien-he/", *whole, size=SHORT) == ["2", "200"]

    def test_a_body_of_no_length_stays_short(self, proxy: Proxy, come: Come):
        streamed = ("--request", "POST", "--upload-file", "-", "--cookie", "sessionid=staff")
        for path in (film_addresses()[0], STEP, "/lien-he/"):
            assert self.told(proxy, path, *streamed, size=LONG) == ["2", "413"], path
        assert on_disk(proxy) == 0

    @pytest.mark.parametrize("method", ["GET", "OPTIONS"])
    def test_who_only_reads_sends_nothing(self, proxy: Proxy, come: Come, method: str):
        streamed = ("--request", method, "--upload-file", "-")
        for path in ("/", "/tai-khoan/login/", film_addresses()[0], STEP):
            assert self.told(proxy, path, *streamed, size=SHORT) == ["2", "413"], path
            assert self.told(proxy, path, size=0) == ["2", "200"], path


class TestPlaces:
    def test_one_film_from_one_address_and_two_in_all(self, proxy: Proxy, come: Come):
        library = film_addresses()[1]
        first, second, third = come("staff"), come("staff"), come("staff")
        slow = first.trickle(library, LONG)
        wait_for(lambda: on_disk(proxy) > KEPT)
        assert come("staff", beside=first).announce(library, FILM) == 429
        second.trickle(library, LONG)
        wait_for(lambda: on_disk(proxy) > 2 * KEPT)
        assert third.announce(library, FILM) == 429
        for path in (library, reverse("wagtaildocs:edit", args=[7])):
            assert third.announce(path, 0, "GET") == 200, "pages are opened meanwhile"
            assert third.send(path, SHORT) == 200, "and names changed"
        assert third.send(picture_addresses()[0], PICTURE) == 200
        slow.sendall(b"x")
        assert _status(slow) == 200
        assert third.send(library, FILM) == 200, "a place is free again"

    def test_what_is_let_in_at_once_fits_on_the_proxys_disk(self):
        template = (DOCKER / "nginx/hub.conf.template").read_text()
        lanes = re.findall(
            r"location @\w+ \{([^}]*client_max_body_size \d+m[^}]*proxy_pass[^}]*)\}", template
        )
        most = 0
        for lane in lanes:
            size = int(re.search(r"client_max_body_size (\d+)m;", lane)[1])  # type: ignore[index]
            places = int(
                re.findall(r"limit_conn (?:hub_lane_of_all|hub_strangers) (\d+);", lane)[0]
            )
            most += size * places
        compose: Any = yaml.safe_load((DOCKER / "compose.yaml").read_text())
        proxy = compose["services"]["proxy"]
        (disk,) = (one for one in proxy["tmpfs"] if one.startswith("/tmp:"))
        room = int(re.search(r"size=(\d+)m", disk)[1])  # type: ignore[index]
        assert len(lanes) == 4
        assert most <= room - 100, "answers wait there as well"
        memory = int(proxy["deploy"]["resources"]["limits"]["memory"].removesuffix("m"))
        every = (DOCKER / "nginx/nginx.conf").read_text()
        bulky = sum(map(int, re.findall(r"limit_conn hub_bulky(?:_desk)? (\d+);", template)))
        each = int(re.search(r"client_body_buffer_size (\d+)k;", every)[1])  # type: ignore[index]
        assert memory >= room + bulky * each // 1024 + 100, "the disk is memory"
        for service in ("web", "worker"):
            (disk,) = (one for one in compose["services"][service]["tmpfs"] if "/tmp:" in one)
            assert most <= int(re.search(r"size=(\d+)m", disk)[1])  # type: ignore[index]


@pytest.mark.django_db
class TestTheSiteAsked:
    """The two pages by which the proxy knows people, as the site itself answers there."""

    @pytest.mark.parametrize(
        "headers", [{}, {"hx-request": "true"}, {"x-requested-with": "XMLHttpRequest"}]
    )
    def test_only_whom_it_knows_gets_a_page(self, settings: Any, headers: dict[str, str]):
        people = {"": AnonymousUser(), "member": make_user(), "staff": make_staff("editor")}
        assert self.known(people, headers) == GATES
        settings.STAFF_MFA_REQUIRED = True
        assert self.known(people, headers)[STAFF_GATE] == set(), "not before the second factor"

    def known(self, people: dict[str, Any], headers: dict[str, str]) -> dict[str, set[str]]:
        """Return whom the site shows a page at each address the proxy asks."""
        template = (DOCKER / "nginx/hub.conf.template").read_text()
        found: dict[str, set[str]] = {}
        for gate in re.findall(r"auth_request /\.known(/\S+);", template):
            found[gate] = set()
            for name, user in people.items():
                client = Client(headers=headers)
                if user.is_authenticated:
                    client.force_login(user)
                if client.get(gate).status_code == 200:
                    found[gate].add(name)
        return found
