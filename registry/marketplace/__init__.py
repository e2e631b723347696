"""Technology offers and the enquiries they receive."""
