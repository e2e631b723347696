"""What every content model shares: drafts and revisions, but no workflow and no lock (W3, W4)."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import get_language
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from registry.common.fields import Kind


def new_uid() -> str:
    """Return a short random identity for an inline child; it survives every publish."""
    return secrets.token_hex(6)


class Content(DraftStateMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """The revisioned texts and facts of one entry. `live` is set by services only (W5)."""

    live = models.BooleanField(default=False, editable=False)
    entry = models.OneToOneField(
        "directory.Entry", on_delete=models.CASCADE, related_name="%(class)s"
    )
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="%(class)s")

    class Meta:
        abstract = True

    @property
    def revisions(self) -> Any:
        return self._revisions

    @property
    def kind_info(self) -> Kind:
        """The declaration of this content's kind."""
        return self.entry.kind_info

    @property
    def title(self) -> str:
        """The title in the active language, Vietnamese when the other is empty."""
        field = self.kind_info.title_field
        if get_language() == "en":
            english: str = getattr(self, field.removesuffix("_vi") + "_en", "")
            if english:
                return english
        title: str = getattr(self, field)
        return title

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return self.kind_info.detail_template


class InlineChild(models.Model):
    """An inline row known by `uid`, never by its primary key (W10)."""

    uid = models.CharField(max_length=16, default=new_uid, editable=False)
    sort_order = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_order"]
