"""The contacts of both sides: read only where an enquiry was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.accounts.consents import INTRODUCTION
from registry.accounts.selectors import has_consent
from registry.directory.disclosure import ANYONE, INTRODUCED, disclose
from registry.directory.models import Entry

CONTACT_FIELDS = ("contact_person", "phone", "email")
NAMES = ("name_vi", "name_en")


@dataclass(frozen=True, slots=True)
class Contacts:
    """How to reach one side: organisation (with its public address, if any), person, phone, e-mail."""

    organisation: str = ""
    url: str = ""
    person: str = ""
    phone: str = ""
    email: str = ""


def entry_contacts(entry: Entry) -> dict[str, str]:
    """Return the contacts its owner wrote on an entry, else on its organisation; empty without any."""
    for source in (entry, entry.organisation_entry):
        fields = disclose(source.content, INTRODUCED, CONTACT_FIELDS)
        found = {name: str(fields[name]) for name in CONTACT_FIELDS if fields.get(name)}
        if found.get("phone") or found.get("email"):
            return found
    return {}


def owner_side(case: Any) -> Contacts:
    """Return the contacts of the side that was asked."""
    organisation = case.subject.organisation_entry
    name, url = public_name(organisation)
    written = entry_contacts(case.subject)
    if written:
        return Contacts(
            organisation=name,
            url=url,
            person=written.get("contact_person", ""),
            phone=written.get("phone", ""),
            email=written.get("email", ""),
        )
    return _of_person(case.assignee, name, url)


def sender_side(case: Any) -> Contacts:
    """Return the contacts of the side that asked."""
    organisation = case.enquiry.sender_organisation
    name, url = public_name(organisation) if organisation else ("", "")
    return _of_person(case.enquiry.sender, name, url)


def shares(person: Any) -> bool:
    """Whether a person lets the other side of an introduction know their name and address."""
    return person is not None and person.is_active and has_consent(person, INTRODUCTION)


def _of_person(person: Any, organisation: str, url: str) -> Contacts:
    # A consent withdrawn later hides the person again.
    if not shares(person):
        return Contacts(organisation=organisation, url=url)
    return Contacts(organisation, url, person.get_full_name(), email=person.email)


def public_name(organisation: Entry) -> tuple[str, str]:
    """Return an organisation's name and address; without an address while it is not public.

    Before it was ever published its name is the one its members gave it.
    """
    if not organisation.was_public:
        return organisation.working_title, ""
    name = disclose(organisation.content, ANYONE, NAMES).text("name")
    return name, organisation.get_absolute_url() if organisation.is_public else ""
