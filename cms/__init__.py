"""The public site on Wagtail: images, navigation, settings."""
