"""One search over everything: what is found stands by kind, each kind leads to all of its own."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from cms.documents.models import DocumentType, Issuer, LegalDocumentIndexPage, LegalDocumentPage
from cms.news.models import NewsIndexPage, NewsPage
from cms.pages.models import HomePage, StandardPage
from search import service
from tests.factories import make_live, make_staff, make_user
from tests.integration import awards_support, events_support
from tests.integration.test_support import measure
from tests.snapshots import again, load_site

pytestmark = pytest.mark.django_db


def many_offers() -> None:
    owner, moderator = make_user("Chủ"), make_staff("moderator")
    organisation = make_live(owner, title="Hợp tác xã Giới thiệu", moderator=moderator)
    named = {"organisation": organisation, "moderator": moderator}
    for number in range(24):
        make_live(owner, "offer", title=f"Máy giới thiệu {number}", **named)


#: Every kind, its name in an address, and what stands over its results.
KINDS = {
    "offer": ("cong-nghe", "Công nghệ"),
    "organisation": ("to-chuc", "Tổ chức"),
    "lab": ("phong-thi-nghiem", "Phòng thí nghiệm"),
    "event": ("su-kien", "Sự kiện"),
    "award": ("giai-thuong", "Giải thưởng, cuộc thi"),
    "support": ("ho-tro", "Biện pháp hỗ trợ"),
    "document": ("van-ban", "Văn bản"),
    "news": ("tin-tuc", "Tin tức"),
    "page": ("page", "Trang"),
}


def about(kind: str) -> str:
    return f"Đờn kìm Ô Lâm {kind}"


def one_of_each() -> None:
    owner, moderator = make_user("Chủ"), make_staff("moderator")
    organisation = make_live(owner, title=about("organisation"), moderator=moderator)
    for kind in ("offer", "lab"):
        named = {"organisation": organisation, "moderator": moderator}
        make_live(owner, kind, title=about(kind), **named)
    events_support.published(title=about("event"))
    awards_support.published(title=about("award"))
    measure("don-kim", title_vi=about("support"))
    below = {"locale__language_code": "vi"}
    plan = {"document_type": DocumentType.PLAN, "issuer": Issuer.objects.first(), "source": "Sở"}
    for index, page in (
        (
            LegalDocumentIndexPage,
            LegalDocumentPage(title=about("document"), number="12/KH-TT", **plan),
        ),
        (NewsIndexPage, NewsPage(title=about("news"), intro="Tin.", date="2026-03-04")),
        (HomePage, StandardPage(title=about("page"))),
    ):
        index.objects.get(**below).add_child(instance=page)
        page.save_revision().publish()


@pytest.fixture
def found(client: Client) -> str:
    load_site()
    again(many_offers)
    return client.get("/tim-kiem/?q=giới thiệu").content.decode()


def groups(html: str) -> dict[str, str]:
    """Return the results under each heading."""
    sections = re.findall(
        r'<section[^>]*aria-labelledby="nhom-(\w+)">(.*?)</section>', html, re.DOTALL
    )
    return dict(sections)


def test_results_stand_by_kind_and_lead_to_all_of_their_kind(found: str, client: Client) -> None:
    by_kind = groups(found)
    assert {"offer", "organisation"} <= set(by_kind)
    assert by_kind["offer"].count('<li class="row') >= 3
    assert "/to-chuc/" in by_kind["organisation"]
    assert "/to-chuc/" not in by_kind["offer"]
    link = re.search(
        r'href="(/tim-kiem/[^"]*loai=cong-nghe[^"]*)"[^>]*>Xem cả 24', by_kind["offer"]
    )
    assert link
    only = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert groups(only) == {}
    assert only.count('<li class="row') == 20


def test_every_result_of_the_page_stands_in_one_group(found: str) -> None:
    main = found.split('id="ket-qua"')[1]
    assert sum(html.count('<li class="row') for html in groups(found).values()) == main.count(
        '<li class="row'
    )


def test_lists_without_words_and_single_rooms_stay_plain(found: str, client: Client) -> None:
    for path in ("/tim-kiem/", "/danh-ba/?q=giới thiệu", "/thi-truong-cong-nghe/?q=giới thiệu"):
        assert groups(client.get(path).content.decode()) == {}


def test_one_search_meets_every_kind_each_in_its_group(client: Client) -> None:
    load_site()
    one_of_each()
    html = client.get("/tim-kiem/?q=đờn kìm ô lâm").content.decode()
    by_kind = groups(html)
    for kind, (slug, label) in KINDS.items():
        assert read(by_kind[kind]).startswith(label), kind
        assert met(by_kind[kind]) == [kind]
        # The way to all of the kind, and to nothing else.
        tab = re.search(rf'href="(/tim-kiem/\?loai={slug}&amp;[^"]*)">{label} <span>', html)
        assert tab, kind
        only = client.get(tab[1].replace("&amp;", "&")).content.decode()
        assert groups(only) == {}
        assert met(only) == [kind]
    assert '<time datetime="2026-03-04">04/03/2026</time>' in by_kind["news"]


def test_who_reads_documents_goes_on_in_their_own_language() -> None:
    load_site()
    one_of_each()
    with translation.override("en"):
        spoken = {found.kind: translation.get_language() for found in service.all_documents()}
    assert spoken == dict.fromkeys(KINDS, "en")


def met(html: str) -> list[str]:
    """Return the kinds of which a result stands there."""
    titles = [read(title) for title in re.findall(r"(?s)<h3>.*?</h3>", html)]
    return [kind for kind in KINDS if about(kind) in titles]


def read(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("\xa0", " ").split())
