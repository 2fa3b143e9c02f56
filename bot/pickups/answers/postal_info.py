"""What people ask about the public postal service, answered from QĐ 45/2016/QĐ-TTg and TT 17/2017/TT-BTTTT.

Both were still listed as in force in 05/2026. The postage (TT 22/2017/TT-BTTTT) was not found, so no amount
is named. As of 2026-11-22. The rules count in old districts, so "within the province" is the safe promise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.messages import Message, button, lines, say
from bot.text import fold

_BASIS = "Theo QĐ 45/2016/QĐ-TTg và TT 17/2017/TT-BTTTT."


@dataclass(frozen=True)
class _Topic:
    name: str
    words: str  # a pattern over folded text
    text: str
    items: tuple[str, ...] = ()
    note: str = ""
    person: bool = False


# The first topic whose words are in the question answers it, so the narrow ones stand first.
_TOPICS = (
    _Topic(
        "postal_exemption",
        r"ho ngheo|mien (?:phi|cuoc|tien)|mien giam|giam cuoc|nguoi co cong|chinh sach",
        "Dạ, có quy định miễn, giảm cước cho một số người, nhưng em chưa có danh sách chắc chắn để trả lời."
        " Anh/chị hỏi khi bưu điện xác nhận lịch, hoặc gặp nhân viên ạ.",
        person=True,
    ),
    _Topic(
        "postal_loss",
        r"that lac|mat (?:giay|ho so)|lo mat|hu hong|lam hu|boi thuong|\bden nhu the nao|an toan|ban chinh",
        "Dạ, giấy tờ được niêm phong trước mặt mình, có phiếu gửi ghi từng loại giấy. Lỡ mất hay hư thì"
        " bên có lỗi chịu chi phí làm lại giấy và bồi thường theo quy định.",
        note="Anh/chị giữ phiếu gửi để đối chiếu nha.",
    ),
    _Topic(
        "postal_complaint",
        r"khieu nai|khieu kien|phan anh",
        "Dạ, mình được khiếu nại trong 6 tháng. Bưu điện trả lời trong 5 ngày làm việc với thư trong tỉnh,"
        " 7 ngày làm việc với thư ngoài tỉnh.",
        person=True,
    ),
    _Topic(
        "postal_attempts",
        r"(?:giao|den) lai|may lan|khong gap|k gap|khong co nguoi nhan|di vang|giu ket qua|co can o nha",
        "Dạ, nếu bưu tá đến mà không gặp, bưu điện mời nhận ít nhất hai lần, cách nhau 2 ngày làm việc."
        " Sau đó kết quả được trả về cơ quan giải quyết.",
    ),
    _Topic(
        "postal_identity",
        r"dua giay to gi|giay to gi cho buu ta|uy quyen|nhan thay|nguoi khac nhan|ai nhan|xem giay",
        "Dạ, người nhận đưa bưu tá xem căn cước hoặc hộ chiếu. Người nhận thay thì đem thêm giấy ủy quyền và"
        " căn cước của chính người đó.",
        note="Giấy ủy quyền có cần chứng thực không thì tùy thủ tục, anh/chị hỏi lại cán bộ giúp em.",
    ),
    _Topic(
        "postal_weekend",
        r"cuoi tuan|thu bay|thu 7|chu nhat|\bcn\b|buoi toi|ngay le|may gio den may gio|gio hanh chinh",
        "Dạ, em đặt được buổi sáng hoặc buổi chiều các ngày làm việc, thứ hai đến thứ sáu, trừ ngày lễ."
        " Cuối tuần và buổi tối em chưa có thông tin của từng bưu cục.",
    ),
    _Topic(
        "postal_outside",
        r"ngoai tinh|sai gon|ha noi|thanh pho ho chi minh|tp ?hcm|tinh khac",
        "Dạ, gửi ra ngoài tỉnh được, mất tối đa khoảng 4 ngày làm việc kể từ ngày bưu điện nhận. Nhưng em"
        " chỉ đặt lịch giúp được trong tỉnh Lâm Đồng, gửi ngoài tỉnh anh/chị gặp nhân viên nha.",
        person=True,
    ),
    _Topic(
        "postal_filed",
        r"tinh la da nop|tinh tu|nop tu luc|luc nao la nop",
        "Dạ, hồ sơ tính là đã nộp khi bưu điện giao cho cơ quan và hai bên ký biên bản, chưa phải lúc bưu tá lấy.",
    ),
    _Topic(
        "postal_payment",
        r"tra truoc|tra tien|tra cuoc|thu ho|chuyen khoan|hoa don|bien lai|luc nhan",
        "Dạ, tiền cước mình trả trước hoặc trả khi bưu tá đến. Lệ phí thủ tục cũng nộp qua bưu điện được."
        " Hai khoản ghi riêng và đều có biên lai.",
    ),
    _Topic(
        "postal_fee",
        r"cuoc|phi|gia|bao nhieu|nhieu tien|ton tien|mat tien|tinh tien",
        "Dạ, bưu điện báo cước khi xác nhận lịch; em chưa có bảng giá chính thức nên không dám nói số.",
        note="Tiền cước tách riêng với lệ phí của thủ tục, và thu tiền nào cũng có biên lai.",
    ),
    _Topic(
        "postal_island",
        r"phu quy|ra dao|\bdao\b|vung sau|trong ray|rung",
        "Dạ, Phú Quý và các nơi đi lại khó thì thời gian theo công bố của bưu điện, em không hẹn trước được.",
        person=True,
    ),
    _Topic(
        "postal_time",
        r"bao lau|may ngay|may bua|may hom|lau hon|khi nao|chung nao|thoi gian",
        "Dạ, trong tỉnh thì tối đa 2 ngày làm việc kể từ ngày bưu điện nhận thư là tới.",
        (
            "Gửi hồ sơ đi và nhận lại giấy hẹn: tối đa 4 ngày làm việc",
            "Ra ngoài tỉnh: tối đa khoảng 4 ngày làm việc",
            "Phú Quý và nơi đi lại khó: theo công bố của bưu điện",
        ),
        note="Thời gian này chưa kể ngày cơ quan giải quyết hồ sơ.",
    ),
    _Topic(
        "postal_which",
        r"thu tuc nao|ket hon|can cuoc|sinh trac|phai tu di|nop qua buu dien duoc|giay to nao|loai nao",
        "Dạ, phần nhiều hồ sơ gửi qua bưu điện được, trừ việc phải có mặt như lấy vân tay, phỏng vấn,"
        " ký trước cán bộ hay đăng ký kết hôn. Anh/chị nói tên thủ tục, em xem giúp.",
    ),
    _Topic(
        "postal_check",
        r"kiem giay|kiem tra giay|kiem ho so|dem giay",
        "Dạ, bưu tá đếm và đối chiếu giấy tờ theo danh mục, thiếu thì nhắc mình, rồi hai bên ký phiếu gửi.",
        note="Bưu tá không được đòi giấy ngoài danh mục.",
    ),
)
_OVERVIEW = _Topic(
    "postal_service",
    "",
    "Dạ, bưu điện có ba việc: đến nhà lấy hồ sơ đi nộp, giao kết quả về nhà, hoặc làm cả hai.",
    (
        "Trong tỉnh: tối đa 2 ngày làm việc kể từ ngày bưu điện nhận",
        "Cước: bưu điện báo khi xác nhận, có biên lai",
        "Khi nhận: đưa xem căn cước; nhận thay thì thêm giấy ủy quyền",
    ),
)


def postal_service(question: str) -> Message:
    """Return what is known about the service, as near to the question as we can."""
    folded = fold(question)
    topic = next((topic for topic in _TOPICS if re.search(rf"\b(?:{topic.words})\b", folded)), _OVERVIEW)
    source = f"{topic.note} {_BASIS}".strip()
    text = lines(topic.text, list(topic.items), source)
    choices = [button("Đặt giao kết quả", "book_delivery"), button("Đặt lấy hồ sơ", "book_collection")]
    if topic.person:
        choices = [button("Gặp nhân viên", "talk_to_human")]
    return say("info", text, *choices, topic=topic.name)


def postal_tracking(code: str) -> Message:
    """Say where the post's own tracking code is looked up: we are not connected to it."""
    text = (
        f"Dạ, {code} là mã vận đơn của bưu điện, em chưa tra được mã này. Anh/chị tra miễn phí trên trang của"
        " bưu điện Việt Nam, hoặc gặp nhân viên giúp em nha."
    )
    return say("info", text, button("Gặp nhân viên", "talk_to_human"), topic="postal_tracking")
