"""How topics and states of tickets are called, for the staff and in the figures."""

from __future__ import annotations

TOPIC_NAMES = {
    "talk_to_human": "Gặp nhân viên",
    "not_understood": "Trợ lý chưa hiểu",
    "dossier": "Hồ sơ",
    "dossier_withdraw": "Rút hồ sơ",
    "dossier_late": "Hồ sơ trễ hạn",
    "dossier_missing": "Hồ sơ thiếu giấy",
    "dossier_data": "Dữ liệu hồ sơ",
    "pickup": "Bưu tá đến nhà",
    "account": "Tài khoản",
    "payment": "Thanh toán",
    "delivery_problem": "Khiếu nại giao nhận",
    "feedback": "Góp ý, phản ánh",
    "data_request": "Yêu cầu về dữ liệu cá nhân",
    "scam": "Nghi lừa đảo",
    "emergency": "Khẩn cấp",
    "system": "Máy trục trặc",
}
STATE_NAMES = {"open": "Chưa ai nhận", "taken": "Đang làm", "closed": "Đã xong"}
