"""What of a message says when the postman should come: "thứ năm tôi bận, thứ sáu đi" names two days and wants one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bot.pickups.form.corrections import without_denied
from bot.text import fold

Found = TypeVar("Found")

_PARTS = re.compile(r"[,;!?\n]+|\.(?=\s|$)|\s+(?=(?:chứ|chớ|vì|tại vì|bởi|do|mà|còn|nhưng)\s)", re.IGNORECASE)
_NOT = r"(?:khong|ko|k|hong|hok|chua|chang)"
# Why a time does not suit.
_UNFIT = re.compile(
    r"\b(?:ban|ket|mac (?:viec|cong viec|dam|hop|ban|di)|vang(?: nha| mat)?|hop|dam (?:cuoi|gio|ma|tang)|truc"
    r"|di (?:lam|hoc|cho|kham|dam|ray|vang|cong tac|xa|choi|ve|rung|bien|vien|an)|ve que|o que|di mat"
    rf"|{_NOT}(?: \w+){{0,3}} (?:nha|ai|mat|duoc|dc|ranh|tien|kip|lay|can)|het cho"
    r"|dung|khoi|khong phai|tru|chu khong|nghi(?! trua)|ngoai)\b"
)
_FIT = re.compile(
    r"\b(?:moi|thi|roi moi) (?:ranh|duoc|o nha|co nha|ve|co mat|tien|ok)\b"
    r"|\b(?<!khong )(?<!ko )(?<!k )(?<!hong )(?<!chua )(?:ranh|duoc|dc|ok)$"
)
_WISH = re.compile(r"\b(?:nha|nhe|nghe|nghen|hen|di|thoi|luon|cho chac|giup|gium|dum)\b(?: (?:em|anh|chi|con|a|ban))*$")


def suiting(text: str, read: Callable[[str], Found | None]) -> Found | None:
    """Return what `read` finds in the parts of `text` that want it, else in the whole."""
    said = without_denied(text)
    found = next((found for part in _wanted(said) if (found := read(part)) is not None), None)
    if found is None:
        found = read(said)
    return _wished(said, read) if found is None else found


def weighs(text: str) -> bool:
    """Tell whether the text gives a reason against one thing and wants another: "chiều bận rồi, sáng đi em"."""
    return bool(_wanted(without_denied(text)))


def _wanted(text: str) -> list[str]:
    """Return the parts of a text that want something, where others say why a time does not suit; else none."""
    parts = [part for part in _PARTS.split(text) if part.strip()]
    wanted = [part for part in parts if _FIT.search(fold(part)) or not _UNFIT.search(fold(part))]
    return wanted if len(wanted) < len(parts) else []


def _wished(text: str, read: Callable[[str], Found | None]) -> Found | None:
    """Return what the part that is a wish says, where parts say different things: "sáng anh chạy xe, chiều nha"."""
    values = [(part, read(part)) for part in _PARTS.split(text)]
    wishes = [value for part, value in values if value is not None and _WISH.search(fold(part))]
    return wishes[0] if len(set(wishes)) == 1 else None
