"""The Centre's groups and what each may do, made and kept by one command.

A command and not a data migration: Wagtail creates some permissions only after every migration.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from registry.accounts.guards import closed_permissions
from registry.accounts.permissions import (
    ADMINISTRATOR,
    BROKER,
    CONTRIBUTOR,
    EDITOR,
    GROUPS,
    MODERATOR,
)

ACCESS = ("wagtailadmin", "access_admin")
REVIEW = ("moderation", "review_entry")
ENTER = ("directory", "enter_entry")
BROKERAGE = ("marketplace", "broker_enquiry")
#: The words of the search: groups of synonyms, and the questions that found too little.
VOCABULARY = (
    *(("search", f"{verb}_synonymgroup") for verb in ("add", "change", "delete", "view")),
    ("search", "view_missedquery"),
)
#: Support measures, drafts and publication.
MEASURES = tuple(
    ("support", f"{verb}_supportmeasure") for verb in ("add", "change", "delete", "view", "publish")
)
#: To begin the translation of a page; its words are then saved with the rights to the page.
TRANSLATE = ("wagtail_localize", "submit_translation")
#: What an engine outside the database has not taken yet.
INDEXING = (("search", "view_indextask"), ("search", "change_indextask"))

#: Single permissions by (app, codename); one that no app declares yet is left out.
SINGLE: dict[str, tuple[tuple[str, str], ...]] = {
    ADMINISTRATOR: (
        ACCESS,
        REVIEW,
        ENTER,
        BROKERAGE,
        *VOCABULARY,
        *MEASURES,
        *INDEXING,
        ("accounts", "add_user"),
        ("accounts", "change_user"),
        ("accounts", "delete_user"),
        ("accounts", "view_user"),
    ),
    EDITOR: (ACCESS, *VOCABULARY, *MEASURES, TRANSLATE),
    MODERATOR: (ACCESS, REVIEW, ENTER),
    BROKER: (ACCESS, BROKERAGE),
    CONTRIBUTOR: (ACCESS,),
}
#: Apps of which a role holds every permission, beside the site's own `cms` apps.
WHOLE: dict[str, tuple[str, ...]] = {
    ADMINISTRATOR: ("wagtailredirects", "wagtailcore", "wagtail_localize", "taxonomy"),
    EDITOR: ("wagtailredirects",),
}
#: Who runs the pages: they publish, and approve what a contributor hands in.
PAGE_WRITERS = (ADMINISTRATOR, EDITOR)
_WRITE = ("add_page", "change_page")
_PUBLISH = (*_WRITE, "publish_page", "lock_page", "unlock_page")
PAGE_VERBS = {ADMINISTRATOR: _PUBLISH, EDITOR: _PUBLISH, CONTRIBUTOR: _WRITE}
#: Without `change`, a file is its uploader's alone to change.
MEDIA_VERBS = {
    ADMINISTRATOR: ("add", "change", "choose"),
    EDITOR: ("add", "change", "choose"),
    CONTRIBUTOR: ("add", "choose"),
}
#: Wagtail asks for the permissions of its own models, whichever model stands in for them.
MEDIA = (("wagtailimages", "image"), ("wagtaildocs", "document"))
#: Groups that Wagtail's first migration makes, and that we do not use.
FOREIGN = ("Editors", "Moderators")


@dataclass(slots=True)
class RolesReport:
    """How many groups were made and how many permissions were given and taken."""

    groups: int = 0
    given: int = 0
    taken: int = 0


def _cms_labels() -> list[str]:
    return [config.label for config in apps.get_app_configs() if config.name.startswith("cms")]


def _wanted(role: str) -> set[Permission]:
    query = Q(pk__in=[])
    for app, codename in SINGLE[role]:
        query |= Q(content_type__app_label=app, codename=codename)
    labels = list(WHOLE.get(role, ()))
    if role in PAGE_WRITERS:
        labels += _cms_labels()
    query |= Q(content_type__app_label__in=labels)
    permissions = Permission.objects.filter(query).exclude(pk__in=closed_permissions())
    return set(permissions)


def _sync_single(role: str, group: Group, report: RolesReport) -> None:
    wanted, held = _wanted(role), set(group.permissions.all())
    group.permissions.add(*(wanted - held))
    group.permissions.remove(*(held - wanted))
    report.given += len(wanted - held)
    report.taken += len(held - wanted)


def _sync_pages(role: str, group: Group, report: RolesReport) -> None:
    root = Page.get_first_root_node()
    if root is None:
        return
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGE_VERBS[role]
    ):
        _row, made = GroupPagePermission.objects.get_or_create(
            group=group, page=root, permission=permission
        )
        report.given += made


def _sync_collections(role: str, group: Group, report: RolesReport) -> None:
    root = Collection.get_first_root_node()
    if root is None:
        return
    for app, model in MEDIA:
        names = [f"{verb}_{model}" for verb in MEDIA_VERBS[role]]
        for permission in Permission.objects.filter(
            content_type__app_label=app, codename__in=names
        ):
            _row, made = GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )
            report.given += made


def _drop_foreign(report: RolesReport) -> None:
    """Remove Wagtail's own groups where nobody is in them, and give their approval task away."""
    writers = Group.objects.filter(name__in=[GROUPS[role] for role in PAGE_WRITERS])
    for group in Group.objects.filter(name__in=FOREIGN, user__isnull=True):
        for task in GroupApprovalTask.objects.filter(groups=group):
            task.groups.set(writers)
        group.delete()
        report.taken += 1


def sync_roles() -> RolesReport:
    """Bring the groups in line with this module and return what changed.

    Idempotent. Takes permissions on registry content from every group, ours or not.
    """
    report = RolesReport()
    with transaction.atomic():
        for role, name in GROUPS.items():
            group, made = Group.objects.get_or_create(name=name)
            report.groups += made
            _sync_single(role, group, report)
            if role in PAGE_VERBS:
                _sync_pages(role, group, report)
                _sync_collections(role, group, report)
        _drop_foreign(report)
        closed = set(closed_permissions().values_list("pk", flat=True))
        for group in Group.objects.filter(permissions__in=closed).distinct():
            report.taken += group.permissions.filter(pk__in=closed).count()
            group.permissions.remove(*closed)
    return report
