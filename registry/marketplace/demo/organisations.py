"""Fictional organisations: invented brands, several dated roles, no person and no real place in a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any

from django.utils.text import slugify

from registry.marketplace.demo.listing import MARK, Listing, Place, age, chance_of, uid, weighted
from registry.marketplace.demo.texts import fill, read

TYPES = {
    "startup": 23,
    "kh-cn": 11,
    "sme": 22,
    "coop": 18,
    "household": 5,
    "service": 3,
    "research": 7,
    "incubator": 4,
    "accelerator": 1,
    "investor": 2,
    "intermediary": 3,
    "association": 1,
}
SECTORS = {
    "lua-gao": 9,
    "cay-an-qua": 13,
    "dua": 12,
    "thuy-san": 13,
    "chan-nuoi": 6,
    "che-bien": 10,
    "bao-quan": 6,
    "co-khi": 6,
    "so": 6,
    "ai-iot": 5,
    "moi-truong": 5,
    "nang-luong": 4,
    "vat-lieu": 5,
    "cnsh": 5,
    "y-duoc": 2,
    "giao-duc": 2,
    "du-lich": 3,
    "tai-chinh": 2,
}
#: Value chains that go with a sector, most likely first.
CHAINS = {
    "lua-gao": "lua-gao",
    "cay-an-qua": "buoi cam-quyt sau-rieng chom-chom-nhan hoa-kieng-cay-giong cay-an-trai-khac",
    "dua": "dua",
    "thuy-san": "tom ca-tra ngheu cua-so ca-nuoc-ngot-khac",
    "chan-nuoi": "heo-bo gia-cam",
    "che-bien": "banh-keo-dac-san khoai-lang cay-an-trai-khac rau-mau",
    "bao-quan": "chom-chom-nhan buoi sau-rieng tom",
    "vat-lieu": "gom-do thu-cong",
    "y-duoc": "duoc-lieu",
    "du-lich": "du-lich thu-cong",
}
SDGS = {
    "lua-gao": "2 13",
    "cay-an-qua": "2 12",
    "dua": "12 8",
    "thuy-san": "14 2",
    "chan-nuoi": "2 12",
    "che-bien": "12 9",
    "bao-quan": "12 2",
    "co-khi": "9 8",
    "so": "9 8",
    "ai-iot": "9 13",
    "moi-truong": "6 11",
    "nang-luong": "7 13",
    "vat-lieu": "12 11",
    "cnsh": "15 2",
    "y-duoc": "3",
    "giao-duc": "4",
    "du-lich": "8 11",
    "tai-chinh": "1 8",
}
ROLES = {
    "startup": ("startup", "dnnvv"),
    "kh-cn": ("dn_khcn", "dnnvv"),
    "sme": ("dnnvv",),
    "coop": ("htx",),
    "household": ("hkd",),
    "service": ("to_chuc_dvkhcn", "ptn"),
    "research": ("to_chuc_nckh", "to_chuc_dvkhcn"),
    "incubator": ("vuon_uom", "tt_htknst"),
    "accelerator": ("thuc_day",),
    "investor": ("quy",),
    "intermediary": ("trung_gian",),
    "association": ("hiep_hoi",),
}
SIZES: dict[str, dict[str, float]] = {
    "startup": {"sieu_nho": 7, "nho": 3},
    "kh-cn": {"sieu_nho": 2, "nho": 6, "vua": 2},
    "sme": {"sieu_nho": 2, "nho": 5, "vua": 2, "lon": 0.4},
    "coop": {"sieu_nho": 4, "nho": 5, "vua": 1},
}
PEOPLE = {"sieu_nho": (3, 9), "nho": (12, 60), "vua": (105, 180), "lon": (230, 600)}
LOOKING = {
    "startup": "von khach_thu_nghiem co_van nhan_luc phong_thu_nghiem",
    "kh-cn": "khach_thu_nghiem von nhan_luc",
    "sme": "cong_nghe phong_thu_nghiem von nhan_luc",
    "coop": "cong_nghe von co_van",
    "household": "cong_nghe von mat_bang",
    "research": "khach_thu_nghiem von",
    "incubator": "co_van von",
    "service": "nhan_luc",
}
STAGES = {"y_tuong": 1, "mvp": 3, "hat_giong": 4, "tang_truong": 2, "mo_rong": 1}
#: First words of a name → legal form; the first that fits.
LEGAL = (
    ("Công ty TNHH MTV", "tnhh_1tv"),
    ("Công ty TNHH", "tnhh_2tv"),
    ("Công ty Cổ phần", "co_phan"),
    ("Doanh nghiệp tư nhân", "tu_nhan"),
    ("Hợp tác xã", "htx"),
    ("Liên hiệp", "htx"),
    ("Tổ hợp tác", "tht"),
    ("Cơ sở", "hkd"),
    ("Hộ kinh doanh", "hkd"),
    ("Trại", "hkd"),
    ("Nhóm", "ca_nhan_nhom"),
    ("Dự án", "ca_nhan_nhom"),
    ("Câu lạc bộ", "ca_nhan_nhom"),
    ("Quỹ", "quy"),
    ("Hội", "hiep_hoi"),
)
DEFAULT_LEGAL = "to_chuc_khcn"
#: Legal form → what stands after the brand in English, for names a reader abroad may meet.
ENGLISH = {
    "tnhh_1tv": "Co., Ltd.",
    "tnhh_2tv": "Co., Ltd.",
    "co_phan": "Joint Stock Company",
    "tu_nhan": "Private Enterprise",
    "htx": "Cooperative",
    "tht": "Cooperative Group",
    "quy": "Ventures",
    "to_chuc_khcn": "Centre",
    "hiep_hoi": "Association",
}
ENGLISH_TYPE = {
    "incubator": "Incubator",
    "accelerator": "Accelerator",
    "investor": "Ventures",
    "research": "Research Centre",
    "service": "Technical Services",
    "intermediary": "Technology Brokers",
}
#: Sector → what an English summary says of it.
ENGLISH_FIELD = {
    "lua-gao": "rice growing, drying and milling",
    "cay-an-qua": "fruit growing and orchard services",
    "dua": "coconut products and equipment",
    "thuy-san": "aquaculture and seafood processing",
    "chan-nuoi": "livestock and animal feed",
    "che-bien": "food and beverage processing",
    "bao-quan": "post-harvest care and the cold chain",
    "co-khi": "machinery and automation",
    "so": "software for farms and cooperatives",
    "ai-iot": "sensors, computer vision and forecasting",
    "moi-truong": "water, waste and by-products",
    "nang-luong": "renewable energy and efficiency",
    "vat-lieu": "ceramics and new materials",
    "cnsh": "biotechnology for farms and ponds",
    "y-duoc": "medicinal plants and health devices",
    "giao-duc": "education and STEM",
    "du-lich": "community tourism and crafts",
    "tai-chinh": "finance and insurance for farmers",
}
SPEAKS_ENGLISH = {"startup": 0.7, "kh-cn": 0.7, "research": 0.8, "incubator": 0.8, "investor": 1.0}
#: Sectors that raise something, and those that sell no goods.
FARMING = {"lua-gao", "cay-an-qua", "dua", "thuy-san", "chan-nuoi"}
SERVICES = {"so", "giao-duc", "du-lich", "tai-chinh"}
RAISES_CROPS = {"coop", "household"}


class Names:
    """Gives each organisation a name nobody had before it in this load."""

    def __init__(self, unit_names: frozenset[str]) -> None:
        brand = read("names.txt")["brand"]
        never = set(brand["never"][0].split("|")) | unit_names
        self._brands = [
            f"{first} {second}"
            for first in brand["first"][0].split()
            for second in brand["second"][0].split()
            if first != second and f"{first} {second}" not in never
        ]
        self._second = brand["second"][0].split()
        self._latin = brand["latin"][0].split()
        self._taken: set[str] = set()

    def give(self, type_: str, sector: str, about: str, random: Random) -> tuple[str, str]:
        """Return (full name without the mark, brand), fitting what it says about itself."""
        patterns = list(_patterns(type_, sector, about.casefold()))
        for attempt in range(200):
            brand = random.choice(self._brands)
            if attempt > 4:
                brand = f"{brand} {random.choice(self._second if attempt % 2 else self._latin)}"
            trade = random.choice(read("names.txt")["nganh"][sector][0].split("|"))
            name = fill(random.choice(patterns), {"brand": brand, "nganh": trade})
            if name.casefold() not in self._taken and len(set(brand.split())) == len(brand.split()):
                self._taken.add(name.casefold())
                return name, brand
        raise RuntimeError("The names are used up; add syllables to names.txt.")


def _patterns(type_: str, sector: str, about: str) -> Iterator[str]:
    for line in read("names.txt")[type_]["name"]:
        rest, _, words = line.partition(" !")
        pattern, _, sectors = rest.partition(" @")
        fits_sector = not sectors or sector in sectors.split()
        if fits_sector and (not words or any(word in about for word in words.split("|"))):
            yield pattern


def organisations(
    count: int, seed: int, places: Sequence[Place], unit_names: frozenset[str], today: date
) -> Iterator[tuple[Listing, str]]:
    """Yield organisations with their type (`startup`, `coop`, …)."""
    names = Names(unit_names)
    told: set[str] = set()
    for index in range(count):
        random = chance_of(seed, "organisation", index)
        type_ = weighted(random, TYPES)
        yield _organisation(type_, random, names, told, places, today), type_


def _organisation(
    type_: str,
    random: Random,
    names: Names,
    told: set[str],
    places: Sequence[Place],
    today: date,
) -> Listing:
    sector = weighted(random, SECTORS)
    place = random.choice(places)
    size = weighted(random, SIZES.get(type_, {"sieu_nho": 5, "nho": 5}))
    founded = random.randint(2017 if type_ == "startup" else 2003, today.year - 1)
    slots = _slots(random, size, place, founded, today)
    for _attempt in range(30):
        summary, description = _words(type_, sector, slots, random)
        if summary not in told:
            break
    told.add(summary)
    name, brand = names.give(type_, sector, summary.partition(".")[0], random)
    legal = next((code for start, code in LEGAL if name.startswith(start)), DEFAULT_LEGAL)
    host = f"{slugify(_ascii(brand))}.example"
    days = age(random, 400)
    listing = Listing(
        kind="organisation",
        values={
            "name_vi": f"{name} {MARK}",
            "name_en": "",
            "short_name": f"{brand} {MARK}",
            "summary_vi": summary,
            "description_vi": description,
            "founded_year": founded,
            "address": f"Ấp {random.randint(1, 9)} (địa chỉ minh họa)"
            if random.random() < 0.6
            else "",
            "website": f"https://{host}" if random.random() < 0.7 else "",
            "phone": "0000 000 000",
            "email": f"lien-he@{host}",
            "contact_person": "Bộ phận kỹ thuật (minh họa)",
        },
        commune=place.code,
        age_days=days,
        public_days=days + random.randint(20, 500),
        term={"legal_form": legal, "ownership": "ngoai_cong_lap", "size_band": size},
        terms={
            "sectors": [sector],
            "value_chains": _some(random, CHAINS.get(sector, "lien-nganh").split(), 2),
            "st_fields": [],
            "sdgs": SDGS[sector].split()[: random.choice((1, 2))],
            "looking_for": _some(random, LOOKING.get(type_, "").split(), 3),
        },
        children={"roles": _roles(type_, founded, random, today)},
        recognitions=_recognitions(type_, founded, random, today),
    )
    if legal in ENGLISH and random.random() < SPEAKS_ENGLISH.get(type_, 0.25):
        kind = ENGLISH_TYPE.get(type_, ENGLISH[legal])
        listing.values["name_en"] = f"{latin(brand)} {kind} (demo)"
        listing.values["summary_en"] = (
            f"Works in {ENGLISH_FIELD[sector]} in Vinh Long Province. A fictional organisation."
        )
    if type_ == "startup":
        listing.term["stage"] = weighted(random, STAGES)
        if random.random() < 0.3:
            listing.terms["sectors"].append("so" if sector != "so" else "ai-iot")
    return listing


def _ascii(text: str) -> str:
    return text.replace("Đ", "D").replace("đ", "d")


def latin(brand: str) -> str:
    """Return a brand as English texts write it, without marks: `Vam Loc`."""
    return slugify(_ascii(brand)).replace("-", " ").title()


def _slots(random: Random, size: str, place: Place, founded: int, today: date) -> dict[str, str]:
    people = random.randint(*PEOPLE[size])
    return {
        "noi": place.in_sentence,
        "lap": str(founded),
        "nam": str(random.randint(min(founded + 1, today.year - 1), today.year - 1)),
        "n": str(people),
        "m": str(max(2, people // random.choice((3, 4, 5)))),
        "k": str(random.randint(3, 6)),
        "ha": str(random.choice((40, 65, 80, 110, 150, 220, 320))),
        "ho": str(random.choice((25, 38, 46, 60, 84, 120, 175, 250))),
    }


def _words(type_: str, sector: str, slots: dict[str, str], random: Random) -> tuple[str, str]:
    texts = read("organisations.txt")
    own = texts[type_]
    pool = list(own.get("what", ()))
    general, special = ("grow", "field") if type_ in RAISES_CROPS else ("firm", "goods")
    tails = list(texts["tails"][general])
    if sector not in SERVICES and (special == "goods" or sector in FARMING):
        tails += texts["tails"][special]
    if not pool:
        key = "grower" if type_ in RAISES_CROPS else "maker"
        pool = list(texts[sector].get(key) or texts[sector]["maker"])
    else:
        tails = list(own["who"])
    chosen = random.sample(pool, min(2, len(pool)))
    summary = fill(f"{chosen[0]} {random.choice(tails)}", slots)
    about = [text for text in own["who"] if text not in summary]
    lines = [*chosen, *random.sample(about, min(len(about), 3))]
    return summary, " ".join(fill(text, slots) for text in lines)


def _roles(type_: str, founded: int, random: Random, today: date) -> list[dict[str, Any]]:
    def day(year: int) -> date:
        return min(date(year, random.randint(1, 12), random.randint(1, 28)), today)

    roles = []
    main, *more = ROLES[type_]
    since = day(min(founded + random.randint(0, 3), today.year))
    if type_ == "startup" and random.random() < 0.35:
        early = date(founded - 1, random.randint(1, 12), random.randint(1, 28))
        roles.append({"role": "ca_nhan_knst", "since": early, "until": since})
    roles.append({"role": main, "since": since, "until": None})
    for code in more:
        if random.random() < 0.55:
            roles.append({"role": code, "since": day(founded), "until": None})
    if type_ in {"kh-cn", "sme"} and random.random() < 0.18:
        until = day(today.year) if random.random() < 0.4 else None
        begun = date(founded, random.randint(1, 12), 1)
        roles.append({"role": "startup", "since": begun, "until": until})
    return [{"uid": uid(random), **role} for role in roles]


def _recognitions(type_: str, founded: int, random: Random, today: date) -> list[dict[str, Any]]:
    kinds = {"kh-cn": ("st_enterprise", "DNKHCN"), "research": ("st_organisation", "HĐKHCN")}
    if type_ == "startup" and random.random() < 0.25:
        kinds["startup"] = ("startup", "KNST")
    if type_ not in kinds:
        return []
    code, label = kinds[type_]
    year = random.randint(min(max(2021, founded + 1), today.year - 1), today.year - 1)
    issued = date(year, random.randint(1, 12), random.randint(1, 28))
    return [
        {
            "type": code,
            "number": f"{random.randint(1, 99):02d}/{label}-MH (minh họa)",
            "issuer": "Nơi cấp minh họa",
            "scope": "",
            "issued_on": issued,
            "expires_on": issued.replace(year=issued.year + 5) if type_ == "startup" else None,
        }
    ]


def _some(random: Random, codes: list[str], most: int) -> list[str]:
    if not codes:
        return []
    # The first of a list is the likeliest, so that counts are skewed as in life.
    count = min(len(codes), random.randint(1, most))
    weights = [1 / (place + 1) for place in range(len(codes))]
    chosen: dict[str, None] = {}
    while len(chosen) < count:
        chosen[random.choices(codes, weights)[0]] = None
    return list(chosen)
