"""A search service that knows none of our models."""
