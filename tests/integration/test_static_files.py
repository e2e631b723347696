"""What `collectstatic` makes of the folder, with the storage that production uses."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


def test_every_style_sheet_finds_what_it_names_wherever_it_is_served(tmp_path: Path) -> None:
    # The parts of the bundle are collected as well: an address in one of them has to hold in both places.
    storage = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    offered = {}
    for finder in finders.get_finders():
        for path, found in finder.list(None):
            if path.startswith(("css/", "fonts/")):
                offered.setdefault(path, (found, path))
    for path, (found, name) in offered.items():
        with found.open(name) as file:
            storage.save(path, file)
    wrong = [
        str(done) for _, _, done in storage.post_process(offered) if isinstance(done, Exception)
    ]
    assert wrong == []
    assert "css/site.css" in offered
