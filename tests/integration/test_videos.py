"""A film on a page: who may put what there, what a visitor without ears, eyes or rights gets of it."""

from __future__ import annotations

import html as markup
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, get_page_models

from cms.desk.reaching import broken
from cms.films import film_of
from cms.images import SiteImage
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.search_source import body_of
from tests.factories import make_staff
from tests.integration.editor_support import article, small_site
from tests.integration.test_page_blocks import BODY, Reading, clean, drawn, errors_of
from tests.integration.test_pictures import make_image

pytestmark = pytest.mark.django_db

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(range(256)) * 4
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + b"\x00" * 40
MKV = WEBM.replace(b"webm", b"matroska")
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nXin chào.\n".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
SAID = "Chị Sáu: Máy này sấy được bốn tạ cơm dừa một mẻ."


@pytest.fixture(autouse=True)
def index(db: None) -> NewsIndexPage:
    """A site with its list of news."""
    return small_site()


@pytest.fixture
def poster() -> SiteImage:
    """A still of a film, small: each test makes its sizes anew."""
    return make_image(320, 180, description="Lò sấy trong xưởng", credit="Trung tâm")


def store(name: str, content: bytes, **fields: Any) -> Any:
    """Return a document of the library, put there past its form."""
    file = ContentFile(content, name=name)
    return get_document_model().objects.create(title=name, file=file, **fields)


def film(picture: SiteImage, **values: Any) -> tuple[str, dict[str, Any]]:
    """Return the block of a film that lacks nothing, but for what is given."""
    whole: dict[str, Any] = {"title": "Mẻ sấy đầu tiên", "poster": picture.pk, "transcript": SAID}
    if "url" not in values:
        whole["document"] = store("me-say.mp4", MP4).pk
        whole["captions"] = store("me-say.vtt", VTT).pk
    return "video", whole | values


def get(document: Any, **headers: str) -> Any:
    """Return what an anonymous visitor gets of a document."""
    return Client().get(document.url, headers=headers)


