"""Awards and contests as editors write them: the list, the hall, the award, its yearly round."""
