"""Choosing an organisation of the catalogue in the admin: public ones, by their public names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from registry.events import selectors


def name_of(entry: Any) -> str:
    """Return number and public name; the number alone where the entry is public no more."""
    link = selectors.link_of(entry)
    return f"{link.number} {link.name}" if link else str(entry.number)


class NameFilterForm(BaseFilterForm):
    """A search by name or number."""

    q = forms.CharField(label=_("Tên hoặc số hồ sơ"), required=False)

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Return the public organisations found; all of them where nothing was typed."""
        objects = super().filter(objects)
        if typed := self.cleaned_data.get("q"):
            self.is_searching = True
            self.search_query = typed
            return selectors.found_organisations(typed).order_by("number")
        return objects


class _Listing:
    filter_form_class = NameFilterForm
    ordering = "number"

    def get_object_list(self) -> QuerySet[Any]:
        return selectors.public_organisations()

    @property
    def title_column(self) -> TitleColumn:
        column: TitleColumn = super().title_column  # type: ignore[misc]
        column.accessor = name_of
        column.label = _("Tổ chức")
        return column


class OrganisationChooseView(_Listing, ChooseView):
    """The modal."""


class OrganisationResultsView(_Listing, ChooseResultsView):
    """The results inside the modal."""


class OrganisationChosenView(ChosenView):
    """What was chosen; an entry that is not public is not found."""

    def get_object(self, pk: str) -> Any:
        """Return the public organisation; raise `DoesNotExist`, which is a 404."""
        return selectors.public_organisations().get(pk=pk)

    def get_display_title(self, instance: Any) -> str:
        """Return what the field shows: the public name, never that of a draft."""
        return name_of(instance)


class OrganisationChosenMultipleView(ChosenMultipleView):
    """Several at once; those not public are left out."""

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        """Return the public organisations among those asked for."""
        wanted = [pk for pk in pks if pk.isdigit()]
        return selectors.public_organisations().filter(pk__in=wanted)

    def get_display_title(self, instance: Any) -> str:
        """Return what the field shows."""
        return name_of(instance)


class OrganisationChooser(BaseChooser):
    """The field: shows the public name of what is chosen."""

    def get_display_title(self, instance: Any) -> str:
        """Return number and public name."""
        return name_of(instance)


class OrganisationChooserViewSet(ChooserViewSet):
    """Everything above under one name."""

    model = "directory.Entry"
    icon = "group"
    choose_one_text = _("Chọn tổ chức")
    choose_another_text = _("Chọn tổ chức khác")
    edit_item_text = _("Sửa")
    choose_view_class = OrganisationChooseView
    choose_results_view_class = OrganisationResultsView
    chosen_view_class = OrganisationChosenView
    chosen_multiple_view_class = OrganisationChosenMultipleView
    base_widget_class = OrganisationChooser


organisation_chooser = OrganisationChooserViewSet("organisation_chooser")
