"""One engine for everything two sides settle."""
