"""The editors' desk in Wagtail's admin: review by a second person, links that lead nowhere, what waits."""
