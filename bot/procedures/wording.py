"""What aspects, levels and kinds of filing are called in front of citizens."""

ASPECT_TITLES = {
    "overview": "Tóm tắt",
    "documents": "Giấy tờ cần có",
    "fee": "Lệ phí",
    "duration": "Bao lâu có",
    "place": "Nộp ở đâu",
    "steps": "Các bước",
    "online": "Nộp trên mạng",
    "forms": "Mẫu đơn",
    "legal_basis": "Căn cứ pháp lý",
    "result": "Kết quả",
    "eligibility": "Ai làm được",
    "proxy": "Nhờ người đi thay",
}
# What is missing when an aspect has no fact: "em chưa có …".
ASPECT_OBJECTS = {
    "overview": "phần tóm tắt",
    "documents": "danh sách giấy tờ",
    "fee": "mức lệ phí",
    "duration": "thời hạn giải quyết",
    "place": "nơi nộp",
    "steps": "các bước làm",
    "online": "việc nộp trên mạng",
    "forms": "mẫu đơn",
    "legal_basis": "căn cứ pháp lý",
    "result": "giấy tờ nhận được",
    "eligibility": "điều kiện",
    "proxy": "việc nhờ người đi thay",
}
LEVELS = {
    "commune": "cấp xã",
    "province": "cấp tỉnh",
    "ministry": "bộ, ngành trung ương",
    # Lists from before 2025-07-01: there is no district any more.
    "district": "cấp xã hoặc cấp tỉnh",
}
ONLINE_LEVELS = {
    "full": "nộp trên mạng trọn vẹn",
    "partial": "nộp trên mạng một phần",
    "none": "chưa nộp trên mạng được",
}


def intent_of(aspect: str) -> str:
    """Return the intent that asks for an aspect."""
    return "ask_procedure" if aspect == "overview" else f"ask_procedure_{aspect}"


def aspect_of(intent: str) -> str:
    """Return the aspect that an intent asks for; overview for every other intent."""
    aspect = intent.removeprefix("ask_procedure_")
    return aspect if aspect in ASPECT_TITLES else "overview"
