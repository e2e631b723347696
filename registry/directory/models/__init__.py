"""Headers and the contents that hang on them."""

from registry.directory.models.base import Content, InlineChild, new_uid
from registry.directory.models.header import (
    Entry,
    EntryQuerySet,
    Identifier,
    Invitation,
    Membership,
    NumberSequence,
    Recognition,
)
from registry.directory.models.image import EntryImage
from registry.directory.models.lab import Lab
from registry.directory.models.organisation import Organisation, OrganisationRole

__all__ = [
    "Content",
    "Entry",
    "EntryImage",
    "EntryQuerySet",
    "Identifier",
    "InlineChild",
    "Invitation",
    "Lab",
    "Membership",
    "NumberSequence",
    "Organisation",
    "OrganisationRole",
    "Recognition",
    "new_uid",
]