def body(answer: Any) -> bytes:
    """Return the bytes of an answer; read to its end, it holds no file open."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


# ── what a visitor gets


def test_a_film_plays_in_the_page_with_its_captions_and_its_words() -> None:
    large = make_image(1600, 900, description="Lò sấy trong xưởng", credit="Trung tâm")
    html = drawn(clean(film(large)))
    assert Reading(html).faults == []
    player = re.search(r"<video [^>]+>", html)
    assert player is not None
    for part in ("controls", "playsinline", 'preload="none"', 'aria-label="Mẻ sấy đầu tiên"'):
        assert part in player[0]
    assert re.search(r'poster="/media/images/[^"]+" width="960" height="540"', player[0])
    assert "autoplay" not in html
    assert re.search(r'<source src="/tai-lieu/\d+/me-say[^"]*\.mp4" type="video/mp4">', html)
    assert re.search(r'<track kind="captions" src="/tai-lieu/[^"]+\.vtt" srclang="vi"', html)
    assert f"<p>{SAID}</p>" in html
    assert "Nguồn ảnh: Trung tâm" in html
    assert "style=" not in html
    assert "<script" not in html


def test_a_film_elsewhere_is_a_link_that_says_so_and_loads_nothing(poster: SiteImage) -> None:
    html = drawn(clean(film(poster, url="https://phim.example/xem?v=1&t=2")))
    assert Reading(html).faults == []
    assert 'href="https://phim.example/xem?v=1&amp;t=2" rel="noopener"' in html
    assert "Xem phim ở phim.example (rời trang web này)" in html
    assert "<picture>" in html
    assert 'loading="lazy"' in html
    assert not re.search(r"<(video|iframe|embed|object)", html)
    assert re.findall(r'(?:src|srcset|poster)="(https?:)?//', html) == []
    assert "(leaves this site)" in drawn(clean(film(poster, url="https://phim.example/x")), "en")


def test_the_policy_of_pages_lets_the_film_in_and_nothing_from_elsewhere(
    index: NewsIndexPage, poster: SiteImage
) -> None:
    page = article(index, body=BODY.to_python([{"type": "video", "value": film(poster)[1]}]))
    answer = Client().get(page.url)
    assert "<video" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "media-src" not in policy  # what holds for all holds for films


def test_what_is_written_of_a_film_is_text(poster: SiteImage) -> None:
    evil = '"><script>alert(1)</script>'
    html = drawn(clean(film(poster, title=evil, transcript=evil)))
    assert "<script" not in html
    assert markup.escape(evil) in html
    assert Reading(html).faults == []


def test_a_page_is_found_by_what_is_said_in_its_film(
    index: NewsIndexPage, poster: SiteImage
) -> None:
    page = NewsPage(body=BODY.to_python([{"type": "video", "value": film(poster)[1]}]))
    words = body_of(page)
    assert "bốn tạ cơm dừa" in words
    assert "Mẻ sấy đầu tiên" in words
    assert "me-say" not in words


def test_the_archive_copy_keeps_the_words_and_the_way_to_the_film(
    index: NewsIndexPage, poster: SiteImage
) -> None:
    page = article(index, body=BODY.to_python([{"type": "video", "value": film(poster)[1]}]))
    copy = Client().get(reverse("archive_copy", args=[page.pk])).content.decode()
    assert SAID in copy
    assert re.search(r'href="http://testserver/tai-lieu/\d+/me-say', copy)


# ── what an editor is told


def test_a_film_stands_in_one_place(poster: SiteImage) -> None:
    neither = errors_of(film(poster, document=None, captions=None))
    assert "Chọn tệp phim hoặc ghi địa chỉ của phim." in neither
    both = film(poster, url="https://a.example/", document=store("a.mp4", MP4).pk)
    assert "Chọn tệp hoặc ghi địa chỉ, không cả hai." in errors_of(both)


def test_a_film_needs_its_poster_and_its_title(poster: SiteImage) -> None:
    assert errors_of(film(poster, poster=None))
    assert errors_of(film(poster, title=""))
    poster.description = ""
    poster.save()
    clean(film(poster))  # the player bears the film's name; a picture by itself does not
    assert "Viết chữ thay ảnh" in errors_of(film(poster, url="https://a.example/"))


def test_who_does_not_hear_reads_unless_nothing_is_said(poster: SiteImage) -> None:
    assert "Chọn tệp phụ đề, hoặc đánh dấu" in errors_of(film(poster, captions=None))
    silent = drawn(clean(film(poster, captions=None, no_speech=True)))
    assert "<video" in silent
    assert "<track" not in silent
    clean(film(poster, url="https://a.example/x"))  # captions are the other site's own


@pytest.mark.parametrize("more", [{}, {"no_speech": True}, {"url": "https://a.example/x"}])
def test_who_does_not_see_reads_of_every_film(poster: SiteImage, more: dict[str, Any]) -> None:
    assert SAID.splitlines()[0] in drawn(clean(film(poster, **more)))
    assert errors_of(film(poster, transcript="  ", **more))


def test_an_error_stands_at_its_field(poster: SiteImage) -> None:
    values = film(poster, captions=store("a.pdf", b"%PDF-1.4").pk, url="http://a.example/")
    with pytest.raises(ValidationError) as refused:
        clean(values)
    fields = refused.value.block_errors[0].block_errors  # type: ignore[attr-defined]
    assert set(fields) == {"captions", "url"}


def test_a_draft_may_wait(poster: SiteImage) -> None:
    raw = [{"type": "video", "value": {"title": "Phim", "poster": poster.pk}, "id": "1"}]
    assert len(BODY.clean_deferred(BODY.to_python(raw))) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("phim.mp4", SVG),
        ("phim.mp4", HTML),
        ("phim.mp4", b""),
        ("phim.webm", HTML),
        ("phim.webm", MKV),
        ("phim.mov", MP4),
        ("phim.svg", SVG),
        ("phim.html", HTML),
        ("phim.mp4.exe", MP4),
        ("phim", MP4),
    ],
)
def test_what_only_calls_itself_a_film_is_none(
    poster: SiteImage, name: str, content: bytes
) -> None:
    told = errors_of(film(poster, document=store(name, content).pk))
    assert "không phải phim" in told or "Chọn tệp có đuôi .mp4, .webm." in told


@pytest.mark.parametrize("name", ["a.mp4", "a.MP4", "a.webm"])
def test_both_kinds_are_films_however_their_names_are_written(poster: SiteImage, name: str) -> None:
    content = WEBM if name.endswith("webm") else MP4
    html = drawn(clean(film(poster, document=store(name, content).pk)))
    assert f'type="video/{name[2:].lower()}"' in html


@pytest.mark.parametrize(
    "content",
    [HTML, b"", b"WEBVTTX", b"1\n00:00:00,000 --> 00:00:02,000\nSRT", VTT.decode().encode("utf-16"),
     b"WEBVTT\n\n\xff\xfe"],
)  # fmt: skip
def test_captions_are_captions(poster: SiteImage, content: bytes) -> None:
    told = errors_of(film(poster, captions=store("a.vtt", content).pk))
    assert "không phải phụ đề WebVTT" in told


def test_captions_may_begin_with_a_byte_order_mark(poster: SiteImage) -> None:
    clean(film(poster, captions=store("a.vtt", b"\xef\xbb\xbf" + VTT).pk))
    clean(film(poster, captions=store("b.vtt", b"WEBVTT").pk))


@pytest.mark.parametrize(
    "url",
    [
        "http://phim.example/x",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://a.example/",
        "data:text/html,<script>alert(1)</script>",
        "ftp://phim.example/x.mp4",
        "https://",
        "http://localhost/tin-tuc/",
        "https://[",
    ],
)
def test_only_an_address_that_is_safe_to_follow_is_taken(poster: SiteImage, url: str) -> None:
    assert errors_of(film(poster, url=url))
    # Not even the preview of a draft, which nobody has checked, makes a link of it.
    raw = [{"type": "video", "value": film(poster, url=url)[1], "id": "1"}]
    assert "href" not in drawn(BODY.to_python(raw))


def test_an_address_of_this_site_is_no_film_elsewhere(poster: SiteImage, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://hub.example"
    assert "ở ngay trang web này" in errors_of(film(poster, url="https://hub.example/tin-tuc/"))


def test_a_file_too_large_is_refused_in_words(poster: SiteImage, settings: Any) -> None:
    settings.FILM_MAX_UPLOAD_SIZE = 1000
    assert "Tệp này lớn hơn 1000 byte." in errors_of(film(poster)).replace("\xa0", " ")


# ── what the library takes


def upload(name: str, content: bytes) -> Any:
    """Return the library's answer to an editor who adds a file."""
    client = Client()
    client.force_login(make_staff("editor"))
    values = {"title": name, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("wagtaildocs:add"), values)


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("phim.mp4", MP4, True),
        ("phim.webm", WEBM, True),
        ("phim.vtt", VTT, True),
        ("van-ban.pdf", b"%PDF-1.4", True),
        ("phim.mp4", HTML, False),
        ("phim.MP4", SVG, False),
        ("phim.webm", MKV, False),
        ("phim.vtt", HTML, False),
    ],
)
def test_the_library_takes_what_is_what_it_says(name: str, content: bytes, taken: bool) -> None:
    answer = upload(name, content)
    assert (answer.status_code == 302) is taken
    stored = get_document_model().objects.filter(title=name).first()
    assert (stored is not None) is taken
    if stored is not None:
        assert Path(stored.file.path).read_bytes() == content
    else:
        assert "không phải ph" in answer.content.decode()


