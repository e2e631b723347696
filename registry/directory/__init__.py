"""Entries: headers, identifiers, recognitions, organisations and labs."""
