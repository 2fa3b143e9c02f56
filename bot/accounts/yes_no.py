"""Short answers: "được chưa ạ?" – "dc r", "vẫn ko được"; and "I do not know" in its many forms."""

from __future__ import annotations

import re

from bot.key_phrases import plain

LONGEST_NO, LONGEST_YES = 9, 7  # words; a longer message tells something of its own
_WHO = "em|anh|chi|ad|ban|minh|toi|tui|con|chau|bac|co"
_FILL = f"(?:{_WHO}|da|a|oi|u|um|ma|thi|no|lam|thu|bam|roi|hoai|lai|luon|nua|het|qua)"
_NO = re.compile(
    rf"^(?:{_FILL} )*(?:khong|chua|chang|cha)\b"
    r"|\b(?:van|cung)\b.*\b(?:khong|chua|chang|vay|loi|bi|the|nhu cu|y nguyen|y chang|cu)\b"
    r"|\b(?:y nhu cu|nhu cu|y chang|that bai|bo tay|botay|khong an thua|(?:khong|chua) (?:duoc|on)|van vay)\b"
)
_YES = re.compile(
    r"\b(?:duoc|xong|on|ok|ngon|muot|thanh cong|tot|het (?:loi|bi)|(?:vao|vo|len|ve|co|thay|ra) roi)\b"
    rf"|^(?:{_FILL} )*(?:roi|co|u|um|vang|da|dung)(?: {_FILL})*$"
)
_UNSURE = re.compile(
    r"\b(?:khong|chua|chang|hem)(?: \w+)? (?:biet|ro|chac|hieu|ranh)\b|\bkhong (?:nho|de y)\b"
    r"|\b(?:kb|hinh nhu|chac la)\b|\bbiet dau\b|\bchiu\b|\b(?:la|nghia la) (?:gi|sao)\b"
)


def solved(text: str) -> bool | None:
    """Return what a message answers to "does it work now?"; None when it answers something else."""
    said = plain(text).replace("cam on", "")  # whose "ơn" is no "ổn"
    length = len(said.split())
    if length <= LONGEST_NO and _NO.search(said):
        return False
    return True if length <= LONGEST_YES and _YES.search(said) else None


def unsure(text: str) -> bool:
    """Return whether somebody says that they do not know, or asks what is meant."""
    return bool(_UNSURE.search(plain(text)))
