"""Whole pages kept for anonymous visitors, until something they show changes."""
