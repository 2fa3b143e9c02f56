"""The code on a photographed slip: however it was held, packed or sent, and whatever else came as a picture."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from urllib.parse import quote

import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from bot import clock
from bot.dossiers import slip_image, slip_photo
from bot.dossiers.codes import LookAlike
from bot.dossiers.slip_photo import Problem, SlipReading, problem_answer, read, shared

CODE, OTHER = "H36.12-261118-0033", "H36.25-261023-0310"
LINK = f"https://dichvucong.lamdong.gov.vn/tra-cuu?ma={CODE}&nguon=giay-hen"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        yield


def qr(text: str, scale: int = 4) -> Image.Image:
    buffer = io.BytesIO()
    segno.make_qr(text).save(buffer, kind="png", scale=scale, border=4)
    return Image.open(buffer).convert("L")


def bars(text: str, scale: int = 2, kind: str = "Code128") -> Image.Image:
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat[kind])
    return Image.fromarray(np.array(drawn.to_image(scale=scale)))


def sheet(*placed: tuple[Image.Image, tuple[int, int]], size: tuple[int, int] = (900, 1200)) -> Image.Image:
    """A printed page: lines like words, and the codes at their places."""
    page = Image.new("L", size, 238)
    draw = ImageDraw.Draw(page)
    for y in range(60, size[1] - 40, 34):
        for x in range(40, size[0] - 120, 90):
            draw.rectangle((x, y, x + 30 + (x * y) % 45, y + 9), fill=70)
    for image, place in placed:
        page.paste(image, place)
    return page


def packed(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_header(width: int, height: int) -> bytes:
    return PNG + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


# --- what is read ---


@pytest.mark.parametrize(
    "content",
    [
        CODE,
        f" {CODE.lower()} ",
        LINK,
        f"https://example.org/?maHoSo={CODE.replace('-', '%2D').replace('.', '%2E')}",
        f"https://example.org/?to={quote(quote(LINK, safe=''), safe='')}",
        f"12345|{CODE}|Nguyễn Thị Mây Hồng|Đăng ký khai sinh|04/12/2026",
        f"{CODE};1.001193;0900001234",
        f'{{"maHoSo": "{CODE}", "ngayHenTra": "2026-12-04"}}',
        f"Mã hồ sơ: {CODE}\nNgày hẹn trả: 04/12/2026",
    ],
)
def test_a_qr_code_holds_the_code_in_many_ways(content: str) -> None:
    assert read(packed(qr(content), "PNG")) == SlipReading(codes=(CODE,))


@pytest.mark.parametrize("kind", ["Code128", "Code39", "DataMatrix", "PDF417"])
def test_other_barcodes_are_read(kind: str) -> None:
    assert read(packed(sheet((bars(CODE, 2, kind), (60, 100))))).codes == (CODE,)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("angle", [0, 90, 180, 270, 12, 45])
def test_a_slip_is_read_in_every_position(kind: str, angle: int) -> None:
    photo = sheet((qr(LINK, 3), (600, 80))).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=120)
    assert read(packed(photo, kind)).codes == (CODE,)


@pytest.mark.parametrize("angle", [7, 90, 45])
def test_a_barcode_may_lie_askew(angle: int) -> None:
    photo = sheet((bars(CODE, 3), (100, 120))).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=120)
    assert read(packed(photo)).codes == (CODE,)


def test_a_small_code_on_a_large_page_is_read() -> None:
    photo = sheet((qr(LINK, 3), (1900, 150)), size=(2100, 2900))
    assert read(packed(photo.filter(ImageFilter.GaussianBlur(1)), quality=60)).codes == (CODE,)


def test_a_code_too_small_for_the_first_look_is_found_enlarged() -> None:
    small = qr(LINK, 12).resize((60, 60), Image.Resampling.LANCZOS).rotate(20, Image.Resampling.BICUBIC, fillcolor=255)
    photo = sheet((small, (700, 100)))
    assert not next(slip_image.looks(photo)), "otherwise this test shows nothing"
    assert read(packed(photo, quality=92)).codes == (CODE,)


def test_a_dark_photo_of_little_contrast_is_read() -> None:
    photo = sheet((qr(CODE, 4), (500, 200))).point(lambda grey: 40 + grey // 14)
    assert read(packed(photo, "PNG")).codes == (CODE,)


def test_blur_and_strong_compression_are_borne() -> None:
    photo = sheet((qr(CODE, 5), (500, 200))).filter(ImageFilter.GaussianBlur(1.6))
    assert read(packed(photo, quality=25)).codes == (CODE,)


def test_a_large_photo_is_unpacked_coarser() -> None:
    photo = sheet((qr(LINK, 12), (3000, 300)), size=(4400, 6000)).convert("RGB")
    image = packed(photo, quality=50)
    assert slip_image.unpack(image).width * slip_image.unpack(image).height <= slip_image.READ_PIXELS
    assert read(image).codes == (CODE,)


def test_a_transparent_screenshot_is_read_on_white() -> None:
    code = qr(CODE)
    picture = Image.new("RGBA", code.size, (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), mask=code.point(lambda grey: 255 - grey))
    assert read(packed(picture, "PNG")).codes == (CODE,)


def test_a_scan_with_16_bits_a_pixel_is_read() -> None:
    deep = np.asarray(qr(CODE)).astype(np.uint16) * 180 + 9_000
    assert read(packed(Image.fromarray(deep), "PNG")).codes == (CODE,)


def test_codes_come_in_reading_order_each_once() -> None:
    other, code, again = qr(OTHER), qr(CODE), bars(CODE)
    assert read(packed(sheet((other, (600, 100)), (code, (100, 112)), (again, (60, 600))))).codes == (CODE, OTHER)


def test_the_camera_says_which_way_is_up() -> None:
    photo = sheet((qr(CODE), (100, 100)), (qr(OTHER), (100, 700)))
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: the sensor's picture is to be turned to the right
    assert read(packed(photo.transpose(Image.Transpose.ROTATE_90), exif=exif)).codes == (CODE, OTHER)


def test_a_postal_label_beside_the_code_does_not_matter() -> None:
    photo = sheet((bars("EB125966888VN"), (60, 60)), (qr(LINK), (500, 500)))
    assert read(packed(photo)).codes == (CODE,)


# --- what is not ---


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"xin chao",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.7\n%%EOF",
        PNG,
        b"\xff\xd8\xff",
        b"RIFF\x20\x00\x00\x00WEBPVP8 ",
        packed(qr(CODE), "GIF", save_all=True, append_images=[qr(OTHER)]),
        packed(qr(CODE), "BMP"),
        packed(qr(CODE), "TIFF"),
        packed(qr(CODE), "PNG")[:200],
        packed(qr(CODE), "WEBP")[:200],
    ],
)
def test_what_is_no_picture_says_so(image: bytes) -> None:
    assert read(image) == SlipReading(problem=Problem.NO_IMAGE)


def test_of_a_jpeg_cut_off_the_part_that_came_is_read() -> None:
    image = packed(sheet((qr(CODE, 5), (100, 60))))
    assert read(image[: len(image) // 2]).codes == (CODE,)
    assert read(image[:700]).problem in (Problem.NO_IMAGE, Problem.NO_CODE)


def webp_header(kind: bytes, width: int, height: int) -> bytes:
    w, h = width - 1, height - 1
    body = {
        b"VP8X": bytes(4) + w.to_bytes(3, "little") + h.to_bytes(3, "little"),
        b"VP8L": b"\x2f" + (w | h << 14).to_bytes(4, "little"),
        b"VP8 ": b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height),
    }[kind]
    chunk = kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@pytest.mark.parametrize(
    "image",
    [
        png_header(10_000, 5_000) + png_chunk(b"IDAT", zlib.compress(bytes(1000))),
        png_header(60_000, 60_000) + png_chunk(b"IDAT", b""),
        # a real one: 49 million white pixels in 50 KB
        png_header(7_000, 7_000) + png_chunk(b"IDAT", zlib.compress(bytes(7_001) * 7_000)) + png_chunk(b"IEND", b""),
        *(webp_header(kind, 16_000, 16_000) for kind in (b"VP8X", b"VP8L", b"VP8 ")),
        bytes(slip_photo.LARGEST_BYTES + 1),
    ],
    ids=["header", "bomb", "real bomb", "webp x", "webp lossless", "webp", "bytes"],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_costs_no_memory(image: bytes) -> None:
    tracemalloc.start()
    before = resident_kib()
    try:
        assert read(image) == SlipReading(problem=Problem.TOO_LARGE)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert resident_kib() - before < 8_000


def resident_kib() -> int:
    """The most memory this process ever had, in KiB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_a_webp_within_the_limits_is_measured_rightly() -> None:
    for options in ({"lossless": True}, {"lossless": False}, {"lossless": True, "exif": b"Exif\x00\x00"}):
        image = packed(Image.new("RGB", (321, 123)), "WEBP", **options)
        assert slip_image._webp_pixels(image) == 321 * 123


