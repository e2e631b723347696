"""Fictional organisations, labs and technologies for a first look: each marked “(minh họa)”."""
