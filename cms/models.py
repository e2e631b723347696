"""Models of the `cms` app itself."""

from cms.images import SiteImage, SiteRendition

__all__ = ["SiteImage", "SiteRendition"]
