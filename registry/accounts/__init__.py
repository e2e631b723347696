"""People who sign in, their consents, the staff groups."""
