"""What of an entry goes into the index, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from registry.common.fields import Field, Tier, kind_of
from registry.directory import loading
from registry.directory.loading import fill, public_contents
from registry.directory.models import Entry, OrganisationRole, Recognition
from registry.directory.services import archive, claim_tax_code, confirm, hold, reindex, show
from registry.directory.turning import reindex_turned
from registry.marketplace.models import EconomicRow, IpItem, TrlEvidence
from registry.moderation.services import approve, grant_recognition
from registry.taxonomy.models import AdminUnit, Succession, Term
from search import service, sources, text
from search.contracts import SearchDocument, SearchQuery
from tests.factories import edit, make_draft, make_live, make_staff, make_user, submit, term
from tests.snapshots import again

pytestmark = pytest.mark.django_db

KINDS = ("organisation", "lab", "offer")


@pytest.fixture
def owner():
    return again(make_user, "Chủ Hồ Sơ")


@pytest.fixture
def organisation(owner):
    return again(make_live, owner, title="Cơ khí Vàm Mới")


def documents(entry: Entry) -> list[SearchDocument]:
    return list(sources.source(entry.kind).documents([str(entry.pk)]))


def document(entry: Entry) -> SearchDocument:
    return documents(entry)[0]


def found(words: str, **query: Any) -> list[str]:
    page = service.search(SearchQuery(text=words, verbatim=True, **query))
    return [hit.id for hit in page.hits]


def counts(facet: str, **query: Any) -> dict[str, int]:
    page = service.search(SearchQuery(facets=(facet,), **query))
    return {value.code: value.count for value in page.facets[facet]}


def everything_indexed() -> str:
    """Every text in every table of the engine, in one."""
    with connection.cursor() as cursor:
        tables = [
            name
            for name in connection.introspection.table_names(cursor)
            if name.startswith("search_embedded")
        ]
        texts = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            texts += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(texts)


class TestBeingFound:
    def test_an_offer_is_found_without_marks_by_its_owner_and_by_its_number(
        self, owner, organisation
    ):
        offer = make_live(
            owner, "offer", title="Máy sấy cơm dừa chạy trấu", organisation=organisation
        )
        for words in ("may say com dua", "Vàm Mới", offer.number, offer.number.replace(" ", "")):
            assert str(offer.pk) in found(words, kinds=("offer",))

    def test_an_entry_is_found_by_the_name_its_place_had_before(self, owner):
        row = Succession.objects.filter(
            new__valid_to__isnull=True, old__parent__isnull=False
        ).first()
        entry = make_live(owner, commune=AdminUnit.objects.get(pk=row.new_id))
        assert str(entry.pk) in found(row.old.parent.name_vi)

    def test_an_english_title_makes_a_document_of_its_own(self, owner, organisation):
        offer = make_live(
            owner,
            "offer",
            organisation=organisation,
            title="Máy sấy dừa",
            title_en="Coconut dryer",
        )
        vi, en = documents(offer)
        assert (vi.language, en.language) == ("vi", "en")
        assert vi.collapse_key == en.collapse_key
        assert en.title == "Coconut dryer"
        assert en.url.startswith("/en/")
        assert en.payload["place"] != vi.payload["place"]

    def test_documents_do_not_depend_on_the_language_of_the_request(self, owner, organisation):
        before = document(organisation)
        with translation.override("en"):
            assert document(organisation) == before

    def test_renaming_the_owner_renames_it_in_its_offers(self, owner, organisation):
        offer = make_live(owner, "offer", organisation=organisation)
        edit(organisation, owner, name_vi="Xưởng Bình Minh")
        case = submit(organisation, owner)
        approve(case, make_staff("moderator"), expect=case.seq)
        assert document(offer).payload["owner"] == "Xưởng Bình Minh"
        assert str(offer.pk) in found("Xưởng Bình Minh", kinds=("offer",))
        assert str(offer.pk) not in found("Cơ khí Vàm Mới", kinds=("offer",))

    @pytest.mark.parametrize("kind", KINDS)
    def test_hiding_takes_it_out_and_showing_brings_it_back(self, owner, organisation, kind):
        entry = (
            organisation
            if kind == "organisation"
            else make_live(owner, kind, organisation=organisation)
        )
        hold(entry, owner)
        assert str(entry.pk) not in found("", kinds=(kind,))
        show(entry, owner)
        assert str(entry.pk) in found("", kinds=(kind,))
        archive(entry, owner)
        assert str(entry.pk) not in found("", kinds=(kind,))

    def test_ids_that_are_none_yield_nothing(self):
        for kind in KINDS:
            assert list(sources.source(kind).documents(["0", "abc", "999999"])) == []

    def test_all_documents_come_in_few_queries(
        self, owner, organisation, django_assert_max_num_queries
    ):
        for number in range(12):
            make_live(owner, "offer", title=f"Công nghệ {number}", organisation=organisation)
        list(sources.source("offer").documents(None))
        with django_assert_max_num_queries(14):
            assert len(list(sources.source("offer").documents(None))) == 12

    def test_what_entries_share_is_read_once(self, owner, organisation):
        for title in ("Máy sấy", "Máy ép"):
            make_live(owner, "offer", title=title, organisation=organisation)
        first, second = public_contents("offer")
        assert first.entry.owner is second.entry.owner
        assert first.commune is second.commune is not None
        assert first.price_type is second.price_type is not None

    def test_entries_whose_owner_goes_while_they_are_read_are_left_out(
        self, owner, organisation, monkeypatch
    ):
        other = make_user()
        gone = make_live(other, title="Hợp tác xã Sắp Giải Thể")
        for each, by in ((organisation, owner), (gone, other)):
            make_live(by, "offer", title=f"Máy của {each.pk}", organisation=each)
        share = loading._share

        def just_then(contents: Any) -> None:
            Entry.objects.filter(pk=gone.pk).delete()
            share(contents)

        monkeypatch.setattr(loading, "_share", just_then)
        assert [item.title for item in sources.source("offer").documents(None)] == [
            f"Máy của {organisation.pk}"
        ]

    def test_an_owner_read_with_each_of_its_entries_is_whole_each_time(self, owner, organisation):
        rows = [
            make_live(owner, "offer", title=title, organisation=organisation).content
            for title in ("Máy sấy", "Máy ép")
        ]
        contents = [type(row).objects.get(pk=row.pk) for row in rows]
        fill(contents)
        owners = [content.entry.owner.organisation for content in contents]
        with CaptureQueriesContext(connection) as asked:
            roles = [[row.role.code for row in each.roles.all()] for each in owners]
        assert not asked.captured_queries
        assert roles[0] == roles[1] != []

    def test_what_was_read_for_one_entry_is_asked_nothing_else(self, owner, organisation):
        make_live(owner, "offer", title="Máy sấy", organisation=organisation)
        (content,) = public_contents("offer")
        assert content.sectors.all()
        with pytest.raises(TypeError):
            content.sectors.filter(code="khong-co")
        with pytest.raises(TypeError):
            Term.objects.filter(pk__in=content.sectors.all())


class TestFacets:
    def test_an_offer_has_a_value_in_each_of_the_thirteen(self, owner):
        organisation = make_live(owner, roles=[OrganisationRole(role=term("role", "startup"))])
        offer = make_live(
            owner,
            "offer",
            organisation=organisation,
            trl=8,
            evidence=[TrlEvidence(level=8, text_vi="Biên bản")],
            value_chains=[term("value_chain")],
            cooperation=[term("cooperation")],
            funding_origin=term("funding_origin"),
            sdgs=[term("sdg")],
            sectors=[term("sector", "phu-pham-lua")],
        )
        specs = sources.facets(["offer"])
        assert len(specs) == 13
        for spec in specs:
            values = counts(spec.name, kinds=("offer",))
            assert values, spec.name
            for code in values:
                assert spec.known(code), (spec.name, code)
                assert spec.labels([code])[code]
                page = service.search(SearchQuery(kinds=("offer",), filters={spec.name: (code,)}))
                assert page.total == values[code], (spec.name, code)
        assert counts("sector", kinds=("offer",)).keys() == {"lua-gao", "phu-pham-lua"}
        assert counts("supplier", kinds=("offer",)).keys() == {"startup", "doanh_nghiep"}
        assert document(offer).readiness == 8

    def test_parameters_are_those_people_read(self):
        parameters = {spec.parameter for spec in sources.facets(KINDS)}
        assert {
            "linh-vuc", "xa-phuong", "chuoi-gia-tri", "ngay-xac-nhan", "trl", "so-huu-tri-tue",
            "hinh-thuc", "doi-tuong", "hop-tac", "nguon-kinh-phi", "gia", "sdg", "ben-giao",
            "vai-tro", "giay-chung-nhan", "quy-mo", "da-xac-minh", "dang-tim", "ai-duoc-dung",
            "cong-nhan",
        } == parameters  # fmt: skip

    def test_unknown_codes_are_known_to_be_none(self):
        for spec in sources.facets(KINDS):
            assert not spec.known("khong-co-that")
            assert not spec.known("")

    def test_an_organisation_counts_by_what_holds_today(self, owner):
        today = timezone.localdate()
        entry = make_live(
            owner,
            roles=[
                OrganisationRole(role=term("role", "startup"), until=today - timedelta(days=1)),
                OrganisationRole(role=term("role", "htx"), since=today),
            ],
        )
        assert counts("role", kinds=("organisation",)).keys() == {"htx", "kinh_te_tap_the"}
        moderator = make_staff("moderator")
        grant_recognition(entry, moderator, Recognition(type=Recognition.Type.STARTUP, number="01"))
        grant_recognition(
            entry,
            moderator,
            Recognition(type=Recognition.Type.HIGH_TECH, expires_on=today - timedelta(days=1)),
        )
        assert counts("recognition", kinds=("organisation",)) == {"startup": 1}

    def test_roles_and_certificates_end_in_the_index_when_their_day_comes(self, owner, monkeypatch):
        today = timezone.localdate()
        entry = make_live(
            owner,
            roles=[
                OrganisationRole(role=term("role", "startup"), until=today),
                OrganisationRole(role=term("role", "htx"), since=today + timedelta(days=1)),
            ],
        )
        offer = make_live(owner, "offer", organisation=entry)
        grant_recognition(
            entry,
            make_staff("moderator"),
            Recognition(type=Recognition.Type.STARTUP, expires_on=today),
        )
        assert counts("recognition") == {"startup": 1}
        assert reindex_turned() == 0
        tomorrow = today + timedelta(days=1)
        monkeypatch.setattr(timezone, "localdate", lambda *a: tomorrow)
        assert reindex_turned() == 1
        assert counts("role").keys() == {"htx", "kinh_te_tap_the"}
        assert counts("supplier").keys() == {"htx", "kinh_te_tap_the"}
        assert counts("recognition") == {}
        assert document(offer).facets["supplier"] == ("htx",)

    def test_an_accredited_laboratory_says_so(self, owner, organisation):
        lab = make_live(owner, "lab", organisation=organisation, open_to="anyone")
        grant_recognition(
            lab,
            make_staff("moderator"),
            Recognition(type=Recognition.Type.ACCREDITATION, number="VILAS 999"),
        )
        assert counts("accreditation", kinds=("lab",)) == {"co": 1}
        assert counts("open_to", kinds=("lab",)) == {"anyone": 1}
        assert str(lab.pk) in found("VILAS 999")

    def test_ages_count_from_the_day_of_the_question(self, owner, organisation, monkeypatch):
        offer = make_live(owner, "offer", organisation=organisation)
        day = timezone.localdate()
        expected = {
            0: {"30": 1, "180": 1},
            30: {"30": 1, "180": 1},
            31: {"180": 1},
            180: {"180": 1},
            181: {"cu-hon": 1},
        }
        for days, values in expected.items():
            moved = day + timedelta(days=days)
            monkeypatch.setattr(timezone, "localdate", lambda *a, moved=moved: moved)
            assert counts("freshness", kinds=("offer",)) == values
            for code in values:
                query = SearchQuery(kinds=("offer",), filters={"freshness": (code,)})
                assert [hit.id for hit in service.search(query).hits] == [str(offer.pk)]

    def test_an_age_counts_again_after_the_entry_is_confirmed(self, owner, organisation):
        Entry.objects.filter(pk=organisation.pk).update(
            last_confirmed_at=timezone.now() - timedelta(days=200)
        )
        reindex(Entry.objects.get(pk=organisation.pk))
        assert counts("freshness", kinds=("organisation",)) == {"cu-hon": 1}
        confirm(organisation, owner)
        assert counts("freshness", kinds=("organisation",)) == {"30": 1, "180": 1}


# --- nothing that is not public ---------------------------------------------------------------


def hidden_fields(kind: str) -> Iterator[Field]:
    return (field for field in kind_of(kind).fields if field.tier != Tier.PUBLIC)


SECRETS = {
    "phone": "0123 987 654",
    "email": "giau-kin@rieng.example",
    "contact_person": "Quàng Thị Giấukín",
    "confidential_vi": "Bíquyếtkhôngaibiết",
    "price_low": 181_818_181,
    "price_high": 292_929_292,
}


def shapes_of(value: Any) -> set[str]:
    """Return a value as it could stand in a text: as is, grouped, folded."""
    shapes = {str(value)}
    if isinstance(value, int):
        shapes |= {f"{value:,}", f"{value:,}".replace(",", ".")}
    else:
        shapes |= set(text.folded(text.tokens(str(value))))
    return {shape for shape in shapes if len(shape) > 4}


class TestWhatStaysInside:
    @pytest.mark.parametrize("kind", KINDS)
    def test_no_field_above_public_reaches_documents_index_or_page(
        self, owner, organisation, client, kind
    ):
        fields = list(hidden_fields(kind))
        assert fields
        values = {field.name: SECRETS[field.name] for field in fields}
        if kind == "organisation":
            entry = make_live(owner, title="Tổ chức kín", **values)
        else:
            entry = make_live(owner, kind, organisation=organisation, **values)
        html = client.get(entry.get_absolute_url()).content.decode()
        assert entry.number in html
        texts = {
            "document": str([asdict(item) for item in documents(entry)]),
            "index": everything_indexed(),
            "page": html,
        }
        assert entry.number in texts["index"]
        for field in fields:
            for shape in shapes_of(values[field.name]):
                for where, body in texts.items():
                    assert shape not in body, (field.name, where)

    def test_an_unpublished_patent_number_stays_inside(self, owner, organisation):
        offer = make_live(
            owner,
            "offer",
            organisation=organisation,
            ip_items=[
                IpItem(
                    type=term("ip_type", "sang_che"),
                    status=term("ip_status", "da_nop_don"),
                    number="1-2026-77777",
                ),
                IpItem(
                    type=term("ip_type", "sang_che"),
                    status=term("ip_status", "da_cap_bang"),
                    number="VN-55443",
                ),
            ],
            economics=[EconomicRow(indicator_vi="Điện", ours="42 kWh")],
        )
        index = everything_indexed()
        assert "VN-55443" in index
        assert "77777" not in index
        assert found("VN-55443") == [str(offer.pk)]

    def test_a_draft_is_nowhere_and_a_draft_of_a_live_entry_neither(
        self, owner, organisation, client
    ):
        draft = make_draft(owner, title="Nhápchưaduyệt Một")
        edit(organisation, owner, name_vi="Nhápchưaduyệt Hai", summary_vi="Nhápchưaduyệt Ba")
        submit(organisation, owner)
        assert documents(draft) == []
        index = everything_indexed().lower()
        assert "nhápchưaduyệt" not in index
        assert "nhapchuaduyet" not in index
        html = client.get(organisation.get_absolute_url()).content.decode()
        assert "Nhápchưaduyệt" not in html

    def test_a_tax_code_is_not_in_the_index(self, owner, organisation):
        claim_tax_code(organisation, owner, "012345678901")
        assert "012345678901" not in everything_indexed()


def test_an_entry_is_where_the_middle_of_its_commune_is(organisation) -> None:
    unit = organisation.content.commune
    assert unit is not None
    assert unit.lat is not None
    assert document(organisation).location == (unit.lat, unit.lon)
    AdminUnit.objects.filter(pk=unit.pk).update(lat=None)
    assert document(organisation).location is None
