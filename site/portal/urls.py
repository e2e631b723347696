"""Addresses. Vietnamese at the root, English under `/en/`; Wagtail pages come last."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.templatetags.static import static as static_address
from django.urls import include, path, re_path
from django.utils.functional import lazy
from django.views.generic import RedirectView, TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import sitemap
from cms.archiving import archive_copy
from cms.sending import send_document
from cms.sharing.views import share_image
from portal.health import health
from portal.styleguide import styleguide
from portal.theme import choose
from portal.views import confirm_by_link

handler500 = "portal.errors.server_error"

urlpatterns = [
    # Wagtail's own log-in knows no second factor, its account page no single name.
    path("quan-tri/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("quan-tri/account/", RedirectView.as_view(pattern_name="accounts:profile")),
    path("quan-tri/pages/", include("cms.pages.urls")),
    path("quan-tri/", include(wagtailadmin_urls)),
    # Before Wagtail's own view, which sends no part of a file.
    re_path(
        r"^tai-lieu/(?P<document_id>\d+)/(?P<filename>.*)$", send_document, name="wagtaildocs_serve"
    ),
    path("tai-lieu/", include(wagtaildocs_urls)),
    path("suc-khoe/", health, name="health"),
    path("giao-dien/", choose, name="theme"),
    # What browsers ask for beside a feed or a file, which cannot name its own.
    path(
        "favicon.ico",
        RedirectView.as_view(url=lazy(static_address, str)("favicon.svg")),
        name="favicon",
    ),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="robots.txt", content_type="text/plain; charset=utf-8"),
    ),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    re_path(r"^sitemap-(?P<part>trang|ho-so|ho-tro)\.xml$", sitemap.part, name="sitemap_part"),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

urlpatterns += i18n_patterns(
    # The admin has one address, and speaks as its user; whoever writes the English one is led there.
    re_path(r"^quan-tri/(?P<rest>.*)$", RedirectView.as_view(url="/quan-tri/%(rest)s")),
    path("tai-khoan/", include("registry.accounts.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("", include("search.urls")),
    path("xac-nhan/<str:token>/", confirm_by_link, name="confirm_by_link"),
    path("ban-lam-viec/", include("registry.workspace.urls")),
    path("de-nghi/", include(("registry.workspace.urls_enquire", "marketplace"))),
    path("styleguide/", styleguide, name="styleguide"),
    path("so-sanh/", include("registry.marketplace.urls")),
    path("", include("registry.moderation.urls")),
    path("", include("registry.directory.urls")),
    path("", include("registry.support.urls")),
    path("", include("cms.feeds.urls")),
    path("ban-luu/<int:pk>/", archive_copy, name="archive_copy"),
    path("chia-se/<str:signed>.png", share_image, name="share_image"),
    # Wagtail's second log-in, for restricted pages: no second factor, no limit on guesses.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
