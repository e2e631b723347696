"""Pictures that fit the screen: formats, widths, focal point, and a file that is gone."""

from __future__ import annotations

import gc
import io
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.template import Context, Template
from PIL import Image

from cms.images import SiteImage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_sizes_of_another_test() -> None:
    """Forget sizes kept under the number of a picture that another test has had."""
    cache.clear()


def make_image(
    width: int = 1400, height: int = 900, mode: str = "RGB", form: str = "PNG", **fields: Any
) -> SiteImage:
    """Return a stored picture: red at the left, blue at the right."""
    drawing = Image.new(mode, (width, height), (200, 30, 30, 255)[: len(mode)])
    drawing.paste((30, 30, 200, 255)[: len(mode)], (width // 2, 0, width, height))
    file = io.BytesIO()
    drawing.save(file, form)
    name = f"anh-{width}x{height}.{form.lower()}"
    title = fields.pop("title", "Ảnh thử")
    return SiteImage.objects.create(title=title, file=ImageFile(file, name=name), **fields)


def draw(image: SiteImage | None, rest: str = '"card"') -> str:
    return Template("{% load pictures %}{% picture image " + rest + " %}").render(
        Context({"image": image})
    )


def open_file(image: SiteImage, url: str) -> Image.Image:
    with Image.open(Path(image.file.storage.location) / url.removeprefix("/media/")) as file:
        file.load()
        return file


def test_a_browser_gets_the_best_format_it_knows_in_the_width_it_needs() -> None:
    html = draw(make_image(description="Vườn dừa & mương"))
    assert re.findall(r'type="([^"]+)"', html) == ["image/avif", "image/webp"]
    for srcset in re.findall(r'srcset="([^"]+)"', html):
        assert re.findall(r" (\d+)w", srcset) == ["320", "480", "640", "960"]
    assert 'width="480" height="300"' in html
    assert 'loading="lazy"' in html
    assert 'alt="Vườn dừa &amp; mương"' in html
    assert "style=" not in html


def test_the_files_are_what_they_say() -> None:
    image = make_image()
    html = draw(image)
    for form in ("avif", "webp", "jpeg"):
        url = re.search(rf'/media/[^ "]+\.{form.replace("jpeg", "jpg")}', html)
        assert url
        assert open_file(image, url[0]).format == form.upper()


def test_a_small_picture_is_not_blown_up() -> None:
    html = draw(make_image(300, 200), '"lead"')
    assert set(re.findall(r" (\d+)w", html)) == {"300"}
    assert 'width="300" height="200"' in html


def test_the_crop_follows_the_focal_point() -> None:
    right = make_image(
        2000,
        500,
        focal_point_x=1800,
        focal_point_y=250,
        focal_point_width=100,
        focal_point_height=100,
    )
    left = make_image(
        2000,
        500,
        focal_point_x=200,
        focal_point_y=250,
        focal_point_width=100,
        focal_point_height=100,
    )
    for image, colour in ((right, 2), (left, 0)):
        html = draw(image, '"portrait"')
        url = re.search(r'src="(/media/[^"]+\.jpg)"', html)
        assert url
        pixel = open_file(image, url[1]).convert("RGB").getpixel((90, 90))
        assert max(range(3), key=lambda part: pixel[part]) == colour


def test_what_is_seen_first_is_not_lazy_and_words_of_the_page_win() -> None:
    html = draw(make_image(description="Kho"), '"lead" eager=True class="art" alt=""')
    assert "lazy" not in html
    assert 'fetchpriority="high"' in html
    assert 'alt=""' in html
    assert 'class="art"' in html


def test_nothing_is_drawn_where_there_is_nothing_to_draw() -> None:
    image = make_image(500, 400)
    Path(image.file.path).unlink()
    assert draw(image) == ""
    assert draw(None) == ""


def test_a_broken_file_does_not_break_the_page() -> None:
    image = make_image(500, 400)
    Path(image.file.path).write_bytes(b"not a picture")
    with warnings.catch_warnings():
        # Wagtail leaves the scratch file of a size it could not make to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        assert draw(image) == ""
        gc.collect()


def test_a_transparent_picture_has_every_format() -> None:
    html = draw(make_image(600, 600, mode="RGBA"), '"gallery"')
    assert html.count("<source") == 2
    assert ".jpg" in html
