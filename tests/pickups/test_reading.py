from datetime import date

import pytest

from bot.pickups.form import choices, corrections, reading, reading_people, reading_places, services


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0912345678", "0912345678"),
        ("gọi 0912.345.678 nha", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("84 333 444 555", "0333444555"),
        ("091234567", None),
        ("09123456789", None),
        ("068199001234", None),
        ("0212345678", None),
        ("H36.12-240510-0001", None),
        ("", None),
    ],
)
def test_phone(text: str, phone: str | None) -> None:
    assert reading.phone(text) == phone


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        ("ngày 25/11", date(2026, 11, 25)),
        ("25-11-2026 nha", date(2026, 11, 25)),
        ("5 tháng 12", date(2026, 12, 5)),
        ("5/1", date(2027, 1, 5)),
        ("mai", date(2026, 11, 23)),
        ("ngay mot", date(2026, 11, 24)),
        ("hôm nay luôn", date(2026, 11, 22)),
        ("thứ sáu", date(2026, 11, 27)),
        ("t5", date(2026, 11, 26)),
        ("thứ 3 tuần sau", date(2026, 11, 24)),
        ("chủ nhật", date(2026, 11, 29)),
        ("31/2", None),
        ("12/3/4 Lê Lợi", None),
        ("hẻm 45", None),
        ("sáng", None),
        ("hôm 12/11 nộp, giao ngày 26/11", date(2026, 11, 26)),
        ("nộp hôm 12/11", date(2026, 11, 12)),
        ("ngày rằm", None),
        ("tuần sau", None),
    ],
)
def test_day_said_on_sunday_22_november(text: str, day: date | None) -> None:
    assert reading.day(text) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ngày rằm", "Dạ, mình dùng ngày dương lịch giúp em nha, ví dụ 25/11."),
        ("20 âm", "Dạ, mình dùng ngày dương lịch giúp em nha, ví dụ 25/11."),
        ("tuần sau", "Dạ, anh/chị chọn giúp em một ngày cụ thể nha, ví dụ 25/11."),
        ("thứ 6 tuần sau", None),
        ("12 Hùng Vương", None),
    ],
)
def test_a_lunar_or_vague_day_is_asked_back(text: str, said: str | None) -> None:
    assert reading.unsure_day(text) == said


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("morning", "morning"),
        ("afternoon", "afternoon"),
        ("buổi sáng", "morning"),
        ("chieu nghen", "afternoon"),
        ("đổi sang buổi chiều", "afternoon"),
        ("doi sang chieu", "afternoon"),
        ("dời sang thứ 5", None),
        ("9h", "morning"),
        ("khoảng 15 giờ", "afternoon"),
        ("2h", "afternoon"),
        ("sau 17h", None),
        ("chiều, không phải sáng", None),
        ("sáng hay chiều cũng được", None),
        ("tối", None),
    ],
)
def test_window(text: str, window: str | None) -> None:
    assert reading.window(text) == window


@pytest.mark.parametrize(
    ("text", "payment"),
    [
        ("trả khi nhận", "on_receipt"),
        ("tien mat cho buu ta", "on_receipt"),
        ("chuyển khoản trước", "before"),
        ("tra truoc luon", "before"),
        ("sao cũng được", None),
    ],
)
def test_payment(text: str, payment: str | None) -> None:
    assert choices.payment(text) == payment


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("giao kết quả về nhà", "deliver"),
        ("lay ho so di nop", "collect"),
        ("cả hai", "both"),
        ("lấy kết quả giao về nhà", "deliver"),
        ("đặt bưu tá", None),
    ],
)
def test_service(text: str, service: str | None) -> None:
    assert services.service(text) == service


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("à nhầm, số nhà 45", "số nhà 45"),
        ("nhầm rồi", ""),
        ("doi sang buoi chieu", "buoi chieu"),
        ("dạ sửa lại giúp em: 0912345678", "0912345678"),
        ("đồi chè Tâm Châu", None),
        ("đổi chè lấy cà phê", "chè lấy cà phê"),
        ("12 Hùng Vương", None),
    ],
)
def test_correction(text: str, rest: str | None) -> None:
    assert corrections.correction(text) == rest


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Lê Thị Ngọc Bích", "Lê Thị Ngọc Bích"),
        ("tôi tên là trần văn thưởng ạ", "Trần Văn Thưởng"),
        ("người nhận: Ka Thị Nhòi", "Ka Thị Nhòi"),
        ("ten toi la k'brèo", "K'Brèo"),
        ("em là Phạm Ngọc Ánh nha", "Phạm Ngọc Ánh"),
        ("H'Lan Niê", "H'Lan Niê"),
        ("Trần Thị Mai", "Trần Thị Mai"),
        ("mai", None),
        ("không phải", None),
        ("sáng mai nha", None),
        ("phường Lâm Viên", None),
        ("12 Hùng Vương", None),
        ("lệ phí bao nhiêu", None),
        ("Tên gì vậy?", None),
    ],
)
def test_name(text: str, name: str | None) -> None:
    assert reading_people.name(text) == name


@pytest.mark.parametrize(
    ("text", "asked", "address"),
    [
        ("45/2 Lê Lợi", False, "45/2 Lê Lợi"),
        ("thôn 3\ngần chợ", False, "thôn 3, gần chợ"),
        ("buôn Đạ Xế", False, "buôn Đạ Xế"),
        ("kế chùa Linh Sơn", True, "kế chùa Linh Sơn"),
        ("nhà bà Tám Lụa", False, None),
        ("ừ", True, None),
        ("đường nào cũng được hả?", True, None),
        ("nhà ở đâu cũng giao hả", True, None),
    ],
)
def test_address(text: str, asked: bool, address: str | None) -> None:
    assert reading_places.address(text, asked=asked) == address


@pytest.mark.parametrize(
    ("old", "new", "mended"),
    [
        ("12 Hùng Vương", "số nhà 45", "45 Hùng Vương"),
        ("số 12/3 Hùng Vương", "45/7a", "số 45/7a Hùng Vương"),
        ("thôn 3", "số nhà 45", "số nhà 45"),
        ("12 Hùng Vương", "45 Trần Phú", "45 Trần Phú"),
    ],
)
def test_mended_address(old: str, new: str, mended: str) -> None:
    assert reading_places.mended_address(old, new) == mended


@pytest.mark.parametrize(
    ("text", "size", "index"),
    [
        ("1", 3, 0),
        ("3", 3, 2),
        ("4", 3, None),
        ("0", 3, None),
        ("last", 3, 2),
        ("last", 0, None),
        ("²", 3, None),
    ],
)
def test_ordinal(text: str, size: int, index: int | None) -> None:
    assert reading.ordinal(text, size) == index


@pytest.mark.parametrize("text", ["tự nhận", "tu nhan", "tôi nhận luôn", "tui tự ra", "khỏi nhờ ai", "ko nhờ"])
def test_nobody_stands_in(text: str) -> None:
    assert choices.alone(text)


@pytest.mark.parametrize("text", ["nhờ vợ tôi", "nhận tiền mặt", "chị Hoa nhận giùm"])
def test_somebody_stands_in(text: str) -> None:
    assert not choices.alone(text)