def test_the_library_has_a_limit_for_films_and_one_for_the_rest(settings: Any) -> None:
    settings.DOCUMENT_MAX_UPLOAD_SIZE, settings.FILM_MAX_UPLOAD_SIZE = 100, len(MP4)
    assert upload("phim.mp4", MP4).status_code == 302
    assert "Tệp này lớn hơn" in upload("phim.mp4", MP4 + b"x").content.decode()
    assert "Tệp này lớn hơn" in upload("a.pdf", b"%PDF" + b"x" * 100).content.decode()


# ── what is gone


@pytest.mark.parametrize("part", ["poster", "document"])
def test_a_film_without_its_parts_leaves_the_page_whole(poster: SiteImage, part: str) -> None:
    stream = clean(("heading", "Mục"), film(poster), ("heading", "Sau"))
    raw = stream.get_prep_value()
    stream[1].value[part].delete()
    html = drawn(BODY.to_python(raw))
    assert "<figure" not in html
    assert ">Mục</h2>" in html
    assert ">Sau</h2>" in html


def test_a_file_lost_from_the_disk_leaves_the_film_out(poster: SiteImage) -> None:
    stream = clean(film(poster))
    document = stream[0].value["document"]
    document.file.storage.delete(document.file.name)
    assert drawn(stream).strip() == ""
    assert "Không mở được tệp này." in errors_of(film(poster, document=document.pk))


def test_captions_that_are_gone_leave_the_film_with_its_words_and_the_editors_hear_of_it(
    index: NewsIndexPage, poster: SiteImage
) -> None:
    stream = clean(film(poster))
    page = article(index, body=stream)
    stream[0].value["captions"].delete()
    html = Client().get(page.url).content.decode()
    assert "<video" in html
    assert "<track" not in html
    assert SAID in html
    assert "Tài liệu đã xóa" in broken().values()


# ── who may read, and how


@pytest.fixture
def closed() -> Collection:
    """A collection for one group of readers, below one that is open."""
    root = Collection.get_first_root_node()
    room = root.add_child(name="Nội bộ")
    restriction = CollectionViewRestriction.objects.create(
        collection=room, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="Hội đồng"))
    return room.add_child(name="Phim nội bộ")


