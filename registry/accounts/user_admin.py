"""Accounts in the Wagtail admin: e-mail, name, roles; passwords are set by their owners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import CreateView, EditView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from registry.accounts.forms import FullNameField
from registry.accounts.models import User

FIELDS = ["email", "full_name", "language", "is_active", "is_superuser", "groups"]


class _RightsMixin(forms.ModelForm):
    """Takes Wagtail's two-part name away and keeps superusers to superusers."""

    first_name = None
    last_name = None
    full_name = FullNameField(label=_("Họ và tên"))

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not editor.is_superuser:
            self.fields.pop("is_superuser", None)


class StaffCreationForm(_RightsMixin, UserCreationForm):
    """A new account; its owner sets the password by the “forgotten password” mail."""

    class Meta(UserCreationForm.Meta):
        fields = [name for name in FIELDS if name != "is_active"]

    def save(self, commit: bool = True) -> User:
        """Return the new account, which nobody knows a password of."""
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class StaffEditForm(_RightsMixin, UserEditForm):
    """An account and its roles."""

    class Meta(UserEditForm.Meta):
        fields = FIELDS


class StaffCreateView(CreateView):
    """Adds an account."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who edits."""
        return super().get_form_kwargs() | {"editor": self.request.user}


class StaffEditView(EditView):
    """Edits an account; one of a superuser only by a superuser."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page, or raise `PermissionDenied`."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who edits."""
        return super().get_form_kwargs() | {"editor": self.request.user}


class UserViewSet(WagtailUserViewSet):
    """Wagtail's user pages with these forms."""

    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    # A copy would carry rights over without asking who may give them.
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        """Return the form for a new or an existing account."""
        return StaffEditForm if for_update else StaffCreationForm
