"""Events as editors write them: the list, the month, the page."""
