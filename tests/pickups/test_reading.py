from datetime import date

import pytest

from bot.pickups.form import choices, corrections, reading, reading_people, reading_places, services, talk


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
        ("thôn 3", "số nhà 45", "số nhà 45, thôn 3"),
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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dạ em tên Đinh Thị Trúc Xinh ạ", "Đinh Thị Trúc Xinh"),
        ("trên căn cước em ghi là Cao Xuân Lam", "Cao Xuân Lam"),
        ("chồng tôi là Lường Văn Pha giao thay", "Lường Văn Pha"),
        ("nho chi gai, ka thi brong", "Ka Thi Brong"),
        ("k'brừm sơ tuệ", "K'Brừm Sơ Tuệ"),
        ("lơ mu ha phin", "Lơ Mu Ha Phin"),
        ("m tên lã thùy chi nha", "Lã Thùy Chi"),
        ("le thi hong nhan", "Le Thi Hong Nhan"),
        ("bữa đó tôi xuống Sài Gòn, con gái tôi Mai Thị Đào đưa giùm", "Mai Thị Đào"),
        ("12 Huỳnh Thúc Kháng", None),
        ("con trai tui nhận giùm", None),
        ("tự tay tui đưa", None),
        ("nhờ bà hàng xóm", None),
        ("đợi xíu", None),
    ],
)
def test_a_name_is_read_whole_and_never_out_of_kin_or_streets(text: str, name: str | None) -> None:
    assert reading_people.name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("e ten le thi mong cam sdt 0900111222, dc 5 hung vuong", "Le Thi Mong Cam"),
        ("tôi là giáo viên, bận đứng lớp", None),
        ("thôn 2, nhà ông Sáu Cà Phê", None),
    ],
)
def test_in_a_long_message_a_name_must_be_announced(text: str, name: str | None) -> None:
    assert reading_people.said_name(text) == name


@pytest.mark.parametrize(
    ("text", "payment"),
    [
        ("nhận xong mẹ em trả", "on_receipt"),
        ("chừng nào ghé thì tui đưa", "on_receipt"),
        ("không trả trước, tới nơi mới trả", "on_receipt"),
        ("trả tại nhà", "on_receipt"),
        ("ck luôn", "before"),
        ("trả trước nha, khỏi cầm tiền mặt", "before"),
        ("nhà trước chợ", None),
    ],
)
def test_payment_by_when_it_is_made(text: str, payment: str | None) -> None:
    assert choices.payment(text) == payment


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("bưu tá ghé quán nhận giấy tờ giùm", "collect"),
        ("lười ra lấy quá, đem thẻ về nhà giúp", "deliver"),
        ("cho tui nhận giấy tờ tại nhà", "deliver"),
        ("đưa sổ tới rồi lấy luôn hồ sơ khai sinh đi nộp", "both"),
        ("vừa lấy hồ sơ vừa giao kết quả", "both"),
        ("đặt lịch hẹn với bưu tá", None),
    ],
)
def test_what_the_postman_should_do(text: str, service: str | None) -> None:
    assert services.service(text) == service


@pytest.mark.parametrize(
    "text",
    ["cước tính sao", "nhà vắng thì sao", "trả bằng cách nào", "đem theo giấy gì", "có xa không em", "mất mấy ngày"],
)
def test_questions_without_their_mark(text: str) -> None:
    assert talk.is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        *("khi nào họ tới thì trả", "hôm nào cũng được", "không có ai", "phường La Gi", "làm giấy khai sinh", "K'Hà"),
        *("không, có ai đâu", "chưa có mã", "em tên Hà Thị Sao"),
    ],
)
def test_what_only_sounds_like_a_question(text: str) -> None:
    assert not talk.is_question(text)


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("chiu", "afternoon"),
        ("buoisang", "morning"),
        ("trước 11 giờ trưa", "morning"),
        ("chiều tôi mới về", "afternoon"),
        ("tối", None),
    ],
)
def test_a_half_day_as_an_answer(text: str, half: str | None) -> None:
    assert reading.window_answer(text) == half


@pytest.mark.parametrize(
    ("text", "day"),
    [("26", date(2026, 11, 26)), ("28 nha em", date(2026, 11, 28)), ("hom thu 5", date(2026, 11, 26)), ("2", None)],
)
def test_a_day_as_an_answer(text: str, day: date | None) -> None:
    assert reading.day_answer(text) == day


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("21 Lê Lợi chứ không phải 12", "21 Lê Lợi"),
        ("không phải khai tử mà là khai sinh", "mà là khai sinh"),
        ("xã Gia Hiệp, ko phai xa di linh", "xã Gia Hiệp"),
    ],
)
def test_what_is_denied_does_not_count(text: str, without: str) -> None:
    assert corrections.without_denied(text) == without
