"""How technology offers are found: thirteen facets (search.md §3.11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.directory.disclosure import Disclosure
from registry.directory.loading import public_contents
from registry.directory.models import Entry
from registry.directory.roles import current_roles
from registry.directory.search_source import (
    assemble,
    bilingual,
    code_of,
    codes,
    commune_facet,
    count_of,
    freshness_facet,
    labels_in_both,
    owner_fields,
    place_words,
    sector_facet,
    shared_facets,
    shared_payload,
    term_facet,
    tree_facet,
    value_chain_facet,
)
from registry.taxonomy.models import Term
from search import sources
from search.contracts import FacetSpec, SearchDocument
from search.sources import SearchSource

KIND = "offer"


def facets() -> list[FacetSpec]:
    """Return the facets of offers, in the order of the page."""
    return [
        sector_facet(KIND),
        term_facet("trl", _("TRL"), "trl", "trl", KIND, order="value", display="histogram"),
        value_chain_facet(KIND),
        commune_facet(KIND),
        term_facet("ip_status", _("Sở hữu trí tuệ"), "so-huu-tri-tue", "ip_status", KIND),
        term_facet("form", _("Hình thức chuyển giao"), "hinh-thuc", "transfer_form", KIND),
        term_facet("object", _("Đối tượng"), "doi-tuong", "transfer_object", KIND),
        term_facet("price_type", _("Giá"), "gia", "price_type", KIND),
        term_facet("funding_origin", _("Nguồn kinh phí"), "nguon-kinh-phi", "funding_origin", KIND),
        term_facet("cooperation", _("Hình thức hợp tác"), "hop-tac", "cooperation", KIND),
        term_facet("sdg", _("Mục tiêu phát triển bền vững (SDG)"), "sdg", "sdg", KIND),
        tree_facet("supplier", _("Bên giao"), "ben-giao", "role", KIND),
        freshness_facet(KIND),
    ]


def _offer(entry: Entry, fields: Disclosure) -> SearchDocument:
    owner = owner_fields(entry)
    terms = [*fields.sectors, *fields.value_chains, *fields.st_fields, *fields.sdgs]
    ip_status = fields.ip_status if isinstance(fields.ip_status, Term) else None
    price_type = fields.price_type if isinstance(fields.price_type, Term) else None
    return assemble(
        entry,
        fields,
        title=fields.text("title"),
        summary=fields.text("teaser"),
        body=(
            fields.problem_vi,
            fields.how_it_works_vi,
            fields.advantages_vi,
            fields.alternative_vi,
            *(row.text_vi for row in fields.evidence),
            *(row.indicator_vi for row in fields.economics),
            fields.support_vi,
            fields.site_conditions_vi,
        ),
        keywords=(
            fields.title_vi,
            fields.title_en,
            owner.name_vi,
            owner.name_en,
            place_words(fields.commune),
            labels_in_both(terms),
            *(row.number for row in fields.ip_items),
        ),
        facets={
            **shared_facets(fields),
            "trl": (str(fields.trl),) if fields.trl else (),
            "ip_status": code_of(fields.ip_status),
            "form": codes(fields.forms),
            "object": codes(fields.objects_of_transfer),
            "price_type": code_of(fields.price_type),
            "funding_origin": code_of(fields.funding_origin),
            "cooperation": codes(fields.cooperation),
            "sdg": codes(fields.sdgs),
            "supplier": codes(current_roles(owner)),
        },
        readiness=fields.trl or None,
        payload={
            **shared_payload(entry, fields),
            "owner": owner.text("name"),
            "trl": fields.trl or 0,
            "ip_status": ip_status.code if ip_status else "",
            "ip": ip_status.label if ip_status else "",
            "price_type": price_type.code if price_type else "",
            "price": price_type.label if price_type else "",
        },
    )


def documents(ids: Iterable[str] | None) -> Iterator[SearchDocument]:
    """Yield the documents of the public offers (of those ids)."""
    for content in public_contents(KIND, ids):
        yield from bilingual(content, _offer)


def register() -> None:
    """Make offers findable."""
    sources.register(
        SearchSource(
            kind=KIND,
            label=_("Công nghệ"),
            label_plural=pgettext_lazy("số nhiều", "Công nghệ"),
            documents=documents,
            count=partial(count_of, KIND),
            row_template="search/rows/offer.html",
            compare_view="marketplace_compare:compare",
            order=10,
            slug="cong-nghe",
            in_every_language=True,
        ),
        facets(),
    )
