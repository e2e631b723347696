"""RSS and Atom: what is new in a section, or under a search somebody keeps; and calendar files."""
