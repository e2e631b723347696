"""What staff keep for the search: groups of synonyms, and the questions that found next to nothing."""
