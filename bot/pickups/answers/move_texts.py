"""The words of each state of a booking, for a delivery, a collection, and both in one trip.

From QĐ 45/2016/QĐ-TTg and TT 17/2017/TT-BTTTT: what is shown and signed at the door, two visits in vain at least, two
working days apart, extra trips at the cost of the side at fault, and when a dossier counts as filed.
"""

from __future__ import annotations

# Where a booking stands, in half a sentence; what differs by service stands below.
STATE_NAMES = {
    "requested": "đã ghi nhận, chờ bưu điện xác nhận",
    "confirmed": "bưu điện đã xác nhận",
    "assigned": "đã giao cho bưu tá",
    "picked_up": "bưu tá đã lấy giấy tờ",
    "out_for_delivery": "bưu tá đang đi giao",
    "delivered": "đã giao xong",
    "failed_1": "bưu tá đến mà chưa gặp được người, bưu điện sẽ hẹn lại",
    "failed_2": "bưu tá đến hai lần chưa gặp được người",
    "returned": "kết quả đã chuyển về lại cơ quan giải quyết",
    "cancelled": "đã hủy",
    "rejected": "bưu điện không nhận lịch này",
}
OWN_NAMES = {
    "deliver": {"picked_up": "bưu tá đã lấy kết quả ở cơ quan"},
    "collect": {
        "picked_up": "bưu tá đã lấy hồ sơ, đang mang đi nộp",
        "delivered": "hồ sơ đã nộp tới cơ quan",
        "returned": "đã khép lại, bưu tá đến hai lần chưa gặp được người",
    },
}
DOES = {"deliver": "giao kết quả", "collect": "lấy hồ sơ", "both": "giao kết quả và lấy hồ sơ"}
READY = {
    "deliver": "Mình để sẵn căn cước hoặc hộ chiếu; ai nhận thay thì đem thêm giấy ủy quyền nha.",
    "collect": "Mình để sẵn giấy tờ cần nộp, căn cước hoặc hộ chiếu; ai giao thay thì thêm giấy ủy quyền nha.",
}
_FILED = "Hồ sơ tính là đã nộp từ ngày bưu điện và cơ quan cùng ký biên bản giao nhận"
_TRIP = "Tiền chuyến đi thêm, bên nào làm lỡ thì bên đó trả."
_TO_AGENCY = f"Khi kết quả về tới nơi, mình đến đó nhận hoặc đặt giao lần nữa. {_TRIP}"

# What is said of a state: the news first, then what to have ready, then what comes next. "": of every service.
TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    "requested": {"": ("lịch {booking} đã ghi nhận: {visit}.", "Bưu điện còn phải xác nhận lịch này.")},
    "confirmed": {
        "": (
            "bưu điện đã xác nhận lịch {booking}: {visit}.",
            "{ready}",
            "Bận thì anh/chị bấm “Đổi lịch” giúp em, trước khi lịch giao cho bưu tá.",
        )
    },
    "assigned": {
        "": (
            "lịch {booking} đã giao cho bưu tá: {visit}.",
            "{ready}",
            "Từ giờ em không đổi, hủy được nữa; có gì gấp anh/chị bấm “Gặp nhân viên” ạ.",
        )
    },
    "picked_up": {
        "deliver": ("bưu tá đã lấy kết quả của lịch {booking} ở cơ quan để mang đến cho mình.", "{ready}"),
        "collect": (
            "bưu tá đã lấy hồ sơ theo lịch {booking}, đang mang đi nộp.",
            f"Anh/chị giữ phiếu gửi giúp em. {_FILED}, chưa phải lúc bưu tá lấy.",
        ),
        "both": ("bưu tá đã lấy giấy tờ của lịch {booking}.", f"Anh/chị giữ phiếu gửi. {_FILED}."),
    },
    "out_for_delivery": {
        "": (
            "bưu tá đang trên đường đến {does} theo lịch {booking}.",
            "{ready}",
            "Anh/chị để ý điện thoại giúp em. Khi gặp, mình đếm giấy tờ với bưu tá rồi hai bên cùng ký.",
        )
    },
    "delivered": {
        "deliver": (
            "kết quả của lịch {booking} đã giao xong.",
            "Anh/chị coi lại giấy tờ giúp em. Có gì thiếu, hư hay chưa nhận được thì bấm “Báo giao trục trặc”;"
            " mình được khiếu nại trong 6 tháng.",
        ),
        "collect": (
            "hồ sơ lấy theo lịch {booking} đã nộp tới cơ quan.",
            f"{_FILED}, không phải ngày bưu tá lấy.",
            "Anh/chị giữ phiếu gửi để đối chiếu nha.",
        ),
        "both": (
            "lịch {booking} đã xong: kết quả đã giao, hồ sơ đã nhận đi nộp.",
            f"{_FILED}.",
            "Có gì thiếu, hư hay chưa nhận được, anh/chị bấm “Báo giao trục trặc” trong 6 tháng nha.",
        ),
    },
    "failed_1": {
        "": (
            "bưu tá đến {does} theo lịch {booking} mà chưa gặp được mình.",
            "{again} {ready}",
            f"{_TRIP} Nếu mình chờ mà không thấy ai đến, anh/chị bấm “Báo giao trục trặc”.",
        )
    },
    "failed_2": {
        "deliver": (
            "bưu tá đến hai lần theo lịch {booking} đều chưa gặp được mình, nên kết quả về lại cơ quan giải quyết.",
            _TO_AGENCY,
        ),
        "collect": (
            "bưu tá đến hai lần theo lịch {booking} đều chưa gặp được mình, nên lịch này khép lại.",
            "Anh/chị đến quầy nộp hồ sơ, hoặc đặt lịch khác. " + _TRIP,
        ),
        "both": (
            "bưu tá đến hai lần theo lịch {booking} đều chưa gặp được mình, nên kết quả về lại cơ quan giải quyết.",
            _TO_AGENCY,
            "Hồ sơ cần nộp, anh/chị đến quầy hoặc đặt lịch khác.",
        ),
    },
    "returned": {
        "deliver": (
            "kết quả của lịch {booking} đã về lại cơ quan giải quyết.",
            "Anh/chị đem căn cước hoặc hộ chiếu đến đó nhận, hoặc bấm “Đặt lại” để giao lần nữa.",
            _TRIP,
        ),
        "collect": (
            "lịch {booking} đã khép lại sau hai lần bưu tá chưa gặp được mình.",
            "Anh/chị đến quầy nộp hồ sơ, hoặc bấm “Đặt lại”.",
        ),
        "both": (
            "kết quả của lịch {booking} đã về lại cơ quan giải quyết, lịch đã khép lại.",
            "Anh/chị đem căn cước hoặc hộ chiếu đến đó nhận, hoặc bấm “Đặt lại”.",
            _TRIP,
        ),
    },
    "cancelled": {
        "": (
            "lịch {booking} đã hủy, bưu tá không đến {does} nữa.",
            "Nếu mình không nhờ hủy, anh/chị bấm “Gặp nhân viên” để hỏi lại giúp em; cần thì bấm “Đặt lại”.",
        )
    },
    "rejected": {
        "": (
            "em xin lỗi, bưu điện không nhận lịch {booking} nên bưu tá không đến {does}.",
            "Anh/chị bấm “Đặt lại” chọn ngày khác, đến quầy, hoặc gặp nhân viên để hỏi lý do ạ.",
        )
    },
}
