"""Choosing entries of the catalogue in the admin: public ones, by their public names."""

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

from registry.directory import selectors

LISTINGS = ("offer", "demand")


def name_of(entry: Any) -> str:
    """Return number and public name; the number alone where the entry is public no more."""
    return selectors.public_name(entry)


class _AnyEntry:
    kinds: tuple[str, ...] = ()


class _Listing(_AnyEntry):
    ordering = "number"

    def get_object_list(self) -> QuerySet[Any]:
        return selectors.public_entries(self.kinds)

    @property
    def filter_form_class(self) -> type[BaseFilterForm]:
        kinds = self.kinds

        class NameFilterForm(BaseFilterForm):
            q = forms.CharField(label=_("Tên hoặc số hồ sơ"), required=False)

            def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
                objects = super().filter(objects)
                if typed := self.cleaned_data.get("q"):
                    self.is_searching = True
                    self.search_query = typed
                    return selectors.found_entries(typed, kinds).order_by("number")
                return objects

        return NameFilterForm

    @property
    def title_column(self) -> TitleColumn:
        column: TitleColumn = super().title_column  # type: ignore[misc]
        column.accessor = name_of
        column.label = _("Hồ sơ")
        return column


class EntryChooseView(_Listing, ChooseView):
    """The modal."""


class EntryResultsView(_Listing, ChooseResultsView):
    """The results inside the modal."""


class EntryChosenView(_AnyEntry, ChosenView):
    """What was chosen; an entry that is not public is not found."""

    def get_object(self, pk: str) -> Any:
        """Return the public entry; raise `DoesNotExist`, which is a 404."""
        return selectors.public_entries(self.kinds).get(pk=pk)

    def get_display_title(self, instance: Any) -> str:
        """Return what the field shows: the public name, never that of a draft."""
        return name_of(instance)


class EntryChosenMultipleView(_AnyEntry, ChosenMultipleView):
    """Several at once; those not public are left out."""

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        """Return the public entries among those asked for."""
        wanted = [pk for pk in pks if pk.isdigit()]
        return selectors.public_entries(self.kinds).filter(pk__in=wanted)

    def get_display_title(self, instance: Any) -> str:
        """Return what the field shows."""
        return name_of(instance)


class ListingChooseView(EntryChooseView):
    """The modal, for offers and demands."""

    kinds = LISTINGS


class ListingResultsView(EntryResultsView):
    """The results, for offers and demands."""

    kinds = LISTINGS


class ListingChosenView(EntryChosenView):
    """What was chosen, of offers and demands."""

    kinds = LISTINGS


class ListingChosenMultipleView(EntryChosenMultipleView):
    """Several offers and demands at once."""

    kinds = LISTINGS


class EntryChooser(BaseChooser):
    """The field: shows the public name of what is chosen."""

    def get_display_title(self, instance: Any) -> str:
        """Return number and public name."""
        return name_of(instance)


class EntryChooserViewSet(ChooserViewSet):
    """Any public entry."""

    model = "directory.Entry"
    icon = "list-ul"
    choose_one_text = _("Chọn hồ sơ")
    choose_another_text = _("Chọn hồ sơ khác")
    edit_item_text = _("Sửa")
    choose_view_class = EntryChooseView
    choose_results_view_class = EntryResultsView
    chosen_view_class = EntryChosenView
    chosen_multiple_view_class = EntryChosenMultipleView
    base_widget_class = EntryChooser
    # Events already offer organisations wherever a form asks for an entry.
    register_widget = False


class ListingChooserViewSet(EntryChooserViewSet):
    """Public offers and demands."""

    choose_one_text = _("Chọn công nghệ, nhu cầu")
    choose_view_class = ListingChooseView
    choose_results_view_class = ListingResultsView
    chosen_view_class = ListingChosenView
    chosen_multiple_view_class = ListingChosenMultipleView


entry_chooser = EntryChooserViewSet("entry_chooser")
listing_chooser = ListingChooserViewSet("listing_chooser")
