"""What must not be seen: every hidden field holds a word of its own, looked for everywhere else."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from post_office.models import Email

from portal.settings.base import LOGGING
from registry.common.fields import Tier, kind_of
from registry.directory.members import invite
from registry.directory.models import Entry
from registry.directory.selectors import draft_of
from registry.directory.services import claim_tax_code, hold
from registry.marketplace import services as enquiries
from registry.marketplace.models import IpItem
from registry.moderation import services as moderation
from search import service
from search.contracts import AUDIENCES, SearchQuery
from tests.factories import edit, join, make_draft, make_live, make_staff, make_user, submit, term
from tests.factories.canaries import Canaries
from tests.factories.enquiries import answers, enquiry_url, send
from tests.snapshots import again

pytestmark = pytest.mark.django_db

#: Fields that hold no text of their own: their words are terms that everybody may read.
CLOSED_LISTS = {"price_type"}


def hidden_texts(kind: str, canaries: Canaries, place: str) -> dict[str, Any]:
    """Return a canary for every field of a kind that is not public."""
    values: dict[str, Any] = {}
    for field in kind_of(kind).fields:
        if field.tier is Tier.PUBLIC or field.name in CLOSED_LISTS:
            continue
        name = f"{place}.{field.tier.value}.{field.name}"
        if field.name.startswith("price"):
            values[field.name] = canaries.number(name)
        elif field.name == "email":
            values[field.name] = f"{canaries.new(name)}@bi-mat.example"
        else:
            values[field.name] = canaries.new(name)
    assert values, "a kind without hidden fields proves nothing"
    return values


def pending_texts(kind: str, canaries: Canaries, place: str) -> dict[str, str]:
    """Return a canary for every text of a draft, whatever its tier."""
    model = type(draft_of(Entry.objects.filter(kind=kind)[0]))
    values = {}
    for field in kind_of(kind).fields:
        column = model._meta.get_field(field.name)
        if field.children or field.multiple or column.is_relation or column.choices:
            continue
        if column.get_internal_type() not in {"CharField", "TextField"}:
            continue
        long = "z" * (210 if field.min_length else 0)
        values[field.name] = canaries.new(f"{place}.{field.name}") + long
    return values


class Secrets:
    """One organisation with a secret in every place there is, and those who must not see it."""

    def __init__(self) -> None:
        self.canaries = new = Canaries()
        self.moderator, self.second = make_staff("moderator"), make_staff("moderator")
        self.owner = self.person("owner.name", "owner.mail")
        member = self.person("member.name", "member.mail")
        self.organisation = make_live(
            self.owner,
            title="Vàm Lộc",
            moderator=self.moderator,
            **hidden_texts("organisation", new, "organisation"),
        )
        join(self.organisation, member, "viewer")
        self.offer = make_live(
            self.owner,
            "offer",
            title="Máy sấy",
            organisation=self.organisation,
            moderator=self.moderator,
            ip_items=[
                IpItem(type=term("ip_type"), status=None, number=new.new("offer.nda.ip_number"))
            ],
            **hidden_texts("offer", new, "offer"),
        )
        self.lab = make_live(
            self.owner,
            "lab",
            title="Phòng đo",
            organisation=self.organisation,
            moderator=self.moderator,
            **hidden_texts("lab", new, "lab"),
        )
        self.live = (self.organisation, self.offer, self.lab)
        self.pend()
        self.hide()
        self.number()
        self.sender = self.person("sender.name", "sender.mail")
        self.firm = make_draft(self.sender, title=new.new("sender.firm"))
        texts = {
            name: f"{new.new(f'enquiry.{name}')} mua thử."
            for name in ("cooperation", "information", "introduction")
        }
        self.enquiry = send(self.offer, self.sender, organisation=self.firm, **texts)
        self.report()
        invite(
            self.organisation,
            self.owner,
            email=f"{new.new('invitation.mail')}@mau.example",
            role="editor",
        )
        self.other = self.person("other.name", "other.mail")
        make_live(self.other, title="Hợp tác xã khác", moderator=self.moderator)

    def person(self, name: str, mail: str) -> Any:
        user = make_user(
            f"Nguyễn {self.canaries.new(name)}", email=f"{self.canaries.new(mail)}@mau.example"
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def pend(self) -> None:
        """Put one text under review and another above it, for each live entry."""
        for entry in self.live:
            for stage in ("pending", "draft"):
                edit(
                    entry,
                    self.owner,
                    **pending_texts(entry.kind, self.canaries, f"{entry.kind}.{stage}"),
                )
                if stage == "pending":
                    case = submit(entry, self.owner)
                    assert case is not None
                    note = self.canaries.new(f"{entry.kind}.note")
                    moderation.request_changes(
                        case, self.moderator, expect=case.seq, reason="other", note=note
                    )

    def hide(self) -> None:
        """Leave a draft that was never sent, one that was refused, and one taken off for a while."""
        new = self.canaries
        self.unsent = make_draft(
            self.owner,
            "offer",
            title=new.new("unsent.title"),
            organisation=self.organisation,
            teaser_vi=new.new("unsent.teaser"),
        )
        self.refused = make_draft(
            self.owner,
            "offer",
            title=new.new("refused.title"),
            organisation=self.organisation,
        )
        case = submit(self.refused, self.owner)
        assert case is not None
        moderation.reject(
            case, self.moderator, expect=case.seq, reason="other", note=new.new("refused.note")
        )
        self.held = make_live(
            self.owner,
            "offer",
            title=new.new("held.title"),
            teaser_vi=new.new("held.teaser"),
            organisation=self.organisation,
            moderator=self.moderator,
        )
        hold(self.held, self.owner)

    def number(self) -> None:
        """Let a household business state its owner's personal number, which the desk verifies."""
        code = "084190123457"
        self.canaries.words["personal_number"] = code
        keeper = self.person("household.name", "household.mail")
        self.household = make_draft(keeper, title="Hộ kinh doanh Út")
        claim_tax_code(self.household, keeper, code)
        case = submit(self.household, keeper)
        assert case is not None
        moderation.approve(case, self.moderator, expect=case.seq)
        # A company's number is public only once the desk has verified it.
        self.canaries.words["claimed_number"] = "0100109106"
        claim_tax_code(self.organisation, self.owner, "0100109106")

    def report(self) -> None:
        new = self.canaries
        moderation.report_entry(
            self.offer,
            None,
            claim="wrong",
            text=new.new("report.text"),
            email=f"{new.new('report.mail')}@mau.example",
        )


