"""The picture of a slip: unpacked with care, and looked at in one way after the other for QR codes and barcodes.

Pictures come from strangers. How large one is, its header says before a single pixel is unpacked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import zxingcpp
from PIL import Image, ImageOps

MOST_PIXELS = 30_000_000
MOST_SIDE = 30_000  # pixels; twice as much is about what the reader of barcodes takes
READ_PIXELS = 12_000_000  # larger ones are made smaller first: the print of an A4 slip stays readable
ENLARGED_PIXELS = 16_000_000
MOST_SCANS = 100  # of a progressive JPEG; cameras write about ten, and each costs time for the whole picture

_FORMATS = ("JPEG", "PNG", "WEBP")
_B = zxingcpp.BarcodeFormat
# What slips, parcels and papers of the state carry. Fewer kinds: less time, and less seen where nothing is.
_KINDS = zxingcpp.BarcodeFormats([_B.QRCode, _B.DataMatrix, _B.Aztec, _B.PDF417, _B.Code128, _B.Code39, _B.Code93])
_ORIENTATION = 0x0112  # EXIF: how the camera was held
_TURNS = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}


class NoImage(ValueError):
    """The bytes are no JPEG, PNG or WEBP that can be unpacked."""


class TooLarge(ValueError):
    """The picture claims more than MOST_PIXELS, or a side longer than MOST_SIDE."""


def unpack(image: bytes) -> Image.Image:
    """Return the picture in grey, upright, no larger than READ_PIXELS; raises NoImage and TooLarge."""
    if _webp_pixels(image) > MOST_PIXELS:
        raise TooLarge
    is_jpeg = image.startswith(b"\xff\xd8")
    if is_jpeg and image.count(b"\xff\xda") > MOST_SCANS:
        raise NoImage
    if is_jpeg and not image.endswith(b"\xff\xd9"):
        image += b"\xff\xd9"  # the end is missing: what arrived can still be read
    try:
        with Image.open(io.BytesIO(image), formats=_FORMATS) as opened:
            return _grey(opened)
    except (TooLarge, Image.DecompressionBombError) as error:
        raise TooLarge from error
    except Exception as error:  # Pillow names a broken file in a dozen ways, and a stranger's bytes find a thirteenth
        raise NoImage from error


def looks(grey: Image.Image) -> Iterator[list[str]]:
    """Give the texts of all barcodes in reading order, look by look: each look finds what those before missed."""
    near, even = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    yield _texts(grey, near)
    clear = ImageOps.autocontrast(grey, cutoff=1)
    yield _texts(clear, near)
    yield _texts(clear, even)
    for part in _parts(clear):
        yield _texts(part.resize((part.width * 2, part.height * 2), Image.Resampling.BICUBIC), near)
    if (clear.width + clear.height) ** 2 / 2 <= MOST_PIXELS:  # a long strip would lie in a square without end
        yield _texts(clear.rotate(45, Image.Resampling.BICUBIC, expand=True, fillcolor=255), near)  # a barcode askew


def _grey(opened: Image.Image) -> Image.Image:
    width, height = opened.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise TooLarge
    smaller = min(1.0, (READ_PIXELS / (width * height)) ** 0.5)
    size = (max(1, int(width * smaller)), max(1, int(height * smaller)))
    opened.draft("L", size)  # a JPEG is unpacked in grey and in a coarser raster: less memory, less time
    grey = _on_white(opened)
    grey.thumbnail(size)
    return _upright(grey, opened)


def _webp_pixels(image: bytes) -> int:
    """Return how many pixels a WEBP claims, 0 for another file: Pillow would set memory aside before it tells."""
    if image[:4] != b"RIFF" or image[8:12] != b"WEBP":
        return 0

    def number(start: int, end: int) -> int:
        return int.from_bytes(image[start:end], "little")

    if image[12:16] == b"VP8X":
        return (number(24, 27) + 1) * (number(27, 30) + 1)
    if image[12:16] == b"VP8L":
        return ((number(21, 25) & 0x3FFF) + 1) * ((number(21, 25) >> 14 & 0x3FFF) + 1)
    return (number(26, 28) & 0x3FFF) * (number(28, 30) & 0x3FFF)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel, as scanners write: Pillow would cut off, not scale
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("L")
    paper = Image.new("L", image.size, 255)
    layered = image if "A" in image.getbands() else image.convert("RGBA")
    paper.paste(layered.convert("L"), mask=layered.getchannel("A"))
    return paper


def _upright(grey: Image.Image, original: Image.Image) -> Image.Image:
    """Turn the picture as the camera noted it, so that codes come in reading order."""
    try:
        turn = _TURNS.get(original.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken note of the camera must not cost the picture
        return grey
    return grey if turn is None else grey.transpose(turn)


def _parts(image: Image.Image) -> list[Image.Image]:
    """Return the picture whole, or in overlapping quarters when it would grow too large at twice its size."""
    width, height = image.size
    if 4 * width * height <= ENLARGED_PIXELS:
        return [image]
    across, down = int(width * 0.6), int(height * 0.6)
    return [
        image.crop((left, top, left + across, top + down)) for top in (0, height - down) for left in (0, width - across)
    ]


def _texts(image: Image.Image, binarizer: zxingcpp.Binarizer) -> list[str]:
    found = zxingcpp.read_barcodes(image, formats=_KINDS, text_mode=zxingcpp.TextMode.Plain, binarizer=binarizer)
    return [barcode.text for barcode in _in_reading_order(found)]


def _in_reading_order(found: list[Any]) -> list[Any]:
    """Sort barcodes by line, then from left to right; one that begins above another's middle is on its line."""

    def spans(barcode: Any) -> tuple[int, int, int]:
        place = barcode.position
        corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
        ys = [corner.y for corner in corners]
        return min(ys), max(ys), min(corner.x for corner in corners)

    rest = sorted(((spans(barcode), barcode) for barcode in found), key=lambda pair: pair[0])
    ordered: list[Any] = []
    while rest:
        top, bottom, _ = rest[0][0]
        line = [pair for pair in rest if pair[0][0] <= (top + bottom) / 2]
        rest = rest[len(line) :]
        ordered += [barcode for _, barcode in sorted(line, key=lambda pair: pair[0][2])]
    return ordered
