"""Customers' pictures: shown small and upright, refused where they are broken or bombs; a crash is one refusal."""

import io
import sys
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from agent_assist.domain.attachments import Picture, PictureFault
from agent_assist.pictures import PictureReader
from agent_assist.pictures.limits import MOST_PIXELS
from tests.helpers.pictures import bomb, picture

RED = bytes((255, 0, 0, 255))


@pytest.fixture
async def reader() -> AsyncIterator[PictureReader]:
    made = PictureReader()
    yield made
    await made.close()


async def shown(reader: PictureReader, data: bytes, *, side: int = 32) -> Picture:
    found = await reader.read(data, width=side, height=side)
    assert isinstance(found, Picture)
    assert len(found.pixels) == found.width * found.height * 4
    return found


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP", "JPEG", "TIFF"])
async def test_every_kind_is_shown_in_its_box(reader: PictureReader, kind: str) -> None:
    found = await shown(reader, picture(kind, size=(400, 200)))
    assert (found.width, found.height, found.full_width, found.full_height) == (32, 16, 400, 200)
    assert all(abs(one - other) < 12 for one, other in zip(found.pixels[:4], RED, strict=True))


async def test_a_small_picture_is_never_blown_up(reader: PictureReader) -> None:
    found = await shown(reader, picture(size=(5, 3)), side=1000)
    assert (found.width, found.height) == (5, 3)


async def test_a_picture_lying_on_its_side_is_turned(reader: PictureReader) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = await shown(reader, picture("JPEG", size=(400, 200), exif=exif.tobytes()))
    assert (found.width, found.height, found.full_width, found.full_height) == (16, 32, 200, 400)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
async def test_greys_of_sixteen_bits_are_scaled(reader: PictureReader, kind: str) -> None:
    body = io.BytesIO()
    Image.new("I;16", (40, 20), 0x8000).save(body, kind)
    assert (await shown(reader, body.getvalue())).pixels[:4] == bytes((128, 128, 128, 255))


@pytest.mark.parametrize(
    "options", [{"compression": "tiff_lzw"}, {"compression": "jpeg"}, {"compression": "tiff_deflate"}], ids=str
)
async def test_the_first_page_of_a_scan_is_shown(reader: PictureReader, options: dict[str, str]) -> None:
    body = io.BytesIO()
    pages = [Image.new("RGB", (200, 100), colour) for colour in ("red", "blue")]
    pages[0].save(body, "TIFF", save_all=True, append_images=pages[1:], **options)
    found = await shown(reader, body.getvalue())
    assert (found.width, found.height) == (32, 16)
    assert all(abs(one - other) < 12 for one, other in zip(found.pixels[:4], RED, strict=True))


async def test_a_fax_and_a_scan_for_print_are_shown(reader: PictureReader) -> None:
    for mode, colour in (("1", 1), ("CMYK", (0, 0, 0, 0))):
        body = io.BytesIO()
        Image.new(mode, (200, 100), colour).save(body, "TIFF")
        assert (await shown(reader, body.getvalue())).pixels[:4] == bytes((255,) * 4)


async def test_a_bomb_is_refused_by_its_size_alone(reader: PictureReader) -> None:
    data = bomb(width=60_000, height=60_000)
    assert len(data) < 100_000
    assert await reader.read(data, width=32, height=32) is PictureFault.TOO_MANY_PIXELS
    assert MOST_PIXELS < 60_000 * 60_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        picture("JPEG", size=(400, 400))[:900],
        picture("PNG", size=(400, 400))[:60],
        picture("TIFF", size=(400, 400))[:60],
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://example.com/x.png'/></svg>",
        b"%PDF-1.4",
    ],
    ids=["empty", "noise", "half a jpeg", "half a png", "half a tiff", "svg", "pdf"],
)
async def test_what_is_broken_or_no_picture_is_refused_and_the_next_is_shown(
    reader: PictureReader, data: bytes
) -> None:
    assert await reader.read(data, width=32, height=32) is PictureFault.BROKEN
    await shown(reader, picture())


async def test_a_child_that_crashes_costs_one_picture() -> None:
    program = "import sys; sys.stdout.write('{}\\n'); sys.stdout.flush(); sys.stdin.buffer.readline(); sys.exit(3)"
    reader = PictureReader(command=(sys.executable, "-c", program))
    for _ in range(2):
        assert await reader.read(picture(), width=8, height=8) is PictureFault.BROKEN
    await reader.close()


async def test_a_child_that_hangs_is_ended() -> None:
    program = "import sys, time; sys.stdout.write('{}\\n'); sys.stdout.flush(); time.sleep(600)"
    reader = PictureReader(command=(sys.executable, "-c", program), seconds=0.2)
    assert await reader.read(picture(), width=8, height=8) is PictureFault.TOO_LONG
    await reader.close()


async def test_a_child_that_lies_about_the_size_is_not_believed() -> None:
    program = (
        "import sys; out = sys.stdout; out.write('{}\\n'); out.flush(); sys.stdin.buffer.readline();"
        'out.write(\'{"width": 900000, "height": 900000}\\n\'); out.flush(); sys.stdin.read()'
    )
    reader = PictureReader(command=(sys.executable, "-c", program))
    assert await reader.read(b"x", width=8, height=8) is PictureFault.BROKEN
    await reader.close()
