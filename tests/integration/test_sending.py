"""Files of the library between the site, the proxy and whoever keeps what passes by."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.http import HttpResponse
from django.test import Client, RequestFactory
from wagtail.models import Collection

from registry.accounts.middleware import StaffGate
from tests.factories import make_user
from tests.integration.test_videos import MP4, body, closed, get, store

__all__ = ["closed"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by_proxy", [False, True])
def test_no_cache_on_the_way_keeps_what_one_reader_may_see(
    closed: Collection, settings: Any, by_proxy: bool
) -> None:
    settings.FILES_BY_PROXY = by_proxy
    document = store("a.mp4", MP4, collection=closed)
    reader = make_user("Thành viên Hội đồng")
    reader.groups.add(Group.objects.get(name="Hội đồng"))
    client = Client()
    client.force_login(reader)
    # Marks of the file as the proxy, not the site, knows it.
    answer = client.get(document.url, headers={"if-match": '"5f-1a"'} if by_proxy else {})
    body(answer)
    assert answer.status_code == 200
    assert ("X-Accel-Redirect" in answer) is by_proxy
    assert {"private", "no-cache"} <= set(answer["Cache-Control"].split(", "))
    if not by_proxy:
        kept = client.get(document.url, headers={"if-modified-since": answer["Last-Modified"]})
        assert kept.status_code == 304
        assert "Content-Encoding" not in kept
        assert kept.get("ETag") != '""'


def test_what_nobody_known_sends_to_the_library_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(*_args: Any) -> bytes:
        raise AssertionError("read")

    request = RequestFactory().post("/quan-tri/documents/multiple/add/", {"title": "a"})
    request.user = AnonymousUser()
    monkeypatch.setattr(request._stream, "read", read)
    answer = StaffGate(lambda _request: HttpResponse(_request.POST.urlencode()))(request)
    assert answer.status_code == 302
    assert "/tai-khoan/" in answer["Location"]


def test_the_proxy_is_told_which_file_to_send_and_in_which_part_is_its_own_affair(
    settings: Any,
) -> None:
    settings.FILES_BY_PROXY = True
    document = store("Mẻ sấy 1.mp4", MP4)
    answer = get(document, range="bytes=0-99")
    assert answer.status_code == 200
    name = document.filename
    assert re.fullmatch(r"/\.documents/[\w.%-]+", answer["X-Accel-Redirect"])
    assert Path(document.file.path).parent.name == "documents"
    assert unquote(answer["X-Accel-Redirect"]) == f"/.documents/{name}"
    assert answer["Content-Type"] == "video/mp4"
    assert "Content-Range" not in answer
    assert body(answer) == b""
