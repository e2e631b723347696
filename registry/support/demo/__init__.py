"""Support measures for a first look. None is real: every title, source and authority says so."""
