"""Home, section and standard pages."""
