"""What awards add to Wagtail's admin: a new round made of last year's in one step."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cms import copying
from cms.awards.models import CallPage

copying.offer(CallPage, _("Tạo từ đợt này"), lambda copy, user: copy.begin_anew(user=user))
