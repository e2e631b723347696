"""What the index tells others: that something public changed, that somebody asked."""

from __future__ import annotations

from django.dispatch import Signal

#: `kind`, `ids`: these objects changed; no ids for many of any kind. Sent in the transaction that
#: changes them.
changed = Signal()
#: A search is about to be answered.
asked = Signal()
