"""What the demo owner has in hand, so that workspace and desk are not empty on the first run.

Everything goes through the services a person uses: drafts, submissions, reviews, an enquiry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from registry.accounts.demo import OWNER_EMAIL
from registry.accounts.permissions import is_moderator
from registry.directory.models import Entry, Membership
from registry.directory.selectors import draft_of, latest_revision_id
from registry.directory.services import create_entry
from registry.marketplace.demo import people
from registry.marketplace.demo.listing import MARK, Listing, Place
from registry.marketplace.demo.offers import Owner, last_of_the_first_round
from registry.marketplace.demo.resolving import SOURCE_NOTE, Resolver
from registry.marketplace.services import Answers, send_enquiry
from registry.moderation.services import (
    report_entry,
    request_changes,
    save_draft,
    submit,
    take,
)

NEW_ORGANISATION = f"Tổ hợp tác sản xuất Vĩ Khê {MARK}"
ANSWERS = Answers(
    cooperation="Chúng tôi muốn chạy thử một vụ tại cơ sở, nếu đạt thì mua và nhận chuyển giao.",
    information="Xin cho biết chi phí vận hành mỗi tháng và thời gian giao khi đặt trong quý này.",
    introduction="Cơ sở chế biến nhỏ, chín lao động, làm hàng theo đơn cho cửa hàng đặc sản.",
    timeframe="half",
    budget="to_300",
)
ASKED_FOR = (
    "Bạn ghi rõ nơi và thời gian chạy thử ở phần minh chứng, vì mức sẵn sàng khai cao hơn "
    "những gì hồ sơ đang nêu."
)
REPORTED = "Tôi gọi theo trang web của cơ sở nhưng không ai trả lời, hình như đã ngừng hoạt động."


def told() -> bool:
    """Whether the demo owner has organisations in hand already."""
    return Membership.objects.filter(user__email=OWNER_EMAIL, entry__is_demo=True).exists()


def tell(seed: int, places: Sequence[Place]) -> bool:
    """Give the demo owner two organisations, offers in several states and an enquiry.

    Returns False, and does nothing, where there is no demo owner or too little to own.
    """
    owner = get_user_model().objects.filter(email=OWNER_EMAIL).first()
    organisations = _with_offers(2)
    if owner is None or len(organisations) < 2 or told():
        return False
    for organisation in organisations:
        organisation.memberships.filter(user__email=people.MANAGER[0]).delete()
        Membership.objects.create(entry=organisation, user=owner, role=Membership.Role.OWNER)
    main, second = organisations
    texts = _untold(seed, places)
    resolver = Resolver(timezone.now())

    waiting = _offer(owner, main, next(texts), resolver)
    submit(waiting, owner, expect_revision=latest_revision_id(waiting))
    _half_written(owner, main, next(texts), resolver)
    _sent_back(_offer(owner, second, next(texts), resolver), owner)
    _pending_edit(main, owner)
    _new_organisation(owner, next(texts), resolver)
    _asked(main)
    other = Entry.objects.public().filter(kind="organisation", is_demo=True)
    quiet = other.exclude(pk__in=[main.pk, second.pk]).order_by("last_confirmed_at", "pk").first()
    if quiet is not None:
        report_entry(quiet, None, claim="closed", text=REPORTED)
    return True


def _with_offers(count: int) -> list[Entry]:
    """Return fictional organisations that take enquiries about offers of theirs, the oldest first."""
    offers = (
        Entry.objects.public()
        .filter(kind="offer", is_demo=True, offer__open_for_enquiry=True)
        .order_by("pk")
        .values_list("owner_id", flat=True)
    )
    found: dict[int, None] = {}
    for owner_id in offers.iterator():
        found[owner_id] = None
        if len(found) == count:
            break
    by_pk = Entry.objects.in_bulk(list(found))
    return [by_pk[pk] for pk in found]


def _untold(seed: int, places: Sequence[Place]) -> Any:
    owner = Owner(0, "", "", places[0].code)
    return last_of_the_first_round(6, seed, owner, places, timezone.localdate())


def _offer(owner: Any, organisation: Entry, listing: Listing, resolver: Resolver) -> Entry:
    title = listing.values["title_vi"]
    entry = create_entry("offer", owner, title=title, organisation=organisation)
    _mark(entry)
    content = draft_of(entry)
    resolver.fill(content, listing)
    save_draft(entry, owner, content, expect_revision=latest_revision_id(entry))
    return Entry.objects.get(pk=entry.pk)


def _half_written(owner: Any, organisation: Entry, listing: Listing, resolver: Resolver) -> None:
    entry = create_entry(
        "offer", owner, title=listing.values["title_vi"], organisation=organisation
    )
    _mark(entry)
    content: Any = draft_of(entry)
    content.teaser_vi = listing.values["teaser_vi"]
    content.problem_vi = listing.values["problem_vi"]
    content.sectors = resolver.terms("offer", "sectors", listing.terms["sectors"])
    save_draft(entry, owner, content, expect_revision=latest_revision_id(entry))


def _sent_back(entry: Entry, owner: Any) -> None:
    """Submit the entry; a moderator, where there is one, takes it and asks for more."""
    case = submit(entry, owner, expect_revision=latest_revision_id(entry))
    staff = get_user_model().objects.filter(is_staff=True, is_active=True).order_by("pk")
    moderator = next((user for user in staff if is_moderator(user)), None)
    if case is None or moderator is None:
        return
    take(case, moderator, expect=case.seq)
    case.refresh_from_db()
    request_changes(case, moderator, expect=case.seq, reason="unverifiable", note=ASKED_FOR)


def _pending_edit(organisation: Entry, owner: Any) -> None:
    """Change what a live offer says after the transfer, and submit it: the old text stays live."""
    entry = organisation.owned.filter(kind="offer", is_public=True).order_by("pk").first()
    if entry is None:
        return
    content: Any = draft_of(entry)
    content.support_vi = f"{content.support_vi} Năm đầu có người đến kiểm tra mỗi quý."
    save_draft(entry, owner, content, expect_revision=latest_revision_id(entry))
    entry = Entry.objects.get(pk=entry.pk)
    submit(entry, owner, expect_revision=latest_revision_id(entry))


def _new_organisation(owner: Any, listing: Listing, resolver: Resolver) -> None:
    """Submit an organisation nobody has seen yet, together with its first offer."""
    entry = create_entry("organisation", owner, title=NEW_ORGANISATION)
    _mark(entry)
    content = draft_of(entry)
    resolver.fill(content, _organisation(listing))
    save_draft(entry, owner, content, expect_revision=latest_revision_id(entry))
    entry = Entry.objects.get(pk=entry.pk)
    submit(entry, owner, expect_revision=latest_revision_id(entry))
    offer = _offer(owner, entry, listing, resolver)
    submit(offer, owner, expect_revision=latest_revision_id(offer))


def _organisation(listing: Listing) -> Listing:
    return Listing(
        kind="organisation",
        values={
            "name_vi": NEW_ORGANISATION,
            "summary_vi": "Mười hai hộ cùng làm, cùng bán; tự chế máy và quy trình cho xóm mình.",
            "description_vi": (
                "Mười hai hộ góp vốn mua chung máy và thay nhau vận hành. Máy nào chạy tốt qua một "
                "vụ thì vẽ lại, làm cho hộ khác trong vùng theo đơn đặt."
            ),
            "phone": "0000 000 000",
            "email": "lien-he@vi-khe.example",
        },
        commune=listing.commune,
        age_days=0,
        public_days=0,
        term={"legal_form": "tht", "size_band": "sieu_nho"},
        terms={"sectors": listing.terms["sectors"], "looking_for": ["khach_thu_nghiem", "von"]},
        children={"roles": [{"uid": "0demo0role01", "role": "tht"}]},
    )


def _asked(organisation: Entry) -> None:
    offers = organisation.owned.filter(
        kind="offer", is_public=True, offer__open_for_enquiry=True
    ).order_by("pk")
    entry = offers.first()
    if entry is None:
        return
    send_enquiry(entry, people.asker(), ANSWERS, consent=True)


def _mark(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(
        is_demo=True, source=Entry.Source.DEMO, source_note=SOURCE_NOTE
    )