@pytest.fixture
def hidden(settings: Any) -> Secrets:
    settings.SEARCHES_A_MINUTE = 100_000
    return again(Secrets)


def browser_of(user: Any = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def walk(client: Client, starts: Iterable[str], most: int = 400) -> Iterator[tuple[str, str]]:
    """Yield the address and text of every page a reader reaches by links, once each."""
    waiting, known = list(starts), set(starts)
    while waiting and most:
        address = waiting.pop(0)
        answer = client.get(address)
        most -= 1
        headers = json.dumps(dict(answer.headers))
        if answer.status_code in {301, 302}:
            found = [answer["Location"]]
            yield address, headers
        elif "text" in answer["Content-Type"] or "json" in answer["Content-Type"]:
            text = answer.getvalue().decode()
            yield address, headers + text
            found = [unescape(link) for link in re.findall(r'(?:href|src|action)="([^"]+)"', text)]
        else:
            continue
        for link in found:
            link = link.removeprefix("http://testserver").partition("#")[0]
            if not link.startswith("/") or link.startswith(("//", "/static/")) or link in known:
                continue
            # A list narrowed twice shows nothing that the list itself does not show, and one form leads to
            # wherever its visitor came from.
            if link.count("=") > 1 or "logout" in link or "?next=" in link:
                continue
            known.add(link)
            waiting.append(link)


PUBLIC = ("/", "/en/", "/tim-kiem/", "/danh-ba/", "/thi-truong-cong-nghe/", "/suc-khoe/",
          "/robots.txt", "/sitemap.xml", "/sitemap-ho-so.xml", "/en/thi-truong-cong-nghe/")  # fmt: skip
#: What any signed-in person of a verified organisation may read, by the fields' own tiers.
REGISTERED = ("offer.registered.",)


def addresses(hidden: Secrets) -> list[str]:
    """Return what nobody is linked to, but might guess."""
    found = []
    every = (
        *hidden.live,
        hidden.unsent,
        hidden.refused,
        hidden.held,
        hidden.household,
        hidden.firm,
    )
    for entry in every:
        # The slug is the title; whoever guesses an address knows the number at most.
        for language in ("vi", "en"):
            with translation.override(language):
                about = {"slug": "mau", "number": entry.number_slug}
                found.append(reverse(f"directory:{entry.kind}", kwargs=about))
        for name in ("marketplace:enquire", "moderation:report", "moderation:reported"):
            found.append(reverse(name, kwargs={"number": entry.number_slug}))
        for name in ("entry", "preview", "recognitions", "members_of", "withdraw", "discard"):
            found.append(reverse(f"workspace:{name}", kwargs={"number": entry.number_slug}))
        for step in entry.kind_info.steps:
            found.append(
                reverse("workspace:step", kwargs={"number": entry.number_slug, "step": step.code})
            )
    for case in hidden.offer.cases.all():
        for name in ("case", "preview"):
            found.append(reverse(f"desk:{name}", kwargs={"pk": case.pk}))
    return [*found, enquiry_url(hidden.enquiry)]


class TestPages:
    def leaks(self, hidden: Secrets, client: Client, allowed=(), more=()) -> dict[str, set[str]]:
        found, count = {}, 0
        for address, text in walk(client, [*PUBLIC, *addresses(hidden), *more]):
            count += 1
            if seen := hidden.canaries.seen_in(text, allowed):
                found[address] = seen
        assert count > 60, "the walk went nowhere"
        return found

    def test_the_walk_would_see_them(self, hidden):
        page = browser_of(hidden.owner).get(
            reverse(
                "workspace:step", kwargs={"number": hidden.offer.number_slug, "step": "hieu-qua"}
            )
        )
        seen = hidden.canaries.seen_in(page.content.decode())
        assert "offer.draft.confidential_vi" in seen
        signed_in = browser_of(hidden.other).get(hidden.offer.get_absolute_url())
        assert "offer.registered.price_low" in hidden.canaries.seen_in(signed_in.content.decode())

    def test_a_visitor_meets_none_of_it(self, hidden):
        assert self.leaks(hidden, browser_of()) == {}

    def test_nor_does_another_organisations_owner(self, hidden):
        more = ["/ban-lam-viec/", "/en/ban-lam-viec/"]
        own = ("other.", *REGISTERED)
        assert self.leaks(hidden, browser_of(hidden.other), own, more) == {}

    def test_nor_does_whoever_asked_before_the_introduction(self, hidden):
        more = ["/ban-lam-viec/", "/ban-lam-viec/ket-noi/"]
        own = ("sender.", "enquiry.", *REGISTERED)
        assert self.leaks(hidden, browser_of(hidden.sender), own, more) == {}

    def test_the_owner_reads_the_questions_but_not_who_asks(self, hidden):
        own = set(hidden.canaries.words)
        secret = {"sender.name", "sender.mail", "sender.firm", "report.text", "report.mail"}
        secret |= {"other.name", "other.mail", "personal_number", "household.name"}
        more = ["/ban-lam-viec/", enquiry_url(hidden.enquiry)]
        seen = self.leaks(hidden, browser_of(hidden.owner), own - secret, more)
        assert seen == {}
        page = browser_of(hidden.owner).get(enquiry_url(hidden.enquiry)).content.decode()
        assert "enquiry.introduction" in hidden.canaries.seen_in(page)

    @pytest.mark.parametrize("role", ["editor", "broker"])
    def test_staff_of_other_rooms_see_no_drafts(self, hidden, role):
        more = ["/quan-tri/", "/quan-tri/reports/site-history/", "/quan-tri/reports/"]
        staff = make_staff(role)
        assert self.leaks(hidden, browser_of(staff), REGISTERED, more) == {}

    def test_an_introduction_opens_contacts_and_nothing_else(self, hidden):
        enquiries.accept(hidden.enquiry, hidden.owner, expect=hidden.enquiry.seq)
        client = browser_of(hidden.sender)
        page = client.get(enquiry_url(hidden.enquiry)).content.decode()
        shared = ("offer.owner.", "organisation.owner.")
        assert {"organisation.owner.phone"} <= hidden.canaries.seen_in(page)
        own = ("sender.", "enquiry.", *REGISTERED, *shared)
        assert self.leaks(hidden, client, own, ["/ban-lam-viec/"]) == {}


class TestSearch:
    def test_no_word_of_it_is_in_the_index(self, hidden):
        tables = [
            name for name in connection.introspection.table_names() if name.startswith("search")
        ]
        assert len(tables) > 3
        seen = {}
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows = repr(cursor.fetchall())
                # FTS5 keeps a deleted word in its segments until they merge; nothing reads it there.
                once_public = ("held.",) if table.endswith("_data") else ()
                seen[table] = hidden.canaries.seen_in(rows, once_public)
                seen["public"] = seen.get("public", False) or "máy sấy" in rows.casefold()
        assert seen.pop("public"), "the public title is there"
        assert {table: names for table, names in seen.items() if names} == {}

    @pytest.mark.parametrize("audience", AUDIENCES)
    def test_nothing_is_found_by_it(self, hidden, audience):
        for name, value in hidden.canaries.words.items():
            for typed in (value, value[:5]):
                query = SearchQuery(
                    text=typed, kinds=("organisation", "offer", "lab"), audience=audience
                )
                assert service.search(query).total == 0, (name, typed)

    def test_the_pages_and_the_suggestions_echo_the_question_and_no_more(self, hidden):
        htmx = {"HX-Request": "true"}
        entries = {entry.number_slug for entry in (*hidden.live, hidden.held, hidden.unsent)}
        asked = [
            (client, name, value, typed)
            for client in (browser_of(), browser_of(hidden.other))
            for name, value in hidden.canaries.words.items()
            for typed in (value, value[:5])
        ]
        for client, name, value, typed in asked:
            rows = client.get("/goi-y/", {"q": typed}, headers=htmx).content.decode()
            page = client.get("/tim-kiem/", {"q": typed}).content.decode()
            for text in (rows, page):
                links = re.findall(r'href="([^"?]+)', text)
                assert not [link for link in links for slug in entries if slug in link], name
                if typed != value:
                    assert value not in text, name


class TestMailsAndLogs:
    def test_each_mail_says_only_what_its_reader_may_know(self, hidden):
        canaries, checked = hidden.canaries, 0
        desk = {hidden.moderator.email, hidden.second.email}
        own = {
            hidden.owner.email: ("owner.", "offer.", "organisation.", "lab.", "unsent.", "refused.",
                                 "held.", "invitation."),
            hidden.sender.email: ("sender.",),
            hidden.other.email: ("other.",),
        }  # fmt: skip
        for mail in Email.objects.all():
            text = f"{mail.subject}\n{mail.message}\n{mail.html_message}\n{mail.headers}"
            (recipient,) = mail.to
            if "household" in str(canaries.seen_in(recipient)):
                own[recipient] = ("household.",)
            if "invitation" in str(canaries.seen_in(recipient)):
                own[recipient] = ("owner.name", "organisation.draft.name_vi", "invitation.")
            # The desk is told titles; confidential fields, contacts and people stay on its pages.
            allowed = (
                [
                    name
                    for name in canaries.words
                    if name.endswith((".title", "title_vi", "name_vi", ".firm"))
                ]
                if recipient in desk
                else own.get(recipient, ())
            )
            secret = {
                name for name in canaries.seen_in(text) if ".nda." in name or "number" in name
            }
            assert secret == set(), mail.subject
            assert canaries.seen_in(text, allowed) == set(), (recipient, mail.subject)
            checked += 1
        assert checked > 20

    def test_nothing_is_logged_of_it(self, settings, caplog):
        settings.SEARCHES_A_MINUTE = 100_000
        # No logger of ours is open to less, and the templates tell of each variable they miss at DEBUG.
        assert all(at["level"] != "DEBUG" for at in LOGGING["loggers"].values())
        with caplog.at_level(logging.INFO):
            hidden = Secrets()
            for user in (None, hidden.owner, hidden.sender, hidden.other, hidden.moderator):
                client = browser_of(user)
                for address in addresses(hidden):
                    client.get(address)
            client = browser_of(hidden.owner)
            client.post(
                reverse("workspace:step", kwargs={"number": hidden.offer.number_slug, "step": "hieu-qua"}),
                {"latest_revision": "1", "confidential_vi": hidden.canaries.words["offer.nda.confidential_vi"]},
            )  # fmt: skip
            browser_of().post("/tai-khoan/login/", {"login": hidden.owner.email, "password": "sai"})
        quiet = {name: getattr(logging, at["level"]) for name, at in LOGGING["loggers"].items()}
        lines = "\n".join(
            record.getMessage()
            for record in caplog.records
            if record.levelno >= quiet.get(record.name.partition(".")[0], logging.INFO)
        )
        assert "Not Found" in lines, "something was logged"
        assert hidden.canaries.seen_in(lines) == set()


def test_a_personal_number_is_stored_encrypted(hidden):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM directory_identifier")
        rows = repr(cursor.fetchall())
    assert hidden.canaries.words["personal_number"] not in rows


def test_answers_do_not_carry_contacts_around_the_introduction(hidden):
    with pytest.raises(enquiries.EnquiryRefused):
        enquiries.send_enquiry(
            hidden.lab,
            hidden.sender,
            answers(introduction=f"Gọi 0912 345 678 hoặc {hidden.sender.email}."),
            consent=True,
        )
