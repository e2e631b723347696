"""Wagtail's user administration with our forms; installed in the place of `wagtail.users`."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """`wagtail.users`, for accounts without a user name."""

    user_viewset = "registry.accounts.user_admin.UserViewSet"
