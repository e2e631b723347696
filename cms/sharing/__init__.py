"""How a page looks where it is shared: its picture, its texts, its data for search engines."""
