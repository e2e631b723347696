"""The packaging: what can be known of it without an engine, and the proxy as it really answers."""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.proxy_support import (
    DOCKER,
    FILM,
    HOST,
    NGINX,
    ROOT,
    Crowded,
    Echo,
    Proxy,
    free_port,
    run,
)

BIN = Path(sys.executable).parent


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    return loaded


class TestFiles:
    def test_compose_file_keeps_to_its_schema(self):
        done = run(
            BIN / "check-jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            DOCKER / "compose.yaml",
        )
        assert done.returncode == 0, done.stdout.decode()

    def test_dockerfile_passes_its_linter(self):
        done = run(BIN / "hadolint", DOCKER / "Dockerfile")
        assert done.returncode == 0, done.stdout.decode()

    @pytest.mark.parametrize("path", sorted(DOCKER.rglob("*.sh")), ids=lambda path: path.name)
    def test_scripts_can_be_read_by_their_shell(self, path: Path):
        shell = "bash" if "bash" in path.read_text().splitlines()[0] else "sh"
        assert run(shell, "-n", path).stderr == b""

    def test_every_file_the_images_copy_is_in_the_context(self):
        kept = [
            line[1:]
            for line in (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
            if line.startswith("!")
        ]
        assert all((ROOT / name).exists() for name in kept)
        wanted = re.findall(r"^COPY (?!--from)(\S+)", (DOCKER / "Dockerfile").read_text(), re.M)
        for name in wanted:
            assert name == "." or any(
                name == part or name.startswith(f"{part}/") for part in kept
            ), name

    @pytest.mark.parametrize("image", ["site", "proxy"])
    def test_both_images_run_as_nobody_special_and_tell_how_they_are(self, image: str):
        stages = re.split(r"^FROM ", (DOCKER / "Dockerfile").read_text(), flags=re.M)
        (stage,) = (text for text in stages if text.partition("\n")[0].endswith(f" AS {image}"))
        steps = re.findall(r"^(USER|RUN|COPY|HEALTHCHECK|ENTRYPOINT|CMD)\b(.*)", stage, re.M)
        *_earlier, user = [words.strip() for step, words in steps if step == "USER"]
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user), "a number: no name can become root"
        order = [step for step, _words in steps]
        assert order.count("HEALTHCHECK") == 1
        assert not {"RUN", "COPY"} & set(order[order.index("USER") :]), "nothing is made as it"

    def test_the_check_of_the_image_asks_the_site_as_the_proxy_would(self):
        site = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        check = [sys.executable, DOCKER / "healthcheck.py", "web"]
        env = {"ALLOWED_HOSTS": f".{HOST}", "WEB_BIND": f"0.0.0.0:{site.server_port}"}
        Echo.asked.clear()
        assert run(*check, env=env).returncode == 0
        assert Echo.asked == [(HOST, "/suc-khoe/")]
        site.shutdown()
        site.server_close()
        assert run(*check, env=env).returncode == 1


