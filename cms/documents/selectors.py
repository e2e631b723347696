"""Reading legal documents: which are public, whether one counts, how they hang together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from registry.common.wording import day as written_day


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a document counts today. `code` is a value of the facet, or empty when unknown."""

    code: str
    tone: str = ""
    label: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """One document in relation to another: what is said of it, and where it stands, if it does."""

    label: str
    title: str
    number: str
    url: str


def in_language(vietnamese: str, english: str) -> str:
    """Return the English words to an English reader, where there are any."""
    return english if english and (get_language() or "vi").startswith("en") else vietnamese


def public_documents() -> QuerySet[Any]:
    """Return the live documents anyone may read, in every language, stand-ins too."""
    model = apps.get_model("legaldocuments.LegalDocumentPage")
    documents: QuerySet[Any] = model.objects.live().public().select_related("issuer", "locale")
    return documents


def index_url(language: str) -> str:
    """Return the address of the library in a language; empty where there is none."""
    model = apps.get_model("legaldocuments.LegalDocumentIndexPage")
    pages = model.objects.live().public().filter(locale__language_code=language)
    index = pages.order_by("path").first()
    return (index.get_url() or "") if index else ""


def for_programme(term: Any, language: str | None = None) -> QuerySet[Any]:
    """Return the public documents of a programme in a language, the newest first."""
    return newest(public_documents()).filter(
        programmes=term, locale__language_code=language or get_language() or "vi"
    )


def newest(documents: QuerySet[Any]) -> QuerySet[Any]:
    """Return documents with the one signed last first; those without a day come last."""
    return documents.order_by(F("signed_on").desc(nulls_last=True), "pk")


def standing(
    status: str,
    effective_on: date | None,
    expires_on: date | None,
    checked_on: date | None = None,
    today: date | None = None,
) -> Standing:
    """Return whether a document counts on a day; empty when nobody has looked and no day tells."""
    at = today or timezone.localdate()
    checked = _("Kiểm tra ngày %(day)s.") % {"day": written_day(checked_on)} if checked_on else ""
    if status == "bai_bo":
        return Standing("het", "bad", _("Bị bãi bỏ"), checked)
    if status == "thay_the":
        return Standing("het", "bad", _("Bị thay thế"), checked)
    if expires_on and expires_on <= at:
        since = _("Từ %(day)s.") % {"day": written_day(expires_on)}
        return Standing("het", "bad", _("Hết hiệu lực"), since)
    if effective_on and effective_on > at:
        since = _("Từ %(day)s.") % {"day": written_day(effective_on)}
        return Standing("chua", "wait", _("Chưa có hiệu lực"), since)
    if status == "con":
        return Standing("con", "good", _("Còn hiệu lực"), checked)
    if status == "mot_phan":
        return Standing("mot_phan", "attention", _("Hết hiệu lực một phần"), checked)
    return Standing("")


def standing_of(page: Any, today: date | None = None) -> Standing:
    """Return whether the document of a page counts; see `standing`."""
    return standing(page.status, page.effective_on, page.expires_on, page.status_checked_on, today)


def relations(page: Any) -> list[Related]:
    """Return what the document does to others and what others do to it, with links to public ones."""
    found = [_named(own, _active_words()) for own in page.relations.all()]
    model = apps.get_model("legaldocuments.LegalRelation")
    others = (
        model.objects.filter(
            target__translation_key=page.translation_key,
            page__locale_id=page.locale_id,
            page__in=public_documents(),
        )
        .exclude(page_id=page.pk)
        .select_related("page")
        .order_by("page__pk", "sort_order")
    )
    passive = _passive_words()
    found += [
        Related(passive[row.kind], row.page.title, row.page.number, row.page.get_url() or "")
        for row in others
    ]
    return [row for row in found if row.title]


def _named(relation: Any, words: dict[str, str]) -> Related:
    label = words.get(relation.kind, "")
    if relation.target_id is None:
        return Related(label, relation.target_text, "", "")
    wanted = public_documents().filter(
        translation_key=relation.target.translation_key,
        locale_id=relation.page.locale_id,
    )
    document = wanted.first() or public_documents().filter(pk=relation.target_id).first()
    if document is None:
        return Related(label, "", "", "")
    return Related(label, document.title, document.number, document.get_url() or "")


def _active_words() -> dict[str, str]:
    return {
        "sua_doi": _("Sửa đổi, bổ sung"),
        "thay_the": _("Thay thế"),
        "huong_dan": _("Quy định chi tiết, hướng dẫn"),
        "can_cu": _("Căn cứ vào"),
    }


def _passive_words() -> dict[str, str]:
    return {
        "sua_doi": _("Được sửa đổi, bổ sung bởi"),
        "thay_the": _("Bị thay thế bởi"),
        "huong_dan": _("Được quy định chi tiết, hướng dẫn bởi"),
        "can_cu": _("Là căn cứ của"),
    }


def issuer_labels(codes: Iterable[str] | None = None) -> dict[str, str]:
    """Return {code: name} of issuers in the active language, in their order."""
    issuers = apps.get_model("legaldocuments.Issuer").objects.all()
    if codes is not None:
        issuers = issuers.filter(code__in=list(codes))
    return {issuer.code: issuer.label for issuer in issuers}


def turned(since: date, until: date) -> list[int]:
    """Return the ids of documents that begin or cease to count on one of these days, both among them."""
    days = (since, until)
    dated = Q(effective_on__range=days) | Q(expires_on__range=days)
    return list(public_documents().filter(dated).values_list("pk", flat=True))


def file_state(page: Any) -> str:
    """Return in words what was read of the document's file; empty where there is nothing to say."""
    text = getattr(page.file, "legal_text", None) if page.file_id else None
    if text is None or text.state in {"text", "foreign"}:
        return ""
    return {
        "scan": _("Tệp là bản chụp: không tìm được chữ trong tệp."),
        "part": _("Tệp dài: chỉ tìm được chữ ở phần đầu."),
        "broken": _("Không đọc được chữ trong tệp."),
    }[text.state]


def force_labels() -> dict[str, str]:
    """Return {code: label} of the facet “in force”."""
    return {
        "con": _("Còn hiệu lực"),
        "mot_phan": _("Hết hiệu lực một phần"),
        "chua": _("Chưa có hiệu lực"),
        "het": pgettext("văn bản", "Hết hiệu lực, bị thay thế"),
    }
