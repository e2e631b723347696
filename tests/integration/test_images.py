"""Pictures: whatever is sent becomes plain WebP without metadata, private until a public entry shows it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import timedelta

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from workspace_support import at, save, step, words

from registry.directory import images
from registry.directory.images import ImageProblem, prepare_image, store_image
from registry.directory.models import Entry, EntryImage
from registry.directory.models.image import private_storage
from registry.directory.selectors import draft_of
from registry.directory.services import Forbidden, hold
from registry.moderation import services as moderation
from registry.moderation.retention import forget_replaced_images
from tests.factories import join, make_draft, make_live, make_staff, make_user, submit

pytestmark = pytest.mark.django_db

#: Orientation 6 (turn right) and a place, as a telephone writes them.
EXIF_ORIENTATION, EXIF_GPS = 0x0112, 0x8825


def picture(size=(1200, 800), mode="RGB") -> Image.Image:
    image = Image.new(mode, size, "white")
    image.paste("green", (0, 0, size[0] // 2, size[1] // 2))
    return image


def upload(data: bytes, name="anh.jpg", kind="image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def encoded(kind="JPEG", size=(1200, 800), mode="RGB", **options) -> bytes:
    buffer = io.BytesIO()
    picture(size, mode).save(buffer, kind, **options)
    return buffer.getvalue()


def bomb_png(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def opened(prepared, width=None) -> Image.Image:
    widths = prepared.renditions
    return Image.open(io.BytesIO(widths[width or max(widths)]))


class TestWhatIsTaken:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_common_formats_become_webp_in_widths_they_fill(self, kind):
        prepared = prepare_image(upload(encoded(kind)))
        assert sorted(prepared.renditions) == [480, 960]
        assert (prepared.width, prepared.height) == (960, 640)
        for width in prepared.renditions:
            found = opened(prepared, width)
            assert (found.format, found.width) == ("WEBP", width)

    def test_a_telephone_picture_in_heic(self):
        buffer = io.BytesIO()
        pillow_heif.from_pillow(picture((1700, 1300))).save(buffer)
        prepared = prepare_image(upload(buffer.getvalue(), "IMG_0001.HEIC", "image/heic"))
        assert sorted(prepared.renditions) == [480, 960, 1600]

    def test_the_name_and_the_declared_type_say_nothing(self):
        prepared = prepare_image(upload(encoded("PNG"), "vi-rut.exe", "application/x-msdownload"))
        assert prepared.width == 960

    def test_a_small_picture_keeps_its_own_width(self):
        assert sorted(prepare_image(upload(encoded(size=(300, 300)))).renditions) == [300]

    def test_it_stands_upright_and_no_longer_knows_where_it_was_taken(self):
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = 6
        exif.get_ifd(EXIF_GPS)[2] = (10.0, 15.0, 0.0)
        exif[0x010F] = "Hãng máy ảnh"
        data = encoded(exif=exif, comment=b"ghi chu rieng")
        assert Image.open(io.BytesIO(data)).getexif().get_ifd(EXIF_GPS), "the upload has a place"
        prepared = prepare_image(upload(data))
        assert prepared.width < prepared.height
        for width, rendition in prepared.renditions.items():
            found = opened(prepared, width)
            assert not found.getexif()
            assert "icc_profile" not in found.info
            assert b"EXIF" not in rendition
            assert b"ghi chu rieng" not in rendition

    def test_of_a_moving_picture_the_first_frame_is_kept(self):
        buffer = io.BytesIO()
        frames = [Image.new("RGB", (400, 400), colour) for colour in ("red", "blue")]
        frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=100)
        found = opened(prepare_image(upload(buffer.getvalue())))
        assert not getattr(found, "is_animated", False)
        assert found.convert("RGB").getpixel((10, 10))[0] > 200

    @pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1"])
    def test_every_way_of_storing_colour(self, mode):
        buffer = io.BytesIO()
        picture((500, 400)).convert(mode).save(buffer, "PNG")
        assert prepare_image(upload(buffer.getvalue())).width == 480

    def test_sixteen_bits_of_grey_stay_grey(self):
        buffer = io.BytesIO()
        Image.new("I;16", (500, 400), 32_768).save(buffer, "PNG")
        found = opened(prepare_image(upload(buffer.getvalue()))).convert("L")
        assert 100 < found.getpixel((5, 5)) < 156

    def test_cmyk_of_a_printer(self):
        assert prepare_image(upload(encoded(mode="CMYK"))).width == 960


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "data",
        [
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            b"GIF89a" + b"\0" * 200,
            b"%PDF-1.7 ...",
            b"MZ\x90\x00",
            b"\x00" * 5000,
            b"text",
        ],
    )
    def test_what_is_no_picture_of_ours(self, data):
        with pytest.raises(ImageProblem) as caught:
            prepare_image(upload(data, "anh.jpg"))
        assert caught.value.message == "Chọn tệp JPG, PNG, WebP hoặc HEIC."

    def test_a_zip_bomb_in_the_clothes_of_a_picture(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("anh.jpg", b"\0" * 5_000_000)
        with pytest.raises(ImageProblem):
            prepare_image(upload(buffer.getvalue()))

    def test_a_file_that_is_too_big_says_how_big(self):
        with pytest.raises(ImageProblem) as caught:
            prepare_image(upload(b"\xff\xd8" + b"\0" * (11 * 1024 * 1024 + 5)))
        assert caught.value.message == "Tệp 12 MB; tối đa 10 MB."

    @pytest.mark.parametrize("size", [(30_000, 30_000), (60_000, 60_000), (9_000, 9_000)])
    def test_a_pixel_bomb_is_never_unpacked(self, size):
        with pytest.raises(ImageProblem) as caught:
            prepare_image(upload(bomb_png(*size)))
        assert caught.value.message == "Ảnh quá lớn; tối đa 50 triệu điểm ảnh."

    def test_a_chunk_of_text_that_unpacks_to_no_end(self):
        info = zlib.compress(b"a" * 80_000_000, 9)
        body = b"zTXtk\0\0" + info
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        data = encoded("PNG", size=(300, 300))
        with pytest.raises(ImageProblem):
            prepare_image(upload(data[:33] + chunk + data[33:]))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_a_file_that_was_cut_off(self, kind):
        data = encoded(kind, size=(900, 900))
        with pytest.raises(ImageProblem) as caught:
            prepare_image(upload(data[: len(data) // 2]))
        assert caught.value.message == "Tệp hỏng hoặc bị cắt; chọn tệp khác."

    def test_a_picture_too_small_to_show(self):
        with pytest.raises(ImageProblem) as caught:
            prepare_image(upload(encoded(size=(40, 900))))
        assert "Ảnh quá nhỏ" in caught.value.message

    def test_a_stranger_stores_nothing(self):
        entry = make_draft(make_user())
        with pytest.raises(Forbidden):
            store_image(entry, make_user(), upload(encoded()))
        assert not EntryImage.objects.exists()


@pytest.fixture
def owner():
    return make_user("Chủ Hồ Sơ")


@pytest.fixture
def client(owner):
    browser = Client()
    browser.force_login(owner)
    return browser


def send_picture(client: Client, entry: Entry, data: bytes | None = None, **changes):
    return save(client, step(entry, "gioi-thieu"), image=upload(data or encoded()), **changes)


class TestOwners:
    def test_a_picture_is_uploaded_with_its_step_and_taken_off_again(self, client, owner):
        entry = make_draft(owner)
        assert send_picture(client, entry, image_alt="Nhà sấy").status_code == 302
        image = draft_of(Entry.objects.get(pk=entry.pk)).image
        assert image.entry == entry
        page = client.get(step(entry, "gioi-thieu")).content.decode()
        assert image.src in page
        save(client, step(entry, "gioi-thieu"), summary_vi="Giữ ảnh")
        assert draft_of(Entry.objects.get(pk=entry.pk)).image == image
        save(client, step(entry, "gioi-thieu"), image_remove="on")
        assert draft_of(Entry.objects.get(pk=entry.pk)).image is None

    def test_a_wrong_file_keeps_the_text_and_stores_nothing(self, client, owner):
        entry = make_draft(owner)
        answer = send_picture(client, entry, b"<svg/>", summary_vi="Chữ vẫn còn")
        assert answer.status_code == 422
        assert "Chọn tệp JPG, PNG, WebP hoặc HEIC." in words(answer)
        assert "Chữ vẫn còn" in answer.content.decode()
        assert not EntryImage.objects.exists()

    def test_a_lost_race_leaves_no_file_behind(self, client, owner):
        entry = make_draft(owner)
        before = _stored(entry)
        answer = send_picture(client, entry, latest_revision="1")
        assert answer.status_code == 409
        assert "Chọn lại tệp ảnh." in words(answer)
        assert not EntryImage.objects.exists()
        assert _stored(entry) == before

    def test_a_thrown_away_draft_takes_its_files_along(
        self, client, owner, django_capture_on_commit_callbacks
    ):
        entry = make_draft(owner)
        before = _stored(entry)
        send_picture(client, entry)
        assert _stored(entry) > before
        with django_capture_on_commit_callbacks(execute=True):
            client.post(at("discard", entry))
        assert _stored(entry) == before

    def test_a_replaced_picture_goes_once_nothing_can_show_it(
        self, client, owner, django_capture_on_commit_callbacks
    ):
        moderator = make_staff("moderator")
        entry = make_draft(owner)
        before = _stored(entry)

        def picture_of_draft() -> EntryImage:
            return draft_of(Entry.objects.get(pk=entry.pk)).image

        def forget(days: int) -> int:
            with django_capture_on_commit_callbacks(execute=True):
                return forget_replaced_images(timezone.now() + timedelta(days=days))

        send_picture(client, entry)
        dropped = picture_of_draft()
        send_picture(client, entry)
        shown = picture_of_draft()
        case = submit(entry, owner)
        moderation.approve(case, moderator, expect=case.seq)
        send_picture(client, entry, summary_vi="Câu khác")
        drafted = picture_of_draft()
        assert len({dropped, shown, drafted}) == 3

        assert forget(days=29) == 0
        assert forget(days=31) == 1
        assert set(EntryImage.objects.all()) == {shown, drafted}
        assert not [name for name in _stored(entry) if dropped.uid in name]
        assert client.get(shown.src).status_code == client.get(drafted.src).status_code == 200
        assert forget(days=31) == 0
        assert _stored(entry) > before

    def test_what_a_case_pins_stays_though_a_newer_draft_has_another(self, client, owner):
        entry = make_draft(owner)
        send_picture(client, entry)
        submit(entry, owner)
        send_picture(client, entry)
        assert forget_replaced_images(timezone.now() + timedelta(days=90)) == 0

    def test_a_copy_has_a_picture_of_its_own(self, client, owner):
        entry = make_draft(owner)
        send_picture(client, entry)
        case = submit(entry, owner)
        moderation.reject(
            case, make_staff("moderator"), expect=case.seq, reason="other", note="Lại."
        )
        client.post(at("clone", entry))
        copy = Entry.objects.exclude(pk=entry.pk).get()
        image = draft_of(copy).image
        assert image.entry == copy
        assert client.get(image.src).status_code == 200


def _stored(entry: Entry) -> set[str]:
    """The files under an entry's number; other tests left theirs, for numbers repeat."""
    try:
        return set(private_storage().listdir(f"entries/{entry.pk}")[1])
    except FileNotFoundError:
        return set()