class TestServices:
    def test_no_service_becomes_root_again(self):
        for name, service in compose()["services"].items():
            assert service.get("user", "none") not in {"root", "0", "0:0"}, name

    def test_what_must_last_stands_in_named_volumes_and_nothing_else_is_written(self):
        kept: dict[str, set[str]] = {}
        for name, service in compose()["services"].items():
            for volume in service.get("volumes", []):
                source, _, rest = volume.partition(":")
                if not rest.endswith(":ro"):
                    kept.setdefault(source, set()).add(name)
        assert kept == {
            "database": {"db"},
            "search": {"elasticsearch"},
            "media": {"setup", "web", "worker"},
            "private": {"setup", "web", "worker"},
        }
        assert set(compose()["volumes"]) == {*kept, "acme"}

    def test_every_service_that_stays_up_is_watched(self):
        checked = {"web", "proxy"}  # by the image itself
        for name, service in compose()["services"].items():
            if service["restart"] != "no":
                assert name in checked or service["healthcheck"]["test"], name

    def test_no_service_of_ours_may_more_than_it_must(self):
        for name, service in compose()["services"].items():
            assert service["cap_drop"] == ["ALL"], name
            assert service["security_opt"] == ["no-new-privileges:true"], name
            assert "privileged" not in service, name
            assert service["read_only"] is (name != "elasticsearch"), name
            assert service["logging"]["options"]["max-size"], name
            assert service["deploy"]["resources"]["limits"]["memory"], name

    def test_only_the_proxy_is_reached_from_outside(self):
        services = compose()["services"]
        assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
        inner = {name for name, one in compose()["networks"].items() if one and one.get("internal")}
        reach = {name for name, one in services.items() if set(one["networks"]) - inner}
        assert reach == {"proxy", "worker"}

    def test_proxy_sees_neither_private_files_nor_secrets_of_the_site(self):
        proxy = compose()["services"]["proxy"]
        assert {volume.partition(":")[0] for volume in proxy["volumes"]} == {"media", "acme"}
        assert all(volume.endswith(":ro") for volume in proxy["volumes"])
        assert set(proxy["secrets"]) == {"tls_certificate", "tls_key"}

    def test_the_search_node_speaks_tls_and_only_to_those_it_knows(self):
        node, site = (compose()["services"][name] for name in ("elasticsearch", "web"))
        told = node["environment"]
        assert told["xpack.security.enabled"] == "true"
        assert told["xpack.security.http.ssl.enabled"] == "true"
        assert "./secrets/elasticsearch:/usr/share/elasticsearch/config/certs:ro" in node["volumes"]
        assert site["environment"]["ELASTICSEARCH_URLS"] == "https://elasticsearch:9200"
        assert site["environment"]["ELASTICSEARCH_USER"] == "hub", "not the superuser"
        believed = Path(site["environment"]["ELASTICSEARCH_CA_FILE"]).name
        authority = told["xpack.security.http.ssl.certificate_authorities"]
        assert Path(compose()["secrets"][believed]["file"]).name == Path(authority).name

    def test_no_secret_stands_in_the_file_itself(self):
        for name, service in compose()["services"].items():
            for variable, value in service.get("environment", {}).items():
                if re.search("PASSWORD|SECRET|_KEY", variable) and name != "proxy":
                    assert variable.endswith("_FILE") or str(value).startswith("certs/"), variable

    def test_every_variable_of_the_site_is_one_the_site_reads(self):
        known = re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M)
        given = set(compose()["services"]["web"]["environment"])
        example = re.findall(r"^([A-Z0-9_]+)=", (DOCKER / "env.example").read_text(), re.M)
        given |= {name for name in example if not name.startswith("HUB_")}
        assert given <= set(known)

    def test_template_of_the_proxy_gets_every_value_it_names(self):
        named = set(re.findall(r"\$\{(\w+)\}", (DOCKER / "nginx/hub.conf.template").read_text()))
        assert named == {
            name for name in compose()["services"]["proxy"]["environment"] if name.startswith("HUB")
        }

    def test_everything_waits_for_what_it_needs(self):
        services = compose()["services"]
        for name, service in services.items():
            for other, condition in service.get("depends_on", {}).items():
                if condition["condition"] == "service_healthy":
                    assert "healthcheck" in services[other] or other == "web", (name, other)


def test_secrets_are_made_once_and_fit_together(tmp_path: Path):
    env = {**os.environ, "HUB_SECRETS": str(tmp_path / "secrets")}
    assert run("sh", DOCKER / "secrets.sh", HOST, env=env).returncode == 0
    files = {
        path: path.read_bytes() for path in (tmp_path / "secrets").rglob("*") if path.is_file()
    }
    assert run("sh", DOCKER / "secrets.sh", HOST, env=env).returncode == 0
    assert files == {path: path.read_bytes() for path in files}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert not list((tmp_path / "secrets").rglob("ca.key"))
    node = tmp_path / "secrets/elasticsearch"
    verified = run("openssl", "verify", "-CAfile", node / "ca.crt", node / "node.crt")
    assert verified.returncode == 0
    told = compose()["services"]["elasticsearch"]["environment"]
    for part in ("key", "certificate", "certificate_authorities"):
        folder, _, name = told[f"xpack.security.http.ssl.{part}"].partition("/")
        assert folder == "certs"
        assert (node / name).exists(), part
    for declared in compose()["secrets"].values():
        assert (tmp_path / declared["file"]).exists(), declared


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if NGINX is None:
        reason = "no nginx: apt-get install nginx-light"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    site = Crowded(("127.0.0.1", 0), Echo)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with Proxy(tmp_path_factory.mktemp("proxy"), site.server_port) as running:
        yield running
    site.shutdown()
    site.server_close()


