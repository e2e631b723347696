"""Awards for a first look. None is real: every title says so, addresses end in `.example`."""
