"""One style sheet for the browser, one file per component for us.

`css/site.css` is put together from the files of `site/static/css` whenever static files are looked
up or collected, so there is no build step and a page needs one request.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

BUNDLE = "css/site.css"
#: The order of the cascade layers is declared in the first file, so only it must come first.
FOUNDATION = ("tokens", "fonts", "base", "layout", "utilities", "print")


def sources(folder: Path) -> list[Path]:
    """Return the style sheets of the bundle: the foundation, then the components by name."""
    first = [folder / f"{name}.css" for name in FOUNDATION]
    return [*first, *sorted((folder / "components").glob("*.css"))]


def joined(paths: Iterable[Path]) -> str:
    """Return the style sheets as one text, without comments and needless white space."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    return text.replace(": ", ":").replace(";}", "}").strip() + "\n"


class StylesheetFinder(BaseFinder):
    """Offers the bundle as if it were a file of the static folder."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.STATICFILES_DIRS[0]) / "css"
        self.storage = FileSystemStorage(location=settings.VAR / "bundle")

    def check(self, **kwargs: Any) -> list[Any]:
        """Return no messages: the folder is part of the project."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the bundle's place on disk, made anew when a source is newer; else nothing."""
        if path != BUNDLE:
            return []
        target = self._bring_up_to_date()
        return [str(target)] if find_all else str(target)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield the bundle for `collectstatic`."""
        self._bring_up_to_date()
        yield BUNDLE, self.storage

    def _bring_up_to_date(self) -> Path:
        paths = sources(self.folder)
        target = Path(self.storage.path(BUNDLE))
        newest = max(path.stat().st_mtime for path in [*paths, Path(__file__)])
        if not target.exists() or target.stat().st_mtime < newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Written aside and moved into place: another process may be reading it.
            draft = target.with_suffix(f".{os.getpid()}.tmp")
            draft.write_text(joined(paths), encoding="utf-8")
            draft.replace(target)
        return target
