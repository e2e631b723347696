"""Pages in other languages: which are translated, which were reviewed, which fell behind."""
