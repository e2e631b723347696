"""Invented people and an invented story, for a first look at the pages that hold such."""
