"""The public search pages. One address answers a whole page, or its moving parts for htmx."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from search import forms, screen, service, suggestions
from search.contracts import AUDIENCES, InvalidQuery
from search.rooms import DIRECTORY, EVERYTHING, MARKET, Room

SUGGEST_SECONDS = 60
EXPLAIN = "explain"


@require_safe
@vary_on_headers("HX-Request")
def everything(request: HttpRequest) -> HttpResponse:
    """Search over every kind, a tab for each."""
    return _answer(request, EVERYTHING)


@require_safe
@vary_on_headers("HX-Request")
def directory(request: HttpRequest) -> HttpResponse:
    """The directory: organisations and laboratories."""
    return _answer(request, DIRECTORY)


@require_safe
@vary_on_headers("HX-Request")
def market(request: HttpRequest) -> HttpResponse:
    """The technology market: offers."""
    return _answer(request, MARKET)


@require_safe
@vary_on_headers("HX-Request")
def suggest(request: HttpRequest) -> HttpResponse:
    """The rows of the autocomplete; opened as a page, it leads to the search itself."""
    try:
        typed = forms.readable(_parameters(request).get(forms.TEXT) or "")
    except InvalidQuery as problem:
        return _refuse(request, EVERYTHING, problem)
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(forms.Asked(room=EVERYTHING, text=typed).href())
    response = render(
        request,
        "search/suggestions.html",
        {"groups": suggestions.groups(typed, _language()), "typed": typed},
    )
    patch_cache_control(response, public=True, max_age=SUGGEST_SECONDS)
    return response


def _answer(request: HttpRequest, room: Room) -> HttpResponse:
    audience = audience_of(request)
    try:
        parameters = _parameters(request)
        asked = forms.read(parameters, room, audience)
        specs = forms.offered(asked.kinds, audience)
        narrowed_by = {
            spec.name: forms.narrowing_text(parameters, spec)
            for spec in specs
            if spec.display == "searchable"
        }
        query = asked.query(_language(), audience, [spec.name for spec in specs])
        page = service.ask(replace(query, explain=_explains(request, parameters)))
    except InvalidQuery as problem:
        return _refuse(request, room, problem)
    if asked.page > page.pages:
        beyond = _("Danh sách này có %(pages)d trang.") % {"pages": page.pages}
        last = asked.at_page(page.pages).href()
        return _refuse(request, room, InvalidQuery(forms.PAGE, beyond), status=404, way_out=last)
    shown = screen.build(asked, page, _language(), audience, narrowed_by)
    partial = _wants_fragment(request)
    template = "search/fragment.html" if partial else "search/page.html"
    context = {"screen": shown, "room": room, "room_url": forms.Asked(room=room).href()}
    response = render(request, template, context)
    if partial:
        response["HX-Push-Url"] = shown.canonical
        patch_cache_control(response, no_store=True)
    return response


def _refuse(
    request: HttpRequest,
    room: Room,
    problem: InvalidQuery,
    *,
    status: int = 400,
    way_out: str = "",
) -> HttpResponse:
    """Say what is wrong with the question, and how to ask another."""
    if problem.field == "page":  # the service's name for it: deeper than any list goes
        status = 404
    partial = _wants_fragment(request)
    return render(
        request,
        "search/bad_query_body.html" if partial else "search/bad_query.html",
        {
            "room": room,
            "problem": problem,
            "problem_title": _("Không có trang này")
            if status == 404
            else ngettext("Có %(n)d chỗ cần sửa.", "Có %(n)d chỗ cần sửa.", 1) % {"n": 1},
            "way_out": way_out,
            "start": forms.Asked(room=room).href(),
        },
        status=status,
    )


def _explains(request: HttpRequest, parameters: QueryDict) -> bool:
    """Whether staff ask why entries stand where they do (`?explain=1`)."""
    return parameters.get(EXPLAIN) == "1" and bool(getattr(request.user, "is_staff", False))


def _parameters(request: HttpRequest) -> QueryDict:
    try:
        return request.GET
    except TooManyFieldsSent as problem:
        raise InvalidQuery("", _("Địa chỉ có quá nhiều tham số.")) from problem


def _wants_fragment(request: HttpRequest) -> bool:
    """A history entry is restored with a whole page, whoever asks for it."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def _language() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def audience_of(request: HttpRequest) -> str:
    """Return whom the visitor counts as: someone signed in sees the facets for registered users."""
    user = getattr(request, "user", None)
    return AUDIENCES[1] if user is not None and user.is_authenticated else AUDIENCES[0]
