"""The first look: fictional entries come, can be worked with, and go without a trace."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Revision

from registry.accounts.demo import OWNER_EMAIL, demo_users
from registry.cases.models import Case
from registry.directory.management.commands.load_public import rows
from registry.directory.models import Entry, Identifier, Membership, Recognition
from registry.directory.selectors import latest_revision_id, problems
from registry.directory.services import create_entry
from registry.directory.snapshots import data_of, diff
from registry.marketplace.demo.listing import MARK
from registry.marketplace.management.commands import load_demo
from registry.marketplace.selectors import closed_to_enquiries
from registry.moderation.selectors import listing_state
from search import service as search_service
from search.contracts import SearchQuery

pytestmark = pytest.mark.django_db
SOME = 40
#: Counters that never go back, and mails that are already on their way.
LASTING = {"directory.NumberSequence", "post_office.Email", "common.RateCount"}


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed and model._meta.label not in LASTING
    }


def test_it_loads_what_was_asked_and_says_so() -> None:
    text = demo("--entries", str(SOME))
    assert f"{SOME} hồ sơ" in text
    entries = Entry.objects.filter(is_demo=True)
    assert entries.count() == entries.public().count() == SOME
    assert {entry.source for entry in entries} == {Entry.Source.DEMO}
    assert all(entry.working_title.endswith(MARK) for entry in entries)
    assert not Identifier.objects.exists()
    kinds = {kind: entries.filter(kind=kind).count() for kind in ("organisation", "lab", "offer")}
    assert kinds == {"organisation": 13, "lab": 3, "offer": 24}
    assert not entries.exclude(kind="organisation").filter(owner=None).exists()


def test_loading_again_changes_nothing() -> None:
    demo("--entries", str(SOME))
    before = counts()
    assert "có sẵn" in demo()
    assert "có sẵn" in demo("--entries", "90")
    assert counts() == before


def test_the_same_seed_fills_the_same_database() -> None:
    def story() -> list[tuple[str, str]]:
        entries = Entry.objects.filter(is_demo=True).order_by("pk")
        return [(entry.kind, entry.working_title) for entry in entries]

    demo("--entries", str(SOME))
    first = story()
    demo("--clear", "--entries", str(SOME))
    assert story() == first
    demo("--clear", "--entries", str(SOME), "--seed", "1")
    assert story() != first


def test_every_entry_is_found_and_complete() -> None:
    demo("--entries", str(SOME))
    for entry in Entry.objects.filter(is_demo=True):
        content = entry.content
        assert problems(content) == [], entry.working_title
        stored = Revision.objects.get(pk=latest_revision_id(entry)).content
        assert diff(entry.kind_info, stored, data_of(content)) == {}
    page = search_service.search(SearchQuery(kinds=("offer",), page_size=50))
    assert page.total == 24
    some = Entry.objects.filter(kind="offer").order_by("pk")[3]
    hits = search_service.search(SearchQuery(text=some.working_title)).hits
    assert hits[0].id == str(some.pk)
    assert hits[0].is_demo


def test_very_many_are_indexed_at_the_end_and_found_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_demo, "MANY", SOME)
    assert "embedded" in demo("--entries", str(SOME))
    page = search_service.search(SearchQuery(kinds=("offer",), page_size=50))
    assert page.total == 24
    assert not search_service.embedded().differing(list(search_service.all_documents()))


def test_unindexed_ones_are_found_after_a_rebuild() -> None:
    demo("--entries", str(SOME), "--unindexed")
    assert search_service.search(SearchQuery(kinds=("offer",))).total == 0
    call_command("search_rebuild", stdout=StringIO())
    assert search_service.search(SearchQuery(kinds=("offer",))).total == 24


def test_anyone_may_ask_about_a_demo_entry() -> None:
    demo("--entries", str(SOME))
    for entry in Entry.objects.filter(is_demo=True):
        open_for = getattr(entry.content, "open_for_enquiry", True)
        assert bool(closed_to_enquiries(entry)) is not open_for
    people = get_user_model().objects.filter(memberships__entry__is_demo=True).distinct()
    assert [user.has_usable_password() for user in people] == [False]


def test_pages_of_all_kinds_open() -> None:
    demo("--entries", str(SOME))
    client = Client()
    for kind in ("organisation", "lab", "offer"):
        for entry in Entry.objects.filter(kind=kind).order_by("pk")[:3]:
            response = client.get(entry.get_absolute_url())
            assert response.status_code == 200
            assert "minh họa" in response.content.decode()


def test_clearing_takes_exactly_what_was_loaded() -> None:
    demo_users()
    call_command("load_public", stdout=StringIO())
    before = counts()
    demo("--entries", str(SOME))
    assert counts() != before
    assert "Đã gỡ" in demo("--clear")
    after = counts()
    # The index keeps its log of changes for processes that have yet to read them.
    assert after == before
    assert search_service.embedded().count() == 2 * Entry.objects.public().count()
    assert not Entry.objects.filter(is_demo=True).exists()
    assert (
        not get_user_model()
        .objects.filter(full_name__in=["Người Hỏi (minh họa)", "Bên Giao (minh họa)"])
        .exists()
    )


def test_what_a_person_hung_on_a_demo_organisation_stays() -> None:
    demo_users()
    demo("--entries", str(SOME))
    owner = get_user_model().objects.get(email=OWNER_EMAIL)
    organisation = Entry.objects.filter(memberships__user=owner, is_public=True).order_by("pk")[0]
    own = create_entry("offer", owner, title="Máy của tôi", organisation=organisation)

    demo("--clear")

    left = Entry.objects.order_by("pk").values_list("pk", flat=True)
    assert list(left) == [organisation.pk, own.pk]


def test_the_demo_owner_has_something_in_every_state() -> None:
    demo_users()
    text = demo("--entries", "60")
    assert "chủ hồ sơ minh họa" in text
    owner = get_user_model().objects.get(email=OWNER_EMAIL)
    mine = Entry.objects.of_member(owner)
    assert Membership.objects.filter(user=owner, role="owner").count() == 3
    states = {listing_state(entry).code for entry in mine}
    assert states >= {"published", "draft", "submitted", "changes_requested", "revision_pending"}
    assert all(entry.is_demo for entry in mine)
    assert Case.objects.open().filter(kind="enquiry", subject__in=mine).count() == 1
    assert Case.objects.open().filter(kind="report").count() == 1
    for entry in mine.exclude(is_public=True):
        assert entry.working_title.endswith(MARK)
        assert search_service.reindex(entry.kind, [entry.pk]) == 0


def test_accounts_made_later_get_their_entries_at_the_next_run() -> None:
    demo("--entries", "60")
    assert not Membership.objects.filter(user__email=OWNER_EMAIL).exists()
    demo_users()
    assert "chủ hồ sơ minh họa" in demo()
    before = counts()
    assert "chủ hồ sơ minh họa" not in demo()
    assert counts() == before


def test_certificates_can_be_revoked_from_the_desk() -> None:
    demo("--entries", "60")
    granted = Recognition.objects.filter(status=Recognition.Status.GRANTED)
    assert granted.exists()
    for recognition in granted:
        assert MARK in recognition.number
        assert recognition.cases.get().case.state == "granted"


@pytest.mark.parametrize("entries", ["0", "-3", "100001"])
def test_an_impossible_number_is_refused(entries: str) -> None:
    with pytest.raises(CommandError, match="100000"):
        demo("--entries", entries)
    assert not Entry.objects.exists()


def test_public_institutions_show_their_source() -> None:
    call_command("load_public", stdout=StringIO())
    entries = Entry.objects.public()
    assert entries.count() == len(list(rows())) == 11
    for entry in entries:
        assert entry.source == Entry.Source.REGISTER
        assert entry.source_note
        assert not entry.is_demo
        content = entry.content
        assert [content.phone, content.email, content.contact_person, content.address] == [""] * 4
        assert content.commune is None
        assert content.roles.count() == 1
        html = Client().get(entry.get_absolute_url()).content.decode()
        assert content.name_vi in html
        assert entry.source_note in html


def test_public_institutions_are_loaded_once_and_corrections_stay() -> None:
    call_command("load_public", stdout=StringIO())
    content = Entry.objects.public().order_by("pk")[1].content
    type(content)._default_manager.filter(pk=content.pk).update(summary_vi="Trung tâm đã sửa.")
    out = StringIO()
    call_command("load_public", stdout=out)
    assert "có sẵn" in out.getvalue()
    content.refresh_from_db()
    assert content.summary_vi == "Trung tâm đã sửa."


def test_nothing_historical_or_unverified_is_shown() -> None:
    call_command("load_public", stdout=StringIO())
    names = " ".join(Entry.objects.values_list("working_title", flat=True))
    for name in (
        "Sở Kế hoạch và Đầu tư",
        "Sở Thông tin và Truyền thông",
        "Sở Lao động",
        "Xây dựng Miền Tây",
        "Cao đẳng Cộng đồng",
        "Vườn ươm doanh nghiệp tỉnh Trà Vinh",
        "Khởi nghiệp và Đổi mới sáng tạo tỉnh Vĩnh Long",
    ):
        assert name not in names
