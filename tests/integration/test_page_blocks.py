"""What an editor puts into a page: whatever the form lets through, the page holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.documents import get_document_model
from wagtail.models import Site

from cms.blocks import BodyBlock
from cms.images import SiteImage
from cms.news.models import NewsIndexPage
from tests.factories import commune, make_live, make_staff, make_user, term
from tests.integration.editor_support import article, small_site
from tests.integration.events_support import at
from tests.integration.test_pictures import make_image

pytestmark = pytest.mark.django_db

BODY = BodyBlock()
VOID = {"img", "source", "br", "hr", "input", "use", "path", "circle", "rect", "line", "col"}
VOID |= {"track"}


@pytest.fixture(autouse=True)
def index(db: None) -> NewsIndexPage:
    """A site with its list of news."""
    return small_site()


class Reading(HTMLParser):
    """Reads markup as strictly as a checker: what is opened is closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.headings = [1]
        self.link: str | None = None
        self.feed(html)
        self.close()
        self.faults += [f"open: {name}" for name in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            level = int(tag[1])
            if level > self.headings[-1] + 1:
                self.faults.append(f"h{self.headings[-1]} then {tag}")
            self.headings.append(level)
        if tag == "a":
            self.link = ""
            if not values.get("href"):
                self.faults.append("a link to nothing")
        if tag == "img":
            if "alt" not in values:
                self.faults.append("a picture without words")
            if self.link is not None:
                self.link += values.get("alt") or ""
        if tag == "ul" or tag == "ol":
            self.items = 0
        if tag == "li":
            self.items = getattr(self, "items", 0) + 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"closed too much: {tag}")
        if tag == "a":
            if not (self.link or "").strip():
                self.faults.append("a link without a name")
            self.link = None
        if tag in {"ul", "ol"} and not getattr(self, "items", 0):
            self.faults.append("an empty list")

    def handle_data(self, data: str) -> None:
        if self.link is not None:
            self.link += data


def clean(*parts: tuple[str, Any]) -> Any:
    """Return what the form makes of blocks; raise `ValidationError` where it refuses them."""
    raw = [{"type": name, "value": value, "id": str(n)} for n, (name, value) in enumerate(parts)]
    return BODY.clean(BODY.to_python(raw))


