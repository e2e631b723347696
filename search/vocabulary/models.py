"""Groups of synonyms, the mark of their latest change, and daily counts of fruitless questions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search import text

MAX_TERMS = 30
MAX_TERM_CHARS = 80
MAX_TERM_WORDS = 10


class SynonymGroup(models.Model):
    """Words that stand for each other, or a word that also finds others."""

    class Rule(models.TextChoices):
        EQUAL = "equal", gettext_lazy("Mọi từ tìm thấy nhau")
        ONE_WAY = "one_way", gettext_lazy("Từ đầu tìm thêm các từ sau")

    rule = models.CharField(
        gettext_lazy("Quy tắc"),
        max_length=10,
        choices=Rule.choices,
        default=Rule.EQUAL,
        help_text=gettext_lazy(
            "Một chiều: từ đầu tìm thêm các từ sau; chữ viết tắt và tiếng nước ngoài trong các từ sau "
            "cũng tìm thêm từ đầu."
        ),
    )
    terms = models.TextField(
        gettext_lazy("Các từ"),
        max_length=MAX_TERMS * (MAX_TERM_CHARS + 2),
        help_text=gettext_lazy("Mỗi dòng một từ hoặc cụm từ; dòng đầu là cách viết chính."),
    )
    note = models.CharField(gettext_lazy("Ghi chú"), max_length=255, blank=True)
    active = models.BooleanField(gettext_lazy("Đang dùng"), default=True)
    changed = models.DateTimeField(gettext_lazy("Sửa lúc"), auto_now=True)

    class Meta:
        verbose_name = gettext_lazy("nhóm từ đồng nghĩa")
        verbose_name_plural = gettext_lazy("từ đồng nghĩa")
        ordering = ["terms", "pk"]

    def __str__(self) -> str:
        return ", ".join(self.forms[:4])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and tell every process in the same transaction."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            VocabularyState.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and tell every process in the same transaction."""
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            VocabularyState.touch()
        return gone

    @property
    def forms(self) -> list[str]:
        """The words and phrases, the canonical one first."""
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    @property
    def row(self) -> tuple[str, list[str], str]:
        """The group as `synonyms.Thesaurus` takes it."""
        canonical, *others = self.forms
        return canonical, others, "expand" if self.rule == self.Rule.ONE_WAY else "equiv"

    def clean(self) -> None:
        """Put the terms in order; raise `ValidationError` for what no query could mean."""
        found: dict[tuple[str, ...], str] = {}
        for line in text.clean(self.terms.replace("\r", "\n")).split("\n"):
            shown = " ".join(line.split())
            if not shown:
                continue
            words = tuple(text.tokens(shown[: 4 * MAX_TERM_CHARS]))
            if not words:
                raise ValidationError(
                    {"terms": _("“%(term)s” cần ít nhất một chữ cái hoặc chữ số.") % _cut(shown)}
                )
            if len(shown) > MAX_TERM_CHARS or len(words) > MAX_TERM_WORDS:
                raise ValidationError(
                    {
                        "terms": _("“%(term)s” dài quá %(chars)d ký tự hoặc %(words)d từ.")
                        % {"chars": MAX_TERM_CHARS, "words": MAX_TERM_WORDS, **_cut(shown)}
                    }
                )
            found.setdefault(words, shown)
            if len(found) > MAX_TERMS:
                raise ValidationError(
                    {"terms": _("Một nhóm có tối đa %(limit)d từ.") % {"limit": MAX_TERMS}}
                )
        if len(found) < 2:
            raise ValidationError({"terms": _("Nhập ít nhất hai từ khác nhau, mỗi dòng một từ.")})
        self.terms = "\n".join(found.values())


class VocabularyState(models.Model):
    """One row: a mark that is new after every change of a group, and the seeds already sown."""

    ONLY = 1

    mark = models.CharField(max_length=32)
    #: Canonical forms of the groups that came with the project: a deleted one does not come back.
    sown = models.JSONField(default=list)

    class Meta:
        verbose_name = gettext_lazy("tình trạng từ đồng nghĩa")
        verbose_name_plural = gettext_lazy("tình trạng từ đồng nghĩa")
        default_permissions = ()

    def __str__(self) -> str:
        return self.mark

    @classmethod
    def touch(cls) -> None:
        """Give the groups a new mark."""
        mark = get_random_string(32)
        cls.objects.update_or_create(pk=cls.ONLY, defaults={"mark": mark})


class MissedQuery(models.Model):
    """How often in a day a question found nothing, or next to nothing, without addresses and numbers."""

    MAX_CHARS = 100

    day = models.DateField(gettext_lazy("Ngày"))
    text = models.CharField(gettext_lazy("Câu tìm"), max_length=MAX_CHARS)
    found = models.PositiveSmallIntegerField(gettext_lazy("Số kết quả"), default=0)
    times = models.PositiveIntegerField(gettext_lazy("Số lần"), default=1)

    class Meta:
        verbose_name = gettext_lazy("câu tìm ít kết quả")
        verbose_name_plural = gettext_lazy("câu tìm ít kết quả")
        default_permissions = ("view",)
        ordering = ["-day", "text"]
        constraints = [
            models.UniqueConstraint(fields=["day", "text"], name="search_missed_query_day")
        ]

    def __str__(self) -> str:
        return self.text


def _cut(shown: str) -> dict[str, str]:
    return {"term": shown if len(shown) <= 40 else shown[:40] + "…"}