class TestWhoMaySee:
    def statuses(self, image: EntryImage, *people) -> list[int]:
        found = []
        for person in people:
            browser = Client()
            if person is not None:
                browser.force_login(person)
            found.append(browser.get(image.src).status_code)
        return found

    def test_a_draft_picture_is_for_its_team_and_the_desk(self, client, owner):
        entry = make_draft(owner)
        viewer = make_user()
        join(entry, viewer, "viewer")
        send_picture(client, entry)
        image = EntryImage.objects.get()
        insiders = (owner, viewer, make_staff("moderator"))
        assert self.statuses(image, *insiders) == [200, 200, 200]
        assert self.statuses(image, None, make_user(), make_staff("editor")) == [404, 404, 404]
        answer = client.get(image.src)
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"

    def test_it_is_public_exactly_while_a_public_entry_shows_it(self, client, owner):
        entry = make_live(owner)
        send_picture(client, entry)
        first = EntryImage.objects.get()
        assert self.statuses(first, None) == [404], "not before it is published"
        submit(Entry.objects.get(pk=entry.pk), owner)
        answer = Client().get(first.src)
        assert answer.status_code == 200
        assert "public" in answer["Cache-Control"]
        assert first.src in Client().get(entry.get_absolute_url()).content.decode()

        send_picture(client, entry, encoded(size=(1000, 500)))
        submit(Entry.objects.get(pk=entry.pk), owner)
        second = EntryImage.objects.exclude(pk=first.pk).get()
        assert self.statuses(first, None) == [404], "a picture taken off is private again"
        assert self.statuses(second, None) == [200]
        hold(entry, owner)
        assert self.statuses(second, None, owner) == [404, 200]

    def test_widths_and_names_that_do_not_exist(self, client, owner):
        entry = make_draft(owner)
        send_picture(client, entry)
        image = EntryImage.objects.get()
        assert client.get(image.url(481)).status_code == 404
        assert (
            client.get(reverse("directory:image", kwargs={"uid": "x", "width": 480})).status_code
            == 404
        )
        assert client.post(image.src).status_code == 405
        private_storage().delete(image.path(480))
        assert client.get(image.url(480)).status_code == 404


def test_the_limits_are_the_ones_we_promise():
    assert images.MAX_BYTES == 10 * 1024 * 1024