class TestProxy:
    def test_what_a_visitor_claims_about_itself_is_overwritten(self, proxy: Proxy):
        _status, _headers, body = proxy.ask(
            "/",
            X_Forwarded_For="203.0.113.9",
            X_Forwarded_Host="evil.example",
            X_Forwarded_Proto="http",
            X_Forwarded_Port="1",
            X_Forwarded_Prefix="/evil",
            X_Real_IP="203.0.113.9",
            Forwarded="for=203.0.113.9",
        )
        reached = json.loads(body)["headers"]
        assert reached["x-forwarded-for"] == "127.0.0.1"
        assert reached["x-forwarded-proto"] == "https"
        assert reached["host"] == HOST
        assert "evil" not in str(reached)
        assert "203.0.113.9" not in str(reached)

    def test_plain_http_is_sent_to_https(self, proxy: Proxy):
        status, headers, _body = proxy.ask("/tim-kiem/?q=a%20b", secure=False)
        assert (status, headers["location"]) == (301, f"https://{HOST}/tim-kiem/?q=a%20b")

    @pytest.mark.parametrize("secure", [True, False])
    def test_another_name_gets_no_answer(self, proxy: Proxy, secure: bool):
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            proxy.ask("/", host="other.example", secure=secure)

    @pytest.mark.parametrize(
        "path",
        [
            "/media/documents/a.pdf",
            "/media//documents/a.pdf",
            "/media/%64ocuments/a.pdf",
            "/media/images/../documents/a.pdf",
            "/media/images/..%2fdocuments/a.pdf",
            "/static/../media/documents/a.pdf",
            "/static../media/documents/a.pdf",
            "/media/images/",
            "/.errors/down.html",
            "/.documents/a.pdf",
            "/%2edocuments/a.pdf",
        ],
    )
    def test_documents_never_leave_here(self, proxy: Proxy, path: str):
        status, _headers, body = proxy.ask(path)
        assert "kín".encode() not in body
        if status == 200:  # handed to the site, which knows no such address
            assert json.loads(body)["path"].startswith("/static../")
        else:
            assert status in {400, 403, 404}

    def test_pictures_are_served_where_no_script_in_them_can_run(self, proxy: Proxy):
        status, headers, body = proxy.ask("/media/images/a.svg")
        assert (status, body) == (200, b"<svg/>")
        assert "sandbox" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"

    def test_static_files_are_kept_for_a_year_only_when_named_by_content(self, proxy: Proxy):
        named = proxy.ask("/static/site.0123456789ab.css")[1]
        assert "immutable" in named["cache-control"]
        assert "immutable" not in proxy.ask("/static/plain.css")[1]["cache-control"]

    def test_a_page_gets_no_header_a_second_time(self, proxy: Proxy):
        headers = proxy.ask("/")[1]
        assert not {"strict-transport-security", "content-security-policy"} & set(headers)

    def test_a_film_the_site_lets_through_is_sent_in_parts(self, proxy: Proxy):
        status, headers, body = proxy.ask("/tai-lieu/1/a.mp4", Range="bytes=0-99")
        assert (status, body) == (206, FILM[:100])
        assert headers["content-range"] == f"bytes 0-99/{len(FILM)}"
        assert headers["content-type"] == "video/mp4"
        assert headers["content-disposition"] == 'inline; filename="a.mp4"'
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'self'"
        # nginx hands on what keeps a reader's file from others, and says again what it drops.
        assert headers["cache-control"] == "private, no-cache"
        assert headers["vary"] == "Cookie"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["x-content-type-options"] == "nosniff"
        assert "x-accel-redirect" not in headers
        whole = proxy.ask("/tai-lieu/1/a.mp4")
        assert (whole[0], whole[1]["accept-ranges"], whole[2]) == (200, "bytes", FILM)
        assert proxy.ask("/tai-lieu/1/a.mp4", Range="bytes=99999-")[0] == 416
        again = proxy.ask("/tai-lieu/1/a.mp4", If_None_Match=whole[1]["etag"])
        assert again[0] == 304

    def test_no_endless_address_and_no_endless_header_reaches_the_site(self, proxy: Proxy):
        Echo.asked.clear()
        assert proxy.ask("/tim-kiem/?q=" + "a" * 20_000)[0] == 414
        assert proxy.ask("/tim-kiem/", Cookie="a" * 20_000)[0] == 400
        assert proxy.ask("/tim-kiem/", **{f"X_{n}": "a" * 10_000 for n in range(9)})[0] == 400
        assert Echo.asked == []

    def test_health_is_for_the_watcher_on_this_machine(self, proxy: Proxy):
        assert proxy.ask("/suc-khoe/")[0] == 200
        template = (DOCKER / "nginx/hub.conf.template").read_text()
        block = template.partition("location = /suc-khoe/ {")[2].partition("\n    }\n")[0]
        assert re.findall(r"(?:allow|deny) \S+;", block) == [
            "allow 127.0.0.1;",
            "allow ::1;",
            "deny all;",
        ]

    def test_log_holds_no_address_no_query_no_key(self, proxy: Proxy):
        proxy.ask("/tim-kiem/?q=bimat")
        proxy.ask("/tai-khoan/confirm-email/khoabimat/")
        proxy.ask("/en/xac-nhan/khoabimat/")
        wait_for(lambda: "xac-nhan" in proxy.log.read_text())
        log = proxy.log.read_text()
        assert "127.0.0.0" in log
        assert "127.0.0.1" not in log
        assert "bimat" not in log

    def test_who_hammers_the_log_in_is_slowed_down(self, proxy: Proxy):
        answers = [proxy.ask("/tai-khoan/login/") for _ in range(60)]
        assert [status for status, _headers, _body in answers].count(200) >= 30
        # The first refusal, wherever it came: on a slow machine the next visit may be let in again.
        headers, body = next((h, b) for status, h, b in answers if status == 429)
        assert headers["retry-after"] == "30"
        assert "Trang đang bận".encode() in body

    def test_one_address_holds_sixty_connections_at_most(self, proxy: Proxy):
        Echo.asked.clear()
        Echo.ready.clear()
        statuses: list[int] = []
        visits = [
            threading.Thread(target=lambda n=n: statuses.append(proxy.ask(f"/cham/{n}/")[0]))
            for n in range(70)
        ]
        for visit in visits:
            visit.start()
        wait_for(lambda: len(statuses) >= 10)
        Echo.ready.set()
        for visit in visits:
            visit.join()
        assert Counter(statuses) == {200: 60, 429: 10}
        assert len(Echo.asked) == 60

    def test_who_leafs_faster_than_anybody_reads_is_slowed_down(self, proxy: Proxy):
        context = ssl._create_unverified_context()
        one = http.client.HTTPSConnection("127.0.0.1", proxy.https, timeout=10, context=context)
        statuses = []
        while 429 not in statuses and len(statuses) < 1_000:
            one.request("GET", "/tim-kiem/", headers={"Host": HOST})
            answer = one.getresponse()
            answer.read()
            statuses.append(answer.status)
        one.close()
        assert set(statuses) == {200, 429}
        assert proxy.ask("/static/plain.css")[0] == 200, "a page's files are not counted"


def test_a_site_that_is_down_gets_a_page_that_says_so(tmp_path: Path, proxy: Proxy):
    with Proxy(tmp_path, free_port()) as lonely:
        status, headers, body = lonely.ask("/")
    assert status == 502
    assert headers["cache-control"] == "no-store"
    assert "nâng cấp".encode() in body


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
