"""The connection: who and where from the settings, and one kind of error for all that can fail."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from elasticsearch import ApiError, Elasticsearch, TransportError

from search.contracts import EngineUnavailable, RequestFailed

#: Seconds a visitor's question may take before the embedded engine answers it.
READ_TIMEOUT = 2.0
#: Seconds for all the searches of one page: few results, slips and suggestions ask again.
PAGE_TIMEOUT = 3.0
#: Seconds for a batch of changes.
WRITE_TIMEOUT = 20.0
#: Seconds for a batch of a rebuild, and for making it all findable; nobody waits for it.
BUILD_TIMEOUT = 120.0
#: What a cluster answers to a request it does not understand, or that is too large for it.
OF_THE_REQUEST = frozenset({400, 413})


def connect() -> Elasticsearch:
    """Return a client for the cluster of the settings; nothing is sent yet.

    Raises `ImproperlyConfigured` when no address is set. A secured cluster takes an API key, or a
    user and a password; `ELASTICSEARCH_CA_FILE` names the certificate of its own authority.
    """
    urls = list(settings.ELASTICSEARCH_URLS)
    if not urls:
        raise ImproperlyConfigured(_("Chưa đặt ELASTICSEARCH_URLS."))
    options: dict[str, Any] = {}
    if settings.ELASTICSEARCH_API_KEY:
        options["api_key"] = settings.ELASTICSEARCH_API_KEY
    elif settings.ELASTICSEARCH_USER:
        pair = f"{settings.ELASTICSEARCH_USER}:{settings.ELASTICSEARCH_PASSWORD}"
        # Encoded here: the client takes ASCII only.
        options["basic_auth"] = b64encode(pair.encode()).decode("ascii")
    if settings.ELASTICSEARCH_CA_FILE:
        options["ca_certs"] = settings.ELASTICSEARCH_CA_FILE
    return Elasticsearch(
        urls,
        request_timeout=READ_TIMEOUT,
        # Another node may answer at once; the same one is not asked twice while a visitor waits.
        max_retries=min(1, len(urls) - 1),
        retry_on_timeout=False,
        **options,
    )


@contextmanager
def reaching() -> Iterator[None]:
    """Turn whatever the client or the cluster refuses into `EngineUnavailable`.

    What it says of this request alone, into `RequestFailed`.
    """
    try:
        yield
    except ApiError as error:
        raise _refused(error.meta.status, error.body) from error
    except TransportError as error:
        raise EngineUnavailable(type(error).__name__) from error


def whole(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return one answer of a search; raise `EngineUnavailable` when it is not the whole truth.

    Where the cluster refuses this search alone, `RequestFailed`.
    """
    if "error" in answer:
        raise _refused(answer.get("status"), answer)
    if answer.get("timed_out") or answer["_shards"]["failed"]:
        raise EngineUnavailable("timed out" if answer.get("timed_out") else "shards failed")
    return answer


def _refused(status: Any, body: Any) -> EngineUnavailable:
    """Return what a refusal is raised as. Its reasons may quote the question: only their kinds are told."""
    kind = RequestFailed if status in OF_THE_REQUEST else EngineUnavailable
    error = body.get("error") if isinstance(body, Mapping) else None
    told = [error, *error.get("root_cause", [])] if isinstance(error, Mapping) else []
    kinds = dict.fromkeys(str(one.get("type", "")) for one in told if isinstance(one, Mapping))
    return kind(f"{status}: {', '.join(kinds)}" if kinds else str(status))
