"""Hearing that somebody wants to stop, whatever the model took the words for: "thôi", "không đặt nữa", "hủy đi"."""

from __future__ import annotations

import re

from bot.normalise import normal_text

SHORT_PUT_OFF = 8  # words: "thôi khỏi, để em xem sau" holds no other question

_DOING = "(?:dat|lam|can|tra|giao|gui|lay|nop|hoi|xem|doi|rut|huy|dang ky|tiep)"
_FILLING = (
    "(?:da|a|um|u|ok|em|oi|anh|chi|toi|tui|minh|con|vay|the|thi|nham|nhe|nha|giup|di|luon|roi|lai|het|day|nay|do)"
)
_WORDS = rf"(?:thoi|khoi|huy|dung|bo|bo qua|ngung|khong|{_DOING}|lich|ho so|viec|buu dien|nua|dau|{_FILLING})"
_CHANGED = (
    r"(?:truoc|khi|luc|buoi|sang|chieu|ngay|thu|so|ten|dia chi|xa|phuong|o)\b"  # "không giao buổi sáng nữa" mends
)
# All words of the message speak of stopping, and one of these is among them.
_ONLY_THAT = re.compile(rf"(?:{_WORDS}[ ,.!]*)+")
_STOP = re.compile(r"\b(?:thoi|khoi|huy|dung lai|dung (?:o )?day|ngung|bo qua|bo di)\b")
_NO_MORE = re.compile(rf"\b(?:khong|khoi|thoi|dung)\b(?: \w+){{0,2}} {_DOING}(?: (?!{_CHANGED})\w+){{0,3}} nua\b")
# "thôi khỏi, để tui tự đi nộp": nobody needs the postman then.
_GOES_ALONE = re.compile(
    r"\b(?:thoi|khoi)\b[^?]{0,25}?\b(?:tu|toi|tui|em|minh|anh|chi|bac|co|chu|ong|ba|con) (?:di|ra|len|chay|den|toi)"
    r"(?: \w+){0,3}? (?:nop|lay)\b"
)
_UNWILLING = re.compile(rf"\b(?:khong|khoi|dung|chang)(?: \w+){{0,2}} (?:nua|{_DOING})\b")
_KEEP = re.compile(r"\b(?:khong|khoan|dung|chua|khoi|thoi)(?: (?:co|muon|can|phai))* huy\b|\bgiu\b")


# "thôi để sau đi, cho hỏi …": the task waits, and what follows is another question.
_PUT_OFF = re.compile(
    r"^(?:(?:da|a|u|ua|ma|thi) )*(?:thoi|khoi|de)\b(?!.{0,12}\b(?:coi|xem|doc)(?: lai| ky)? da\b).{0,14}\b(?:de |hoi "
    r"|xem |tinh |lam )*(?:(?<!thu )(?<!tuan )sau|da|cai khac)\b"
)


def puts_off(text: str) -> bool:
    """Tell whether the message begins by putting the task off; what follows may be another question."""
    return bool(_PUT_OFF.search(normal_text(text)))


def wants_to_stop(text: str) -> bool:
    """Tell whether the whole message says no more than that the task should stop."""
    plain = normal_text(text)
    if _KEEP.search(plain):
        return False
    if puts_off(text) and len(plain.split()) <= SHORT_PUT_OFF:
        return True
    return bool(
        _NO_MORE.search(plain) or _GOES_ALONE.search(plain) or (_STOP.search(plain) and _ONLY_THAT.fullmatch(plain))
    )


def names_stop(text: str) -> bool:
    """Tell whether any word of the message is one of stopping: a model's "cancel" alone is not enough inside a form."""
    plain = normal_text(text)
    return any(pattern.search(plain) for pattern in (_STOP, _GOES_ALONE, _NO_MORE, _UNWILLING))


def wants_no_more(text: str) -> bool:
    """Tell whether the message names the task that should stop: "không đặt nữa"; a bare "thôi" does not."""
    plain = normal_text(text)
    return bool(_NO_MORE.search(plain) or _GOES_ALONE.search(plain)) and not _KEEP.search(plain)


def wants_to_keep(text: str) -> bool:
    """Tell whether a booking or dossier should stay as it is: "không hủy nữa", "thôi khỏi rút", "giữ lại"."""
    plain = normal_text(text)
    return bool(_KEEP.search(plain) or re.search(r"\b(?:khong|khoi|thoi)(?: \w+){0,2} rut\b", plain))
