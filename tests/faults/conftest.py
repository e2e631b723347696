"""A node that may be killed, an index of its own on it, and entries to find."""

from __future__ import annotations

import secrets
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from registry.directory.models import Entry
from search import service
from search.guard import OutsideEngine
from tests.faults.door import Door
from tests.faults.processes import MailServer, Node, Process, Site, worker


@pytest.fixture(scope="session", autouse=True)
def _stopped_by_the_keyboard() -> None:
    """A run in the background has Ctrl-C ignored, and every process it starts as well."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A node of these tests alone: the shared one is nobody's to kill."""
    started = Node.start()
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def index(node: Node, settings: Any, transactional_db: None) -> Iterator[OutsideEngine]:
    """The engine of this process, on an empty database and without an index yet."""
    settings.SEARCH_ENGINE = "search.engines.elasticsearch.ElasticsearchEngine"
    settings.ELASTICSEARCH_URLS = [node.url]
    settings.ELASTICSEARCH_PREFIX = f"faults-{secrets.token_hex(4)}"
    forget()
    guard = service.outside()
    assert guard is not None
    yield guard.primary
    for name in guard.primary.made():
        guard.primary.drop(name)
    forget()


def forget() -> None:
    """Let this process connect anew, as the settings say now."""
    service._guarded.cache_clear()
    service._hasty.cache_clear()


@pytest.fixture
def filled(index: OutsideEngine, settings: Any) -> Any:
    """Load entries; returns the function that does. The outside index is built, or left empty."""

    def fill(entries: int, *, built: bool = True) -> list[Entry]:
        outside, settings.SEARCH_ENGINE = settings.SEARCH_ENGINE, "embedded"
        settings.HUB_DEMO = True
        call_command("load_demo", entries=entries, verbosity=0)
        settings.SEARCH_ENGINE = outside
        if built:
            call_command("search_rebuild", only="outside", verbosity=0)
        else:
            index.swap(index.create())
        return list(Entry.objects.public().order_by("pk"))

    return fill


@pytest.fixture
def start_worker(index: OutsideEngine) -> Iterator[Any]:
    """Start workers that do not outlive the test."""
    started: list[Process] = []

    def start(**more: str) -> Process:
        started.append(worker(**more))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def door(node: Node) -> Iterator[Door]:
    """A door before the node, for the worker that is told its address."""
    opened = Door(node.url)
    yield opened
    opened.close()


@pytest.fixture
def open_site(index: OutsideEngine) -> Iterator[Any]:
    """Start the site behind gunicorn, once there is something to see."""
    started: list[Site] = []

    def start() -> Site:
        started.append(Site())
        return started[-1]

    yield start
    for site in started:
        site.process.kill()


@pytest.fixture
def site(filled: Any, open_site: Any) -> Site:
    """The site behind gunicorn, with two hundred entries."""
    filled(200)
    opened: Site = open_site()
    return opened


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that refuses until it is opened."""
    server = MailServer()
    yield server
    server.close()