def drawn(body: Any, language: str = "vi") -> str:
    """Return a body as a page shows it."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    request._wagtail_site = Site.objects.get(is_default_site=True)
    template = Template('{% include "cms/parts/blocks.html" %}')
    with translation.override(language):
        return template.render(Context({"body": body, "request": request}))


def errors_of(*parts: tuple[str, Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        clean(*parts)
    return _all(refused.value)


def _all(error: Any) -> str:
    found = [str(message) for message in getattr(error, "messages", [])]
    for part in (getattr(error, "block_errors", None) or {}).values():
        found.append(_all(part))
    return " ".join(found)


# ── whatever validates is drawn


def _texts(longest: int) -> st.SearchStrategy[str]:
    odd = [
        "",
        " ",
        "a",
        "<script>alert(1)</script>",
        '"><img src=x>',
        "&amp; &",
        "ế" * 9,
        "{{ x }}",
    ]
    return st.one_of(st.sampled_from(odd), st.just("x " * (longest // 2)), st.text(max_size=12))


def _rich(*more: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [*more, "", "<p></p>", "<p>Chữ</p>", '<p><a linktype="page" id="999999">x</a></p>',
         '<p><a href="https://a.example/">x</a></p>', "<ul><li>một</li></ul>"]
    )  # fmt: skip


def _struct(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


def _items(item: Any, most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(item, max_size=most)


_PAGES = st.sampled_from([None, 999_999])
_URLS = st.sampled_from(["", "https://a.example/x?y=1&z=2", "https://localhost/khong-co/"])
_CELLS = st.one_of(st.none(), _texts(20))


def _bodies(images: list[int], files: list[int]) -> st.SearchStrategy[list[tuple[str, Any]]]:
    image = st.sampled_from([None, 999_999, *images])
    link = _struct({"label": _texts(60), "page": _PAGES, "url": _URLS, "note": _texts(60)})
    question = _struct({"question": _texts(60), "answer": _rich()})
    step = _struct({"title": _texts(60), "text": _texts(200)})
    figure = _struct({"value": _texts(8), "unit": _texts(8), "label": _texts(60)})
    shown = _struct({"image": image, "alt": _texts(60), "caption": _texts(60)})
    paper = _struct(
        {"number": _texts(20), "date": st.none(), "issuer": _texts(60), "title": _texts(90)}
    )
    blocks: dict[str, st.SearchStrategy[Any]] = {
        "heading": _texts(80),
        "text": _rich("<h3>Mục</h3><p>Chữ</p>"),
        "picture": _struct(
            {"image": image, "alt": _texts(60), "caption": _texts(60)}, decorative=st.booleans()
        ),
        "gallery": _struct({"title": _texts(60), "pictures": _items(shown, 4)}),
        "video": _struct(
            {
                "title": _texts(60),
                "document": st.sampled_from([None, 999_999, *files]),
                "url": _URLS,
                "poster": image,
                "captions": st.sampled_from([None, 999_999, *files]),
                "transcript": _texts(60),
            },
            no_speech=st.booleans(),
        ),
        "live": _struct(
            {
                "title": _texts(60),
                "kind": st.sampled_from(["offer", "organisation", "lab", "event", "khong-co", ""]),
                "sector": st.sampled_from(["", "dua", "khong-co"]),
                "commune": st.sampled_from(["", "khong-co"]),
                "count": st.sampled_from([None, 0, 1, 12, 13]),
            }
        ),
        "steps": _struct({"title": _texts(60), "steps": _items(step)}),
        "questions": _struct({"title": _texts(60), "questions": _items(question)}),
        "contact": _struct(
            {
                "title": _texts(60),
                "text": _texts(90),
                "phone": st.sampled_from(["", "0270 123 4567", "bốn"]),
                "email": st.sampled_from(["", "a@b.example", "a@"]),
                "place": _texts(60),
            }
        ),
        "action": _struct({"label": _texts(40), "page": _PAGES, "url": _URLS, "note": _texts(40)}),
        "quote": _struct({"text": _texts(200), "source": _texts(60)}),
        "callout": _struct(
            {"tone": st.sampled_from(["", "n", "br"]), "title": _texts(60), "text": _rich()}
        ),
        "links": _struct({"title": _texts(60), "links": _items(link)}),
        "document": _struct({"document": st.sampled_from([None, 999_999]), "note": _texts(60)}),
        "table": st.fixed_dictionaries(
            {
                "data": st.lists(st.lists(_CELLS, min_size=2, max_size=2), max_size=3),
                "first_row_is_table_header": st.booleans(),
                "first_col_is_header": st.booleans(),
                "table_caption": _texts(40),
            }
        ),
        "figures": _struct({"figures": _items(figure), "source": _texts(60)}),
        "legal_documents": _struct({"caption": _texts(60), "documents": _items(paper)}),
    }
    assert set(blocks) == set(BODY.child_blocks), "a block without a test"
    one = st.sampled_from(sorted(blocks)).flatmap(
        lambda name: st.tuples(st.just(name), blocks[name])
    )
    return st.lists(one, min_size=1, max_size=5)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_validates_breaks_a_page(data: st.DataObject) -> None:
    described, bare = _two_images()
    parts = data.draw(_bodies([described, bare], _two_files()))
    try:
        body = clean(*parts)
    except ValidationError:
        # A draft may have gaps, links still to be named among them; its preview is drawn as well.
        raw = [{"type": name, "value": value, "id": "x"} for name, value in parts]
        faults = Reading(drawn(BODY.to_python(raw))).faults
        assert set(faults) <= {"a link without a name"}, parts
        return
    assert Reading(drawn(body)).faults == [], parts


def _two_images() -> tuple[int, int]:
    found = list(SiteImage.objects.order_by("pk")[:2])
    if not found:
        found = [make_image(40, 30, description="Vườn dừa"), make_image(40, 30, title="IMG_1.JPG")]
    return found[0].pk, found[1].pk


def _two_files() -> list[int]:
    model = get_document_model()
    if not model.objects.exists():
        for name, content in (("a.mp4", b"....ftypisom"), ("a.vtt", b"WEBVTT")):
            model.objects.create(title=name, file=ContentFile(content, name=name))
    return list(model.objects.order_by("pk").values_list("pk", flat=True)[:2])


# ── pictures


def test_a_picture_says_what_it_shows_or_that_it_is_decoration() -> None:
    bare = make_image(60, 40, title="IMG_2043.JPG")
    said = "Viết chữ thay ảnh, hoặc đánh dấu ảnh chỉ để trang trí."
    assert said in errors_of(("picture", {"image": bare.pk}))
    assert 'alt=""' in drawn(clean(("picture", {"image": bare.pk, "decorative": True})))
    own = drawn(clean(("picture", {"image": bare.pk, "alt": "Vườn dừa"})))
    assert 'alt="Vườn dừa"' in own
    described = make_image(60, 40, description="Mương và dừa")
    assert 'alt="Mương và dừa"' in drawn(clean(("picture", {"image": described.pk})))


def test_a_draft_may_wait_for_its_words() -> None:
    raw = [{"type": "picture", "value": {"image": make_image(60, 40).pk}, "id": "1"}]
    assert len(BODY.clean_deferred(BODY.to_python(raw))) == 1


def test_a_gallery_opens_each_picture_larger_without_a_script() -> None:
    pictures = [
        {"image": make_image(900, 600, description=f"Ảnh {n}").pk, "caption": "Chú thích"}
        for n in range(3)
    ]
    html = drawn(clean(("gallery", {"title": "Ngày hội", "pictures": pictures})))
    assert html.count("<picture>") == 3
    assert 'alt="Xem ảnh lớn: Ảnh 1"' in html
    large = re.findall(r'<a href="([^"]+)"', html)
    assert len(set(large)) == 3
    assert all(address.startswith("/media/") for address in large)


@pytest.mark.parametrize("number", [1, 13])
def test_a_gallery_has_two_to_twelve_pictures(number: int) -> None:
    image = make_image(60, 40, description="Dừa").pk
    pictures = [{"image": image}] * number
    errors_of(("gallery", {"title": "", "pictures": pictures}))


def test_a_gallery_names_every_picture() -> None:
    bare, good = make_image(60, 40).pk, make_image(60, 40, description="Dừa").pk
    told = errors_of(("gallery", {"pictures": [{"image": bare}, {"image": good}]}))
    assert "ảnh này mở lớn được nên cần có tên" in told


def test_the_picture_of_an_article_is_described_before_it_goes_out(index: NewsIndexPage) -> None:
    from tests.integration.test_saving_pages import words

    client = Client()
    client.force_login(make_staff("editor"))
    address = f"/quan-tri/pages/add/news/newspage/{index.pk}/"
    bare = make_image(60, 40)
    values = {"image": str(bare.pk), "sector": ""}
    press = words(**values, **{"action-publish": "Đăng"})
    refused = client.post(address, press)
    assert "Ảnh này chưa có chữ thay ảnh." in refused.content.decode()
    assert client.post(address, words(**values)).status_code == 302  # a draft may wait
    bare.description = "Máy sấy trong xưởng"
    bare.save()
    press |= {"slug": "bai-thu-hai", "form_key": "khac"}
    assert client.post(address, press).status_code == 302


def test_the_library_asks_for_words_with_each_picture() -> None:
    from wagtail.images import get_image_model
    from wagtail.images.forms import get_image_form

    form = get_image_form(get_image_model())(data={"title": "IMG_1"})
    assert "description" in form.errors


# ── what helps a reader do something


def test_a_button_leads_somewhere_and_is_gone_with_its_page(index: NewsIndexPage) -> None:
    assert "Chọn trang hoặc ghi địa chỉ." in errors_of(("action", {"label": "Đăng ký"}))
    page = article(index)
    body = clean(("action", {"label": "Đăng ký", "page": page.pk}))
    assert f'<a class="btn" href="{page.url}">Đăng ký</a>' in drawn(body)
    page.unpublish()
    body = BODY.to_python([{"type": "action", "value": {"label": "Đăng ký", "page": page.pk}}])
    assert drawn(body).strip() == ""


def test_a_contact_can_be_reached() -> None:
    assert "Ghi điện thoại, email hoặc địa chỉ." in errors_of(("contact", {"title": "Phòng A"}))
    html = drawn(clean(("contact", {"title": "Phòng A", "phone": "0270 123 4567"})))
    assert 'href="tel:02701234567"' in html


def test_headings_of_a_text_stand_below_those_of_the_page() -> None:
    text = ("text", "<h3>Nhỏ</h3><p>Chữ</p>")
    assert "<h2>Nhỏ</h2>" in drawn(clean(text))
    assert "<h3>Nhỏ</h3>" in drawn(clean(("heading", "Lớn"), text))


# ── lists that fill themselves


@pytest.fixture
def offers() -> list[Any]:
    """Two offers of coconut, one of rice."""
    owner = make_user("Chủ")
    company = make_live(owner, title="Vàm Lộc")
    made = []
    for title, sector in (("Máy sấy dừa", "dua"), ("Máy lột vỏ dừa", "dua"), ("Gặt", "lua-gao")):
        made.append(
            make_live(
                owner, "offer", title=title, organisation=company, sectors=[term("sector", sector)]
            )
        )
    return made


def live(**values: Any) -> tuple[str, dict[str, Any]]:
    return "live", {"title": "Công nghệ dừa mới", "kind": "offer", "count": 4, **values}


def test_a_list_shows_the_latest_of_a_sector(offers: list[Any]) -> None:
    html = drawn(clean(live(sector="dua")))
    assert "Máy sấy dừa" in html.replace("\xa0", " ")
    assert "lột vỏ" in html.replace("\xa0", " ")
    assert "Gặt" not in html
    assert 'href="/tim-kiem/?loai=cong-nghe&amp;linh-vuc=dua"' in html
    assert drawn(clean(live(count=1))).count('<li class="row') == 1


def test_a_list_tells_nothing_that_is_not_public(offers: list[Any]) -> None:
    from registry.directory.services import hold

    hold(offers[0], make_staff("moderator"))
    html = drawn(clean(live(sector="dua"))).replace("\xa0", " ")
    assert "Máy sấy dừa" not in html
    assert "lột vỏ" in html


def test_a_list_with_nothing_in_it_says_so(offers: list[Any]) -> None:
    assert "Hiện chưa có gì ở mục này." in drawn(
        clean(live(commune=commune("An Bình").code, sector="thuy-san"))
    )


def test_a_term_that_is_gone_leaves_the_list_empty_and_the_page_whole(offers: list[Any]) -> None:
    raw = [{"type": "live", "value": live(sector="dua-nuoc-cu")[1]}]
    html = drawn(BODY.to_python(raw))
    assert "Hiện chưa có gì ở mục này." in html
    assert "Máy" not in html


def test_a_list_can_only_be_narrowed_by_what_its_kind_has() -> None:
    told = errors_of(live(kind="event", value_chain=term("value_chain").code))
    assert "Loại này không lọc được theo mục này; để trống." in told


def test_a_list_of_events_shows_what_is_to_come() -> None:
    from cms.events.models import EventIndexPage
    from tests.integration.events_support import published

    home = small_site().get_parent()
    home.add_child(instance=EventIndexPage(title="Sự kiện", slug="su-kien"))
    published(title="Ngày hội dừa", sector=term("sector", "dua"))
    published(title="Ngày hội lúa", sector=term("sector", "lua-gao"))
    published(title="Đã qua", starts_at=at("2020-01-01"), ends_at=at("2020-01-02"))
    body = clean(live(kind="event", sector="dua"))
    html = drawn(body).replace("\xa0", " ")
    assert "Ngày hội dừa" in html
    assert "Ngày hội lúa" not in html
    assert "Đã qua" not in html


def test_a_list_costs_as_much_for_twelve_as_for_two(
    offers: list[Any], django_assert_max_num_queries: Any
) -> None:
    one, many = clean(live(count=1)), clean(live(count=12))
    drawn(one)
    cache.clear()
    with django_assert_max_num_queries(12):
        drawn(many)


def test_a_list_speaks_the_language_of_its_page(offers: list[Any]) -> None:
    html = drawn(clean(live(sector="dua")), "en")
    assert 'href="/en/tim-kiem/' in html
    assert "/en/" in re.findall(r'<h3><a href="([^"]+)"', html)[0]
