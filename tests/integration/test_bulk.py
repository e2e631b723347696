"""Many live entries at once are the same entries that a person would have published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from registry.directory import bulk
from registry.directory.models import Entry, Identifier, Membership, NumberSequence, Recognition
from registry.directory.selectors import draft_of, latest_revision_id
from registry.directory.services import next_number
from registry.directory.snapshots import data_of, diff
from registry.moderation.services import approve, save_draft, submit
from registry.taxonomy.models import Term
from search import checking
from search import service as search_service
from search.contracts import SearchQuery
from tests.factories import commune, make_staff, make_user

pytestmark = pytest.mark.django_db
#: A fixed distance, so that expiry dates can be told.
CONFIRMED = timezone.now() - timedelta(days=20)


def term(vocabulary: str, code: str) -> int:
    return Term.objects.get(vocabulary_id=vocabulary, code=code).pk


def organisation(name: str, **more) -> bulk.NewEntry:
    return bulk.NewEntry(
        kind="organisation",
        values={
            "name_vi": name,
            "summary_vi": "Chế tạo máy sấy.",
            "description_vi": "Làm máy cho hợp tác xã.",
            "legal_form_id": term("legal_form", "htx"),
        },
        confirmed_at=CONFIRMED,
        published_at=CONFIRMED,
        terms={"sectors": [term("sector", "dua"), term("sector", "co-khi")]},
        children={
            "roles": [
                {"uid": "a1", "role_id": term("role", "htx"), "since": date(2020, 5, 1)},
                {"uid": "a2", "role_id": term("role", "startup")},
            ]
        },
        **more,
    )


def offer(title: str, owner, **more) -> bulk.NewEntry:
    return bulk.NewEntry(
        kind="offer",
        values={
            "title_vi": title,
            "teaser_vi": "Sấy đều hơn.",
            "how_it_works_vi": "Gió đổi chiều giữa mẻ. " * 12,
            "trl": 7,
            "price_type_id": term("price_type", "thoa_thuan"),
        },
        confirmed_at=CONFIRMED,
        published_at=CONFIRMED,
        terms={"sectors": [term("sector", "dua")], "sdgs": [term("sdg", "2")]},
        children={
            "evidence": [{"uid": "e1", "level": 7, "text_vi": "Nhật ký 40 mẻ."}],
            "economics": [{"uid": "k1", "indicator_vi": "Điện", "ours": "9", "theirs": "12"}],
        },
        owner=owner,
        **more,
    )


def write(*items: bulk.NewEntry) -> list[Entry]:
    return [entry for batch in bulk.create_live(items) for entry in batch]


def found(text: str) -> list[str]:
    return [hit.id for hit in search_service.search(SearchQuery(text=text)).hits]


def test_an_entry_is_public_numbered_and_found() -> None:
    firm = organisation("Hợp tác xã Sấy Đều")
    write(firm, offer("Máy sấy cơm dừa đảo gió", firm))

    assert firm.entry is not None
    assert (firm.entry.number, firm.entry.lifecycle) == ("TC 0001", "live")
    own = Entry.objects.public().get(kind="offer")
    assert own.owner == firm.entry
    assert own.expires_at == CONFIRMED + timedelta(days=365)
    # Where one entry has all words, those with most of them follow it.
    assert found("may say com dua")[0] == str(own.pk)
    assert own.content.title == "Máy sấy cơm dừa đảo gió"


def test_the_stored_revision_is_what_the_content_says() -> None:
    firm = organisation("Hợp tác xã Sấy Đều")
    own = offer("Máy sấy cơm dừa", firm)
    write(firm, own)
    for item in (firm, own):
        assert item.entry is not None
        content = type(item.entry.content)._default_manager.get(entry=item.entry)
        assert content.live
        assert content.live_revision_id == content.latest_revision_id
        revision = Revision.objects.get(pk=content.latest_revision_id)
        assert diff(item.entry.kind_info, revision.content, data_of(content)) == {}
        assert revision.content["pk"] == content.pk
        assert {row["uid"] for row in revision.content.get("roles", [])} <= {"a1", "a2"}
        assert revision.content["sectors"]


def test_its_owner_edits_it_and_only_the_change_is_reviewed() -> None:
    user = make_user()
    firm = organisation("Hợp tác xã Sấy Đều", members=[(user.pk, Membership.Role.OWNER)])
    firm.values = {**firm.values, "commune_id": commune().pk}
    write(firm)
    entry = Entry.objects.get(kind="organisation")
    content = draft_of(entry)
    assert [role.uid for role in content.roles.all()] == ["a1", "a2"]
    assert len(content.sectors.all()) == 2

    content.name_vi = "Hợp tác xã Sấy Đều Mới"
    revision = save_draft(entry, user, content, expect_revision=latest_revision_id(entry))
    case = submit(entry, user, expect_revision=revision)

    assert case is not None
    review = case.review
    base, pinned = (
        Revision.objects.get(pk=pk).content for pk in (review.base_revision, review.revision)
    )
    assert set(diff(entry.kind_info, base, pinned)) == {"name_vi"}
    live = type(content)._default_manager.get(entry=entry)
    assert live.name_vi == "Hợp tác xã Sấy Đều"

    approve(case, make_staff("moderator"), expect=case.seq)
    live.refresh_from_db()
    assert live.name_vi == "Hợp tác xã Sấy Đều Mới"
    assert [role.uid for role in live.roles.order_by("sort_order")] == ["a1", "a2"]


def test_recognitions_identifiers_and_the_log_come_with_it() -> None:
    firm = organisation(
        "Hợp tác xã Sấy Đều",
        recognitions=[{"type": "st_enterprise", "number": "01", "status": "granted"}],
        identifiers=[{"scheme": "tax_code", "encrypted": b"x", "key_hash": "h"}],
    )
    write(firm)
    entry = Entry.objects.get()
    assert Recognition.objects.get(entry=entry).is_current
    assert Identifier.objects.get(entry=entry).state == "claimed"
    logs = ModelLogEntry.objects.for_instance(entry)
    assert [item.action for item in logs] == ["registry.entry.published"]
    assert not checking.compare(search_service.embedded()).all, (
        "it is found with all that hangs on it"
    )


def test_numbers_go_on_where_the_bulk_stopped() -> None:
    firm = organisation("Hợp tác xã Một")
    write(firm, *(offer(f"Máy số {number}", firm) for number in range(5)))
    numbers = Entry.objects.filter(kind="offer").order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [f"CN {number:04d}" for number in range(1, 6)]
    assert next_number("CN") == "CN 0006"
    assert bulk.take_numbers("CN", 3) == ["CN 0007", "CN 0008", "CN 0009"]
    assert NumberSequence.objects.get(prefix="CN").last == 9


def test_an_owner_that_is_not_written_yet_is_an_error_and_changes_nothing() -> None:
    stranger = organisation("Chưa ghi")
    with pytest.raises(ValueError, match="before it is written"):
        write(organisation("Đã ghi"), offer("Máy sấy", stranger))
    assert not Entry.objects.exists()
    assert found("máy sấy") == []


def test_batches_stand_one_by_one(monkeypatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    firm = organisation("Hợp tác xã Một")
    sizes = [
        len(batch)
        for batch in bulk.create_live([firm, *(offer(f"Máy {n}", firm) for n in range(4))])
    ]
    assert sizes == [2, 2, 1]
    assert Entry.objects.public().count() == search_service.embedded().count() == 5


def test_deleting_leaves_nothing_behind() -> None:
    kept = organisation("Hợp tác xã Ở Lại")
    firm = organisation(
        "Hợp tác xã Ra Đi", members=[(make_user().pk, "owner")], recognitions=[{"type": "other"}]
    )
    write(kept, firm, offer("Máy sấy bỏ đi", firm), offer("Máy sấy giữ lại", kept))
    gone = Entry.objects.exclude(owner=kept.entry).exclude(pk=kept.entry.pk)

    assert list(bulk.delete(gone)) == [2]

    assert list(Entry.objects.values_list("working_title", flat=True).order_by("pk")) == [
        "Hợp tác xã Ở Lại",
        "Máy sấy giữ lại",
    ]
    assert Revision.objects.count() == 2
    assert ModelLogEntry.objects.count() == 2
    assert not Membership.objects.exists()
    assert not Recognition.objects.exists()
    assert search_service.embedded().count() == 2
