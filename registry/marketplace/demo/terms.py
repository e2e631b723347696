"""The codes of an offer: what fits its family, its readiness and its sector, skewed as in life."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from registry.marketplace.demo.listing import Listing, uid, weighted
from registry.marketplace.demo.organisations import SDGS
from registry.marketplace.demo.texts import Technology, Version

#: family → objects, forms, methods of transfer, cooperation: codes, the likeliest first.
FAMILIES: dict[str, tuple[str, str, str, str]] = {
    "may": (
        "may_moc phuong_an hop_ly_hoa",
        "mua_ban_may doc_lap gop_von",
        "thiet_bi dao_tao chuyen_gia",
        "ho_tro_ky_thuat thuong_mai thu_nghiem cung_ung gia_cong",
    ),
    "dien-tu": (
        "may_moc phuong_an bi_quyet",
        "mua_ban_may doc_lap chuyen_giao_shtt",
        "thiet_bi dao_tao tai_lieu",
        "ho_tro_ky_thuat thu_nghiem li_xang nghien_cuu",
    ),
    "phan-mem": (
        "phuong_an hop_ly_hoa",
        "doc_lap chuyen_giao_shtt nhuong_quyen",
        "dao_tao tai_lieu chuyen_gia",
        "li_xang ho_tro_ky_thuat dao_tao thu_nghiem",
    ),
    "che-pham": (
        "bi_quyet phuong_an",
        "doc_lap chuyen_giao_shtt gop_von",
        "tai_lieu dao_tao chuyen_gia",
        "li_xang cung_ung nghien_cuu lien_doanh",
    ),
    "quy-trinh": (
        "phuong_an bi_quyet hop_ly_hoa",
        "doc_lap khac",
        "dao_tao chuyen_gia tai_lieu",
        "dao_tao ho_tro_ky_thuat thu_nghiem nghien_cuu",
    ),
    "giong": (
        "bi_quyet phuong_an",
        "chuyen_giao_shtt doc_lap",
        "tai_lieu dao_tao",
        "li_xang cung_ung nghien_cuu",
    ),
    "thuc-pham": (
        "phuong_an bi_quyet",
        "doc_lap gop_von nhuong_quyen",
        "chuyen_gia dao_tao tai_lieu",
        "ho_tro_ky_thuat gia_cong lien_doanh thuong_mai",
    ),
    "vat-lieu": (
        "bi_quyet phuong_an may_moc",
        "doc_lap gop_von du_an_dau_tu",
        "chuyen_gia tai_lieu dao_tao",
        "lien_doanh cung_ung nghien_cuu gia_cong",
    ),
    "moi-truong": (
        "phuong_an may_moc",
        "doc_lap mua_ban_may du_an_dau_tu",
        "chuyen_gia thiet_bi dao_tao",
        "ho_tro_ky_thuat thu_nghiem dau_tu",
    ),
}
RIGHTS = ("su_dung_khong_doc_quyen", "su_dung_doc_quyen", "so_huu")
IP_TYPES = {
    "may": ("giai_phap_huu_ich", "sang_che", "kieu_dang"),
    "dien-tu": ("giai_phap_huu_ich", "chuong_trinh_may_tinh", "sang_che"),
    "phan-mem": ("chuong_trinh_may_tinh",),
    "che-pham": ("sang_che", "giai_phap_huu_ich"),
    "quy-trinh": ("giai_phap_huu_ich",),
    "giong": ("giong_cay_trong",),
    "thuc-pham": ("giai_phap_huu_ich", "nhan_hieu"),
    "vat-lieu": ("giai_phap_huu_ich", "kieu_dang"),
    "moi-truong": ("giai_phap_huu_ich", "sang_che"),
}
IP_STATUS = {
    "chua_dang_ky": 46,
    "da_nop_don": 20,
    "chap_nhan_don": 9,
    "da_cong_bo": 5,
    "da_cap_bang": 16,
    "het_hieu_luc": 2,
    "tu_choi": 2,
}
#: What a technology this young can have reached at the office.
EARLY_IP = {"chua_dang_ky": 75, "da_nop_don": 22, "chap_nhan_don": 3}
EARLY_TRL = 5
IP_YEARS = 20
ORIGIN = {"tu_co": 58, "nv_tinh": 21, "nv_quoc_gia": 6, "khac": 13, "fdi": 2}


def terms_of(
    listing: Listing, technology: Technology, version: Version, random: Random, today: date
) -> None:
    """Write the terms, the origin of the money and the rights into the listing."""
    objects, forms, methods, cooperation = FAMILIES[technology.family]
    listing.terms |= {
        "sectors": list(technology.sectors),
        "value_chains": list(technology.chains),
        "st_fields": list(technology.st_fields),
        "sdgs": _sdgs(technology, random),
        "objects_of_transfer": _first(random, objects, 0.5),
        "forms": _first(random, forms, 0.3),
        "methods": _first(random, methods, 0.6),
        "rights": [random.choices(RIGHTS, (70, 22, 8))[0]],
        "cooperation": _first(random, cooperation, 0.45),
    }
    origin = weighted(random, ORIGIN)
    listing.term["funding_origin"] = origin
    if origin in {"nv_tinh", "nv_quoc_gia"}:
        year = random.randint(today.year - 6, today.year - 1)
        listing.values["task_code"] = f"MH-{year}-{random.randint(1, 60):03d} (minh họa)"
    status = weighted(random, EARLY_IP if version.trl <= EARLY_TRL else IP_STATUS)
    listing.term["ip_status"] = status
    listing.children["ip_items"] = _ip_items(technology, status, random, today)


def _first(random: Random, codes: str, more: float) -> list[str]:
    """Return the likeliest code, or one of the others, and now and then a second or third."""
    names = codes.split()
    weights = [3 / (place + 1) for place in range(len(names))]
    chosen = {random.choices(names, weights)[0]: None}
    while len(chosen) < len(names) and random.random() < more:
        chosen[random.choice([name for name in names if name not in chosen])] = None
        more /= 2
    return [name for name in names if name in chosen]


def _sdgs(technology: Technology, random: Random) -> list[str]:
    wanted = SDGS[technology.top].split()
    if technology.family in {"phan-mem", "dien-tu", "may"} and random.random() < 0.4:
        wanted.append("9")
    return list(dict.fromkeys(wanted))[: random.choice((1, 2, 2, 3))]


def _ip_items(
    technology: Technology, status: str, random: Random, today: date
) -> list[dict[str, Any]]:
    if status == "chua_dang_ky":
        if random.random() < 0.3:
            return [{"uid": uid(random), "type": "bi_mat_kinh_doanh", "status": "chua_dang_ky"}]
        return []
    kind = random.choice(IP_TYPES[technology.family])
    years = 10 if kind in {"giai_phap_huu_ich", "nhan_hieu"} else IP_YEARS
    age = years + 1 if status == "het_hieu_luc" else random.randint(1, 6)
    filed = date(today.year - age, random.randint(1, 12), random.randint(1, 28))
    ends = filed.replace(year=filed.year + years)
    item = {
        "uid": uid(random),
        "type": kind,
        "status": status,
        "number": f"{random.randint(1, 4)}-{filed.year}-00000 (minh họa)",
        "office": "Cục Sở hữu trí tuệ"
        if kind != "chuong_trinh_may_tinh"
        else "Cục Bản quyền tác giả",
        "filed_on": filed,
        "expires_on": ends if status in {"da_cap_bang", "het_hieu_luc"} else None,
    }
    if kind == "giong_cay_trong":
        item["office"] = "Cơ quan quản lý giống cây trồng"
    return [item]
