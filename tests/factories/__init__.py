"""People and entries as the services make them; no test writes a header or a revision by hand."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from registry.accounts.permissions import GROUPS
from registry.cases.models import Case
from registry.directory.models import Content, Entry, Membership, OrganisationRole
from registry.directory.selectors import draft_of, latest_revision_id
from registry.directory.services import create_entry
from registry.moderation import services as moderation
from registry.taxonomy.models import AdminUnit, Term

_serial = itertools.count(1)

LONG_TEXT = (
    "Nhà sấy thu nhiệt qua mái hai lớp; khi nhiệt độ buồng xuống dưới 45 °C, bộ điều khiển mở lò "
    "trấu hóa khí và quạt đảo gió giữa mẻ. Khói không đi qua buồng sấy nên màu cơm dừa trắng hơn. "
    "Toàn bộ khung, lò, quạt chế tạo trong tỉnh; phụ tùng thay thế có trong 48 giờ."
)


def make_user(name: str = "", **fields: Any) -> Any:
    """Return an active user with a made-up address."""
    number = next(_serial)
    return get_user_model().objects.create_user(
        email=fields.pop("email", f"nguoi{number}@mau.example"),
        password=fields.pop("password", "mot mat khau dai"),
        full_name=name or f"Người Mẫu {number}",
        **fields,
    )


def make_staff(role: str, name: str = "") -> Any:
    """Return a member of staff in one group (`moderator`, `editor`, …)."""
    user = make_user(name or f"Cán bộ {role}", is_staff=True)
    group, _ = Group.objects.get_or_create(name=GROUPS[role])
    user.groups.add(group)
    return user


def term(vocabulary: str, code: str = "") -> Term:
    """Return a term of a vocabulary, the first one when no code is given."""
    found = Term.objects.filter(vocabulary_id=vocabulary, is_retired=False).order_by("order", "pk")
    return found.get(code=code) if code else found[0]


def commune(name: str = "An Bình") -> AdminUnit:
    """Return a commune of today by its bare name."""
    return (
        AdminUnit.objects.filter(
            name_vi=name, valid_to__isnull=True, type__in=["xa", "phuong"]
        ).first()
        or AdminUnit.objects.filter(valid_to__isnull=True, type="xa").first()
    )


def fill_organisation(content: Any, **values: Any) -> Any:
    """Write what an organisation needs before it may be submitted."""
    content.summary_vi = "Làm máy sấy nông sản cho hợp tác xã."
    content.description_vi = "Xưởng cơ khí chế tạo máy sấy, lò đốt trấu và bộ điều khiển."
    content.commune = commune()
    content.sectors = [term("sector")]
    if not content.roles.all():
        content.roles = [OrganisationRole(role=term("role", "startup"))]
    return _write(content, values)


def fill_offer(content: Any, **values: Any) -> Any:
    """Write what an offer needs before it may be submitted."""
    content.teaser_vi = "Ban ngày lấy nhiệt mái, mưa thì tự chuyển sang lò trấu."
    content.problem_vi = "Mùa mưa không đủ nắng, cơ sở phải đốt than đá."
    content.how_it_works_vi = LONG_TEXT
    content.advantages_vi = "Giảm tiền nhiên liệu, hàng loại 1 nhiều hơn."
    content.trl = 6
    content.commune = commune()
    content.ip_status = term("ip_status")
    content.price_type = term("price_type")
    content.sectors = [term("sector")]
    content.objects_of_transfer = [term("transfer_object")]
    content.forms = [term("transfer_form")]
    content.methods = [term("transfer_method")]
    return _write(content, values)


def fill_lab(content: Any, **values: Any) -> Any:
    """Write what a laboratory needs before it may be submitted."""
    content.summary_vi = "Phân tích nước và thực phẩm."
    content.services_vi = "Đo pH\nĐo độ mặn"
    content.commune = commune()
    content.sectors = [term("sector")]
    return _write(content, values)


FILL = {"organisation": fill_organisation, "offer": fill_offer, "lab": fill_lab}


def edit(entry: Entry, actor: Any, **values: Any) -> int:
    """Save a draft of the entry with some values changed; return its revision."""
    entry.refresh_from_db()
    content = _write(draft_of(entry), values)
    return moderation.save_draft(
        entry, actor, content, expect_revision=latest_revision_id(_fresh(entry))
    )


def submit(entry: Entry, actor: Any) -> Case | None:
    """Submit the latest draft."""
    return moderation.submit(entry, actor, expect_revision=latest_revision_id(_fresh(entry)))


def make_draft(
    owner: Any,
    kind: str = "organisation",
    *,
    title: str = "",
    organisation: Entry | None = None,
    **values: Any,
) -> Entry:
    """Return an entry whose draft is complete but not submitted."""
    title = title or f"Hồ sơ mẫu {next(_serial)}"
    entry = create_entry(kind, owner, title=title, organisation=organisation)
    content: Content = FILL[kind](draft_of(entry), **values)
    moderation.save_draft(entry, owner, content, expect_revision=latest_revision_id(_fresh(entry)))
    return _fresh(entry)


def make_live(
    owner: Any, kind: str = "organisation", *, moderator: Any = None, **values: Any
) -> Entry:
    """Return an entry that went through review and is live."""
    entry = make_draft(owner, kind, **values)
    case = submit(entry, owner)
    assert case is not None
    moderation.approve(case, moderator or make_staff("moderator"), expect=case.seq)
    return _fresh(entry)


def join(entry: Entry, user: Any, role: str = Membership.Role.EDITOR) -> Membership:
    """Make a user a member of an organisation."""
    return Membership.objects.create(entry=entry, user=user, role=role)


def _fresh(entry: Entry) -> Entry:
    return Entry.objects.select_related("owner").get(pk=entry.pk)


def _write(content: Any, values: dict[str, Any]) -> Any:
    for name, value in values.items():
        setattr(content, name, value)
    return content
