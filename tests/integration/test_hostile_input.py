"""Garbage at every address: a message and a 4xx, never a 500, and nothing changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from workspace_support import form_of

from registry.directory.models import Entry
from registry.directory.selectors import draft_of
from tests.integration.test_permissions import GET, OWN, World, everything
from tests.snapshots import again

pytestmark = pytest.mark.django_db

LONG = "a" * 10_000
GARBAGE = {
    "nul": "a\x00b",
    "quotes": '"\'`;--) OR 1=1 NEAR(" *',
    "long": LONG,
    "marks": "\u0301" * 300,
    "script": "<script>alert(1)</script>",
    "number": "9" * 400,
    "nan": "NaN",
    "infinity": "1e400",
    "minus": "-1",
    "path": "../../../../etc/passwd",
    "lines": "a\r\nSet-Cookie: x=1",
    "template": "{{ x }}{% y %}%s%(x)s{0.__class__}",
    "date": "31/02/0000",
    "right to left": "\u202eabc\U0001f600",
}
#: What the forms and lists of the hub read.
NAMES = [
    "q", "trang", "sap-xep", "loai", "linh-vuc", "trl", "xa-phuong", "ngay-xac-nhan", "nguyen-van",
    "kind", "case", "commune", "age", "assignee", "late", "state", "p", "next", "sua", "bo",
    "latest_revision", "expect", "seq", "action", "transition", "reason", "note", "checklist",
    "title", "name_vi", "tax_code", "roles-0-uid", "roles-0-role", "roles-0-since", "founded_year",
    "title_vi", "price_low", "evidence-0-level", "ip_items-0-filed_on", "sectors", "commune_code",
    "email", "role", "claim", "text", "cooperation", "information", "introduction", "timeframe",
    "budget", "consent", "full_name", "language", "purpose", "password", "writer", "organisation",
    "number", "type", "issued_on", "expires_on",
]  # fmt: skip
#: Addresses whose POST needs no more than a click or a title, so that nothing here is garbage to them.
ENDS = {"workspace:discard", "workspace:withdraw", "workspace:clone", "workspace:hold",
        "workspace:confirm", "workspace:show", "workspace:member_remove", "workspace:uninvite",
        "confirm_by_link",
        "desk:lifecycle",
    "desk:enter", "workspace:submit"}  # fmt: skip


@pytest.fixture
def world() -> World:
    return again(World)


@pytest.fixture
def faithful(settings: Any) -> None:
    """Many requests come from one address here; that is not what is being tried."""
    settings.SEARCHES_A_MINUTE = 100_000


@pytest.mark.parametrize("role", ["anonymous", "owner", "moderator"])
def test_no_address_breaks_over_its_query_string(world, faithful, role):
    for kind, garbage in GARBAGE.items():
        client = world.client(role)
        client.raise_request_exception = False
        query = urlencode(dict.fromkeys(NAMES, garbage))
        for name in GET:
            answer = client.get(world.address(name), QUERY_STRING=query)
            assert answer.status_code < 500, (kind, name)


@pytest.mark.parametrize("role", ["owner", "moderator"])
def test_no_form_breaks_and_nothing_is_changed(world, faithful, role):
    before = everything()
    for kind, garbage in GARBAGE.items():
        client = world.client(role)
        client.raise_request_exception = False
        data = dict.fromkeys(NAMES, garbage)
        for name in GET:
            if name in ENDS or name in OWN:
                continue
            answer = client.post(world.address(name), data)
            assert answer.status_code < 500, (kind, name)
        assert everything() == before, kind


@pytest.mark.parametrize(
    "query",
    [
        "q=%ff%fe",
        "q=%ed%a0%80",
        "trl=%00",
        "linh-vuc=%ff",
        "q=%",
        "%ff=1",
        "q=a&q=b&q=%c3",
        "trang=%d9%a1",
    ],
)
@pytest.mark.parametrize("path", ["/tim-kiem/", "/danh-ba/", "/thi-truong-cong-nghe/", "/goi-y/"])
def test_broken_encodings_are_answered(client, query, path):
    client.raise_request_exception = False
    assert client.get(f"{path}?{query}").status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/cong-nghe/x-cn-999999999/",
        "/to-chuc/%00-tc-0001/",
        "/to-chuc/../../tc-0001/",
        "/tap-tin/anh/..%2f..%2fhub-480.webp",
        "/tap-tin/anh/abc-99999999999.webp",
        "/de-nghi/cn-9999/",
        "/bao-sai/khong-co/",
        "/xac-nhan/" + "a" * 3000 + "/",
        "/ban-lam-viec/loi-moi/" + "a" * 3000 + "/",
        "/%ff%fe/",
        "/en/%00/",
    ],
)
def test_addresses_of_nothing_are_not_found(world, path):
    client = world.client("owner")
    client.raise_request_exception = False
    assert 400 <= client.get(path).status_code < 500


def test_a_foreign_address_is_never_followed_after_signing_in(world):
    client = world.client("anonymous")
    answer = client.post(
        "/tai-khoan/login/?next=https://evil.example/",
        {"login": world.owner.email, "password": "mot mat khau dai"},
    )
    assert answer.status_code == 302
    assert "evil.example" not in answer["Location"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.jpg", b"<?php system($_GET[0]); ?>"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64),
        ("a.zip", b"PK\x03\x04" + b"\x00" * 64),
        ("a.jpg", b""),
        ("a\x00.jpg", b"GIF89a"),
    ],
)
def test_a_hostile_picture_is_refused_with_a_message(world, name, content):
    client = world.client("owner")
    before = everything()
    answer = client.post(
        world.address("workspace:step"),
        {
            "latest_revision": world.offer.content.latest_revision_id,
            "action": "save",
            "image": SimpleUploadedFile(name, content, "image/jpeg"),
        },
    )
    assert 400 <= answer.status_code < 500
    assert "Chọn tệp" in answer.content.decode() or "tệp" in answer.content.decode().lower()
    assert everything() == before


def test_too_many_fields_are_refused(world):
    client = world.client("owner")
    client.raise_request_exception = False
    data = {f"x{number}": "1" for number in range(3_000)}
    assert client.post(world.address("workspace:step"), data).status_code == 400


def test_malformed_bodies_are_refused(world):
    client = world.client("owner")
    client.raise_request_exception = False
    address = world.address("workspace:step")
    for kind, body in (
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
        ("multipart/form-data", b"abc"),
        ("application/json", b"{"),
        ("application/x-www-form-urlencoded", b"title_vi=%ff%fe%00&latest_revision=%00"),
    ):
        assert client.post(address, body, content_type=kind).status_code < 500, kind


def test_every_public_page_forbids_scripts_from_elsewhere(client):
    for path in ("/tim-kiem/", "/thi-truong-cong-nghe/", "/tai-khoan/login/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_a_form_without_its_token_is_refused(world):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(world.owner)
    before = everything()
    for name in ("workspace:hold", "workspace:submit", "workspace:enquiry_answer"):
        assert client.post(world.address(name), {"action": "accept"}).status_code in {302, 403}
    assert everything() == before


@pytest.mark.parametrize("kind", ["nul", "long", "number", "template", "date", "right to left"])
def test_one_bad_field_in_a_good_form(world, kind):
    client = world.client("owner")
    for step in world.draft.kind_info.steps:
        at = {"number": world.draft.number_slug, "step": step.code}
        address = reverse("workspace:step", kwargs=at)
        good = form_of(client.get(address).content.decode())
        for name in good:
            latest = type(world.draft.content).objects.get(entry=world.draft).latest_revision_id
            answer = client.post(address, good | {"latest_revision": latest, name: GARBAGE[kind]})
            assert answer.status_code in {200, 302, 409, 422}, name
            if answer.status_code == 302:
                preview = reverse("workspace:preview", kwargs={"number": world.draft.number_slug})
                assert client.get(preview).status_code == 200, name


def test_a_child_of_another_entry_is_not_taken_over(world):
    theirs = world.organisation.content.roles.get()
    client = world.client("other_owner")
    mine = Entry.objects.of_member(world.other_owner).get()
    address = reverse("workspace:step", kwargs={"number": mine.number_slug, "step": "ten"})
    client.post(
        address,
        {
            "latest_revision": mine.content.latest_revision_id,
            "name_vi": "Tổ chức khác",
            "roles-0-uid": theirs.uid,
            "roles-0-role": "startup",
        },
    )
    draft = draft_of(Entry.objects.get(pk=mine.pk))
    assert [role.uid for role in draft.roles.all()] != [theirs.uid]
    assert world.organisation.content.roles.get().uid == theirs.uid


def test_forged_headers_of_htmx_change_no_answer_for_the_worse(world, faithful):
    client = world.client("owner")
    forged = {"HX-Request": "true", "HX-Target": "x y", "HX-Current-URL": "http://[",
              "HX-Prompt": "%ff", "HX-Trigger-Name": "<b>", "HX-Boosted": "x"}  # fmt: skip
    for name in GET:
        answer = client.get(world.address(name), headers=forged)
        assert answer.status_code < 500, name
        assert "evil" not in answer.get("HX-Push-Url", ""), name
