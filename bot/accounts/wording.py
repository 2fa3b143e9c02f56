"""Sentences that stand wherever accounts are spoken of: in the chat, on the pages and in print."""

from __future__ import annotations

SCAM = "Đừng đưa mã OTP, mật khẩu, passcode, ảnh thẻ cho bất kỳ ai, kể cả người xưng công an; em cũng không hỏi."
MAY_DIFFER = "giao diện có thể khác theo phiên bản"
_DOUBTS = {
    "A": "",
    "B": "",
    "C": ", nguồn chưa chính thức",
    "X": ", chưa kiểm chứng",
}


def told_by(as_of: str, tag: str) -> str:
    """Return where a statement comes from and, for a weak source, how weak it is."""
    return f"{as_of}{_DOUBTS[tag]}"
