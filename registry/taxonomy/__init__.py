"""Administrative units and vocabularies with validity dates."""
