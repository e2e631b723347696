"""Script in every text people may store: shown as text wherever it turns up, on every page and mail."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from registry.cases.models import Case
from registry.directory.members import invite
from registry.directory.models import Recognition
from registry.marketplace.models import IpItem
from registry.moderation import services as moderation
from tests.factories import edit, make_live, make_staff, submit, term
from tests.factories.enquiries import send, verified
from tests.integration.test_confidential import walk
from tests.snapshots import again

pytestmark = pytest.mark.django_db

SCRIPT = "\"'></script><script>alert(1)</script><img src=x onerror=alert(1)>"
SHORT = "<script>alert(1)</script>"
#: What an answer would hold if one text came through unescaped.
ALIVE = re.compile(r"<script>alert|<img src=x|href=[\"']?\s*javascript:", re.IGNORECASE)


class Scripted:
    """An organisation, an offer, cases, mails, all of whose words are script."""

    def __init__(self) -> None:
        self.owner = verified(f"Chủ {SCRIPT}")
        self.moderator = make_staff("moderator", f"Cán bộ {SCRIPT}")
        self.organisation = make_live(
            self.owner,
            title=f"Tên {SCRIPT}",
            moderator=self.moderator,
            name_en=SCRIPT,
            short_name=SHORT,
            summary_vi=SCRIPT,
            summary_en=SCRIPT,
            description_vi=SCRIPT,
            description_en=SCRIPT,
            address=SCRIPT,
            contact_person=SHORT,
            phone=SHORT,
            image_alt=SCRIPT,
            website=f"https://x.example/?{SCRIPT}",
        )
        self.offer = make_live(
            self.owner,
            "offer",
            title=f"Máy {SCRIPT}",
            organisation=self.organisation,
            moderator=self.moderator,
            title_en=SCRIPT,
            teaser_vi=SCRIPT,
            teaser_en=SCRIPT,
            problem_vi=SCRIPT,
            alternative_vi=SCRIPT,
            advantages_vi=SCRIPT,
            support_vi=SCRIPT,
            territory=SCRIPT,
            ip_items=[IpItem(type=term("ip_type"), number=SHORT, office=SHORT)],
        )
        for place in (1, 2):
            edit(self.offer, self.owner, teaser_vi=f"{place} {SCRIPT}")
            case = submit(self.offer, self.owner)
            assert case is not None
            if place == 1:
                moderation.request_changes(
                    case, self.moderator, expect=case.seq, reason="other", note=SCRIPT
                )
        moderation.claim_recognition(
            self.organisation,
            self.owner,
            Recognition(type="startup", number=SHORT, issuer=SCRIPT, scope=SCRIPT),
        )
        moderation.report_entry(
            self.organisation, None, claim="wrong", text=SCRIPT, email="a@mau.example"
        )
        self.sender = verified(f"Khách {SCRIPT}")
        send(self.offer, self.sender, cooperation=SCRIPT, information=SCRIPT, introduction=SCRIPT)
        invite(self.organisation, self.owner, email="moi@mau.example", role="viewer")


@pytest.fixture
def scripted(settings) -> Scripted:
    settings.SEARCHES_A_MINUTE = 100_000
    return again(Scripted)


def starts(scripted: Scripted, role: str) -> list[str]:
    about = [{"number": scripted.offer.number_slug}, {"number": scripted.organisation.number_slug}]
    found = ["/", "/tim-kiem/?q=alert", "/en/tim-kiem/?q=alert", "/danh-ba/", "/goi-y/?q=alert"]
    found += [scripted.offer.get_absolute_url(), scripted.organisation.get_absolute_url()]
    found += [reverse("moderation:report", kwargs=number) for number in about]
    found += ["/ban-lam-viec/", "/ban-lam-viec/ket-noi/", "/tai-khoan/ho-so-cua-toi/"]
    if role == "moderator":
        found += [reverse("desk:queue"), reverse("desk:entries")]
        found += [reverse("desk:correct", kwargs=number) for number in about]
        found += [
            reverse("desk:case", kwargs={"pk": case.pk})
            for case in Case.objects.exclude(kind="enquiry")
        ]
    return found


@pytest.mark.parametrize("role", ["visitor", "owner", "sender", "moderator"])
def test_no_page_runs_what_somebody_typed(scripted, role):
    client, alive, count = Client(), [], 0
    if role != "visitor":
        client.force_login(getattr(scripted, role))
    for address, text in walk(client, starts(scripted, role), 120):
        count += 1
        # A sheet that is downloaded runs nothing.
        if ALIVE.search(text) and "export=" not in address:
            alive.append(address)
    assert count > 40
    assert alive == []


def test_the_page_for_machines_stays_one_block_of_data(scripted):
    for entry in (scripted.offer, scripted.organisation):
        page = Client().get(entry.get_absolute_url()).content.decode()
        blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)
        assert blocks
        for block in blocks:
            assert json.loads(block)
            assert "<" not in block


def test_suggestions_and_highlights_mark_words_and_nothing_else(scripted):
    rows = Client().get("/goi-y/", {"q": "alert"}, headers={"HX-Request": "true"})
    page = Client().get("/tim-kiem/", {"q": "alert script"})
    for answer in (rows, page):
        assert not ALIVE.search(answer.content.decode())
        assert "&lt;" in answer.content.decode()


def test_mails_in_html_are_escaped(scripted):
    assert Email.objects.count() > 5
    for mail in Email.objects.all():
        assert not ALIVE.search(mail.html_message or ""), mail.subject


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example/x", "https://",
     "http://a\"onclick=x", "vbscript:x", "\tjavascript:alert(1)"],
)  # fmt: skip
def test_a_website_is_an_address_of_the_web(scripted, address):
    client = Client()
    client.force_login(scripted.owner)
    entry = scripted.organisation
    step = reverse("workspace:step", kwargs={"number": entry.number_slug, "step": "noi-dat"})
    before = entry.content.latest_revision_id
    answer = client.post(
        step, {"latest_revision": before, "website": address, "commune": "An Bình"}
    )
    assert answer.status_code == 422
    assert "Nhập địa chỉ trang web" in answer.content.decode()
