"""The ten states of a dossier (closed list): official label, plain title and meaning, next step, clock."""

from __future__ import annotations

from enum import Enum, IntEnum

import msgspec


class Status(IntEnum):
    """A dossier's state as the one-stop systems number it."""

    REGISTERED = 1
    RECEIVED = 2
    REFUSED = 3
    IN_PROGRESS = 4
    SUPPLEMENT = 5
    PAYMENT = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10


class Clock(str, Enum):
    """What the handling time does in a state."""

    NOT_YET = "not_yet"
    RUNS = "runs"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


class StatusInfo(msgspec.Struct, frozen=True):
    """How a state is called and what it means for the citizen."""

    label: str  # the official one
    title: str  # the same as people say it, in the words of the five places on a dossier's way
    meaning: str  # goes on after "Dạ, hồ sơ … "
    next_step: str
    clock: Clock


STATUSES: dict[Status, StatusInfo] = {
    Status.REGISTERED: StatusInfo(
        "Mới đăng ký",
        "Mới gửi hồ sơ",
        "đã gửi tới nơi, đang chờ cán bộ kiểm tra",
        "Anh/chị chưa cần làm gì, thường cán bộ xem trong ngày hoặc ngày làm việc kế tiếp.",
        Clock.NOT_YET,
    ),
    Status.RECEIVED: StatusInfo(
        "Được tiếp nhận",
        "Được tiếp nhận",
        "đã được nhận đủ giấy tờ và có giấy hẹn",
        "Anh/chị giữ giấy hẹn, tới ngày thì nhận kết quả.",
        Clock.RUNS,
    ),
    Status.REFUSED: StatusInfo(
        "Không được tiếp nhận",
        "Không được tiếp nhận",
        "không được tiếp nhận",
        "Anh/chị xem lý do, sửa lại rồi nộp hồ sơ mới.",
        Clock.STOPPED,
    ),
    Status.IN_PROGRESS: StatusInfo(
        "Đang xử lý",
        "Đang giải quyết",
        "đang được giải quyết",
        "Anh/chị chưa cần làm gì thêm.",
        Clock.RUNS,
    ),
    Status.SUPPLEMENT: StatusInfo(
        "Yêu cầu bổ sung giấy tờ",
        "Chờ bổ sung giấy tờ",
        "đang chờ anh/chị bổ sung giấy tờ",
        "Anh/chị bổ sung một lần cho đủ; trong lúc chờ, thời gian giải quyết tạm dừng.",
        Clock.PAUSED,
    ),
    Status.PAYMENT: StatusInfo(
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Chờ nộp thuế, phí",
        "đang chờ anh/chị nộp thuế, phí",
        "Anh/chị nộp tiền rồi giữ biên lai; trong lúc chờ, thời gian giải quyết tạm dừng.",
        Clock.PAUSED,
    ),
    Status.WITHDRAWN: StatusInfo(
        "Công dân yêu cầu rút hồ sơ",
        "Xin rút hồ sơ",
        "đã được ghi nhận là anh/chị xin rút",
        "Anh/chị mang giấy hẹn tới nơi đã nộp để nhận lại giấy tờ.",
        Clock.STOPPED,
    ),
    Status.STOPPED: StatusInfo(
        "Dừng xử lý",
        "Đã dừng xử lý",
        "đã dừng xử lý",
        "Anh/chị xem lý do trong thông báo; chưa rõ thì gặp nhân viên để được giải thích.",
        Clock.STOPPED,
    ),
    Status.DONE: StatusInfo(
        "Đã xử lý xong",
        "Đã có kết quả",
        "đã có kết quả, đang chờ trả",
        "Anh/chị mang giấy hẹn và giấy tờ tùy thân tới nơi hẹn để nhận kết quả.",
        Clock.ENDED,
    ),
    Status.RETURNED: StatusInfo(
        "Đã trả kết quả",
        "Đã trả kết quả",
        "đã trả kết quả",
        "Anh/chị dành chút thời gian góp ý giúp bên em phục vụ tốt hơn nhé.",
        Clock.ENDED,
    ),
}


def info(status: int) -> StatusInfo:
    """Return what is known about a state; raises ValueError for a number that is none."""
    return STATUSES[Status(status)]