def test_a_film_of_a_closed_collection_leaks_neither_on_the_page_nor_by_its_address(
    poster: SiteImage, closed: Collection, settings: Any
) -> None:
    kept = store("kin.mp4", MP4, collection=closed)
    assert "bộ sưu tập không công khai" in errors_of(film(poster, document=kept.pk))
    words = store("kin.vtt", VTT, collection=closed)
    assert "bộ sưu tập không công khai" in errors_of(film(poster, captions=words.pk))
    shown = film_of({"poster": poster, "document": kept, "captions": None})
    assert shown is None
    for by_proxy in (False, True):
        settings.FILES_BY_PROXY = by_proxy
        for asked in ({}, {"range": "bytes=0-99"}, {"range": "bytes=0-"}):
            answer = get(kept, **asked)
            assert answer.status_code == 302
            assert "X-Accel-Redirect" not in answer
            assert b"ftyp" not in body(answer)
    assert Client().get(f"/media/{kept.file.name}").status_code == 404


def test_a_film_that_is_closed_later_leaves_the_page(poster: SiteImage, closed: Collection) -> None:
    stream = clean(film(poster))
    document = stream[0].value["document"]
    document.collection = closed
    document.save()
    assert drawn(stream).strip() == ""


def test_a_phone_gets_the_part_it_asks_for() -> None:
    document = store("a.mp4", MP4)
    whole = get(document)
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    assert whole["Content-Type"] == "video/mp4"
    assert "Content-Encoding" not in whole
    assert body(whole) == MP4
    part = get(document, range="bytes=0-99")
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 0-99/{len(MP4)}"
    assert part["Content-Length"] == "100"
    assert part["Content-Type"] == "video/mp4"
    assert body(part) == MP4[:100]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, len(MP4) - 1),
        ("bytes=-10", len(MP4) - 10, len(MP4) - 1),
        ("bytes=-99999", 0, len(MP4) - 1),
        ("bytes=5-999999999999999999", 5, len(MP4) - 1),
    ],
)
def test_parts_are_counted_as_the_protocol_says(asked: str, first: int, last: int) -> None:
    part = get(store("a.mp4", MP4), range=asked)
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes {first}-{last}/{len(MP4)}"
    content = body(part)
    assert content == MP4[first : last + 1]
    assert part["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    "asked", [f"bytes={len(MP4)}-", "bytes=99999-100000", "bytes=9-3", "bytes=-0", "bytes=-"]
)
def test_a_part_that_does_not_exist_is_refused(asked: str) -> None:
    answer = get(store("a.mp4", MP4), range=asked)
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(MP4)}"
    assert body(answer) == b""


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-9", "items=0-5", "bytes=a-b", "bytes", "bytes=0-" + "9" * 5000, "bytes=²-3"],
)
def test_what_is_no_range_of_ours_gets_the_whole(asked: str) -> None:
    answer = get(store("a.mp4", MP4), range=asked)
    assert answer.status_code == 200
    assert body(answer) == MP4


def test_a_part_of_another_file_is_never_mixed_in() -> None:
    document = store("a.mp4", MP4)
    document.get_file_hash()
    known = get(document)
    mark, day = known["ETag"], known["Last-Modified"]
    body(known)
    for value, status in ((mark, 206), (day, 206), ('"khac"', 200)):
        answer = get(document, range="bytes=0-9", if_range=value)
        assert answer.status_code == status
        body(answer)
    assert get(document, if_none_match=mark).status_code == 304


def test_an_empty_file_has_no_part() -> None:
    answer = get(store("a.mp4", b""), range="bytes=0-")
    assert answer.status_code == 416


def test_only_reading_is_answered() -> None:
    document = store("a.mp4", MP4)
    assert Client().post(document.url).status_code == 405
    head = Client().head(document.url, headers={"range": "bytes=0-9"})
    assert head.status_code == 200
    body(head)
    assert Client().get(f"/tai-lieu/{document.pk}/khac.mp4").status_code == 404
    assert Client().get(f"/tai-lieu/{'9' * 30}/khac.mp4").status_code == 404


def test_captions_with_a_script_in_them_are_only_ever_captions(poster: SiteImage) -> None:
    evil = store("a.vtt", VTT + b"\n00:02.000 --> 00:03.000\n<script>alert(1)</script>\n")
    html = drawn(clean(film(poster, captions=evil.pk)))
    assert "<script" not in html
    answer = get(evil)
    assert answer["Content-Type"] == "text/vtt"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["Content-Disposition"].startswith("attachment")
    body(answer)


def test_every_page_with_a_body_takes_a_film() -> None:
    bodies = [
        model._meta.get_field("body").stream_block.child_blocks
        for model in get_page_models()
        if any(field.name == "body" for field in model._meta.get_fields())
    ]
    assert len(bodies) > 5
    assert all("video" in blocks for blocks in bodies)