def test_a_jpeg_of_endless_scans_is_not_unpacked() -> None:
    image = packed(qr(CODE), progressive=True)
    at = image.index(b"\xff\xda")
    assert read(image).codes == (CODE,)
    assert read(image[:at] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 500 + image[at:]).problem is Problem.NO_IMAGE


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("EB125966888VN", LookAlike.POSTAL),
        ("G22.99.3-241219795252", LookAlike.PAYMENT),
        ("1.012796.H36", LookAlike.PROCEDURE),
        ("MC-1234566", LookAlike.BOOKING),
        ("068099012345", LookAlike.IDENTITY),
        ("https://vnpost.vn/", None),
        ("0912345678", None),
    ],
)
def test_another_code_is_named(content: str, seen: LookAlike | None) -> None:
    reading = read(packed(qr(content), "PNG"))
    assert reading == SlipReading(problem=Problem.OTHER_CODE, seen=seen)
    assert shared(reading.text) == slip_photo.SharedSlip(None, reading.text.removeprefix("slip:"))


@pytest.mark.parametrize("content", ["H36.12-241332-0001", "H36.12-270101-0001", "H36.12-2611"])
def test_a_code_that_cannot_be_was_misread(content: str) -> None:
    assert read(packed(qr(content), "PNG")) == SlipReading(problem=Problem.NO_CODE)


