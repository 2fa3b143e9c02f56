"""A photo of an identity card that was sent as a slip: known by its QR code, and nothing of it is kept."""

from __future__ import annotations

import io

import pytest
import segno
from PIL import Image

from bot.dossiers import slip_photo
from bot.dossiers.slip_photo import Problem, SlipReading, read

CARD = "068090012345|250123456|Nguyễn Văn Thử|01011990|Nam|12 Hùng Vương, Di Linh, Lâm Đồng|01012022"
CODE = "H36.12-261118-0033"
REFUSED = SlipReading(problem=Problem.IDENTITY_DOCUMENT)


def qr(content: str) -> Image.Image:
    buffer = io.BytesIO()
    segno.make_qr(content, encoding="utf-8").save(buffer, kind="png", scale=4, border=4)
    return Image.open(buffer).convert("L")


def photo(*images: Image.Image, kind: str = "PNG") -> bytes:
    page = Image.new("L", (sum(image.width for image in images) + 80, max(image.height for image in images) + 80), 235)
    left = 40
    for image in images:
        page.paste(image, (left, 40))
        left += image.width
    buffer = io.BytesIO()
    page.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_card_is_refused(kind: str) -> None:
    assert read(photo(qr(CARD), kind=kind)) == REFUSED


@pytest.mark.parametrize(
    "content",
    ["068090012345||Nguyễn Văn Thử|01011990|Nữ|Đà Lạt|01012022", "068090012345 | Trần Thị Thử", "x|068090012345"],
)
def test_cards_of_other_years_are_refused(content: str) -> None:
    assert read(photo(qr(content))) == REFUSED


def test_a_slip_beside_the_card_is_not_read() -> None:
    assert read(photo(qr(CARD), qr(CODE))) == REFUSED


def test_nothing_of_the_card_is_in_the_message() -> None:
    assert read(photo(qr(CARD))).text == slip_photo.IDENTITY_DOCUMENT


@pytest.mark.parametrize("content", [CODE, f"{CODE}|2026-11-18|Nguyễn Văn Thử", f"https://a.vn/?ma={CODE}|1"])
def test_a_slip_is_no_card(content: str) -> None:
    assert read(photo(qr(content))).codes == (CODE,)
