"""Sentences that stand wherever accounts are spoken of: in the chat, on the pages and in print."""

from __future__ import annotations

import re
from collections.abc import Iterable

SCAM = "Đừng đưa mã OTP, mật khẩu, passcode, ảnh thẻ cho bất kỳ ai, kể cả người xưng công an; em cũng không hỏi."
MAY_DIFFER = "giao diện có thể khác theo phiên bản"
_DOUBTS = {
    "A": "",
    "B": "",
    "C": ", nguồn chưa chính thức",
    "X": ", chưa kiểm chứng",
}
_SAID_DOUBTS = {
    "A": "",
    "B": "",
    "C": "Bước này em dựa vào nguồn chưa chính thức, thực tế có thể hơi khác.",
    "X": "Bước này em chưa kiểm chứng được, thực tế có thể hơi khác.",
}
_ONLY_A_TIME = re.compile(r"[\d/–-]+")


def told_by(as_of: str, tag: str) -> str:
    """Return where a statement comes from and, for a weak source, how weak it is."""
    return f"{as_of}{_DOUBTS[tag]}"


def doubt(tag: str) -> str:
    """Return the sentence that stands at a step with a weak source; none for a good one."""
    return _SAID_DOUBTS[tag]


def sources(as_of: Iterable[str]) -> str:
    """Return where the statements of a whole page come from, each source once: "NĐ 69/2024 · thông tin năm 2026"."""
    named = list(dict.fromkeys(as_of))
    return " · ".join(_named(one) for one in named if not any(one != other and one in other for other in named))


def _named(as_of: str) -> str:
    if not _ONLY_A_TIME.fullmatch(as_of):
        return as_of
    return f"thông tin {as_of}" if "/" in as_of else f"thông tin năm {as_of}"