def test_a_picture_without_a_code() -> None:
    assert read(packed(sheet())) == SlipReading(problem=Problem.NO_CODE)
    assert read(packed(Image.new("L", (1, 1)), "PNG")) == SlipReading(problem=Problem.NO_CODE)
    assert read(packed(Image.new("L", (30_000, 1)), "PNG")) == SlipReading(problem=Problem.NO_CODE)
    assert read(packed(Image.new("L", (1, 33_000)), "PNG")) == SlipReading(problem=Problem.TOO_LARGE)


STARTS = (b"", PNG, png_header(40, 40), b"\xff\xd8\xff\xe0", webp_header(b"VP8X", 40, 40), packed(qr(CODE))[:400])


@settings(max_examples=60, deadline=None)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=600))
def test_no_bytes_make_it_raise(start: bytes, rest: bytes) -> None:
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        assert read(start + rest).problem is not None


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]), at=st.integers(0, 3_000), change=st.binary(min_size=1, max_size=9)
)
def test_no_damage_makes_it_raise(kind: str, at: int, change: bytes) -> None:
    image = packed(qr(CODE, 2), kind)
    at %= len(image)
    with clock.frozen("2026-11-23T09:00:00+07:00"):
        read(image[:at] + change + image[at + len(change) :])


# --- the message that a photo becomes ---


def test_the_code_comes_back_out_of_the_message() -> None:
    assert shared(SlipReading(codes=(CODE, OTHER)).text) == slip_photo.SharedSlip(CODE, None)
    assert shared("slip:h36.12 – 261118 – 0033") == slip_photo.SharedSlip(CODE, None), "typed by hand"


@pytest.mark.parametrize("text", ["slip:", "slip:xin chào", "slip:other_code:zzz", "xin slip:no_code", f"{CODE}", ""])
def test_other_texts_are_no_photo(text: str) -> None:
    assert shared(text) is None


@pytest.mark.parametrize("problem", [*sorted(slip_photo._PROBLEMS), "anything else"])
def test_every_problem_has_kind_words(problem: str) -> None:
    message = problem_answer(problem)
    assert message.custom() == {"kind": "dossier_question", "slot": "code", "asks_photo": True}
    assert message.text.startswith("Dạ, ") and slip_photo.SAMPLE in message.text
    assert len(message.text) < 450
    assert [button.meaning for button in message.buttons] == ["/ask_dossier_code", "/talk_to_human"]
