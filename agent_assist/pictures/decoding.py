"""Bytes to pixels, by Pillow: alive, carried as wheels, HPND. Imported by the child alone."""

import io
import warnings

from PIL import Image, ImageOps

from agent_assist.domain.attachments import Picture, PictureFault
from agent_assist.pictures.limits import MOST_PIXELS

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")


class PictureError(Exception):
    """Why there are no pixels."""

    def __init__(self, fault: PictureFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def decode(data: bytes, *, width: int, height: int) -> Picture:
    """The picture, upright and at most `width` x `height`; the first one of a moving picture. Never larger than it is.

    Raises `PictureError`. Its size is read and judged before anything is unpacked.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _decode(data, width, height)
        except PictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
            raise PictureError(PictureFault.TOO_MANY_PIXELS) from error
        except Exception as error:  # a broken file raises nearly anything out of the decoders
            raise PictureError(PictureFault.BROKEN) from error


def _decode(data: bytes, width: int, height: int) -> Picture:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd metadata is no fault, and the size is judged right below
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    full = image.size
    if full[0] * full[1] > MOST_PIXELS:
        raise PictureError(PictureFault.TOO_MANY_PIXELS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd but readable metadata is no fault
        turned = image.getexif().get(0x0112, 1) >= 5  # lying on its side
        box = (height, width) if turned else (width, height)
        image = _eight_bits(image)
        image.draft("RGB", box)  # JPEG: unpacked at an eighth, a quarter or a half where that is enough
        image.thumbnail(box, Image.Resampling.LANCZOS)
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    return Picture(
        width=upright.width,
        height=upright.height,
        pixels=upright.tobytes(),
        full_width=full[1] if turned else full[0],
        full_height=full[0] if turned else full[1],
    )


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scans and cameras keep greys in 16 bits, which Pillow would cut off instead of scaling."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256) + 0).convert("L")
