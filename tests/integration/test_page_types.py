"""The centre's own page types, as visitors, editors and machines meet them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from cms.pages.contact import KEPT_DAYS, ContactMessage, ContactPage
from cms.pages.contact_form import SALT, age_of, stamp
from cms.pages.messages import forget_old
from cms.pages.models import (
    FAQPage,
    HomePage,
    MediaKitPage,
    PartnersPage,
    PeoplePage,
    ProgrammeIndexPage,
    ProgrammePage,
    SectionPage,
    ServiceIndexPage,
    ServicePage,
)
from tests.snapshots import load_site

pytestmark = pytest.mark.django_db
PATHS = (
    "/dich-vu/",
    "/dich-vu/mo-ho-so/",
    "/chuong-trinh/",
    "/chuong-trinh/tai-san-tri-tue/",
    "/gioi-thieu/",
    "/gioi-thieu/mang-luoi/",
    "/gioi-thieu/tu-lieu-truyen-thong/",
    "/hoi-dap/",
    "/lien-he/",
    "/dot-nhan-ho-so/",
    "/so-do-trang/",
)


@pytest.fixture(autouse=True)
def site(db: None) -> None:
    cache.clear()
    load_site()


def written(**values: Any) -> dict[str, Any]:
    long_ago = signing.dumps(int(timezone.now().timestamp()) - 60, salt=SALT)
    return {
        "topic": "service",
        "subject": "Hỏi lịch",
        "text": "Trung tâm mở lúc nào?",
        "email": "lan@mau.example",
        "consent": "on",
        "at": long_ago,
        **values,
    }


@pytest.mark.parametrize("path", PATHS)
def test_every_page_of_a_new_site_answers_in_both_languages(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
    answer = client.get(f"/en{path}")
    assert answer.status_code == 200
    if path not in {"/gioi-thieu/", "/lien-he/"}:
        assert '<div lang="vi">' not in answer.content.decode()


@pytest.mark.parametrize(
    ("model", "below"),
    [
        (SectionPage, HomePage),
        (PeoplePage, HomePage),
        (PartnersPage, HomePage),
        (MediaKitPage, HomePage),
        (FAQPage, HomePage),
        (ServicePage, ServiceIndexPage),
        (ProgrammePage, ProgrammeIndexPage),
    ],
)
def test_a_page_with_nothing_filled_in_still_answers(
    client: Client, model: Any, below: Any
) -> None:
    parent = below.objects.get(locale__language_code="vi")
    page = parent.add_child(instance=model(title="Trang trống", slug="trang-trong"))
    assert client.get(page.get_url()).status_code == 200


def test_a_message_is_kept_and_mailed_and_forgotten_in_time(client: Client) -> None:
    ContactPage.objects.update(notify="hop-thu@trung-tam.example")
    answer = client.post("/lien-he/", written(subject="{{ 7|add:7 }} <b>"))
    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]
    message = ContactMessage.objects.get()
    assert "180 ngày" in message.consent
    assert Email.objects.get().to == ["hop-thu@trung-tam.example"]
    assert message.number in client.get(answer["Location"]).content.decode()
    later = timezone.now() + timedelta(days=KEPT_DAYS + 1)
    assert forget_old(later) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "x" * 4001},
        {"text": "a\x00b"},
        {"subject": "\ud800"},
        {"topic": "../etc"},
        {"email": "không phải email"},
        {"consent": ""},
        {"website": "http://quang-cao.example"},
        {"at": ""},
        {"at": "giả:mạo"},
        {"at": signing.dumps({"a": 1}, salt=SALT)},
    ],
)
def test_what_is_wrong_or_a_machines_is_refused_and_kept_nowhere(
    client: Client, wrong: dict[str, str]
) -> None:
    wrong = {key: value.encode("utf-8", "replace").decode() for key, value in wrong.items()}
    if wrong.get("subject") == "?":
        wrong["subject"] = ""
    answer = client.post("/lien-he/", written(**wrong))
    assert answer.status_code == 400
    assert "data-error-summary" in answer.content.decode()
    assert not ContactMessage.objects.exists()


def test_nobody_writes_a_message_within_a_second(client: Client) -> None:
    assert age_of(stamp()) in {0, 1}
    assert client.post("/lien-he/", written(at=stamp())).status_code == 400


def test_a_flood_is_told_to_wait(client: Client) -> None:
    codes = [client.post("/lien-he/", written()).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_questions_are_told_to_machines_too(client: Client) -> None:
    data = FAQPage.objects.get(locale__language_code="vi").structured_data()
    assert data is not None
    assert '"@type": "FAQPage"' in client.get("/hoi-dap/").content.decode()
    assert data["mainEntity"][0]["acceptedAnswer"]["text"].startswith("Ai có tài khoản")


def test_a_programme_has_one_page_in_a_language() -> None:
    page = ProgrammePage.objects.get(slug="tai-san-tri-tue", locale__language_code="vi")
    page.clean()
    page.pk = None
    with pytest.raises(Exception, match="Chương trình này đã có trang"):
        page.clean()
