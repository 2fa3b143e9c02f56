"""What is done before anything is stored: secrets that nobody should have sent are masked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text import fold

_IDENTITY = re.compile(r"(?<![\w.\-])\d{12}(?![\w\-])|(?<![\w.\-])\d{3}[ .]\d{3}[ .]\d{3}[ .]\d{3}(?![\w\-])")
_ANNOUNCED = r"(?:otp|ma xac thuc|ma xac nhan|mat khau|passcode|password|pass|ma pin)"
# "mã OTP là 123456", "mat khau cua toi: Abc@123"; not "quên mật khẩu" and not "không nhận được OTP".
_SECRET = re.compile(
    _ANNOUNCED + r"(?:\s(?:cua\s)?(?:em|toi|tui|minh|con|chau|no))?\s?(?:la|:|=|-|day|ne)\s{0,2}(\S{4,})"
)
_OTP_DIGITS = re.compile(_ANNOUNCED + r"\D{0,20}?(?<!\d)(\d{4,8})(?!\d)")


@dataclass(frozen=True)
class Screened:
    """A text as it may be stored, and what was found in it ("otp", "identity_number" or None)."""

    text: str
    reason: str | None


def screen(text: str) -> Screened:
    """Mask one-time codes, passwords and identity numbers in `text` (NFC)."""
    folded = fold(text)
    spans = [match.span(1) for pattern in (_SECRET, _OTP_DIGITS) for match in pattern.finditer(folded)]
    spans = [span for span in spans if any(char.isdigit() for char in text[slice(*span)])]
    reason = "otp" if spans else None
    identity = [match.span() for match in _IDENTITY.finditer(text)]
    if identity and reason is None:
        reason = "identity_number"
    for start, end in sorted({*spans, *identity}, reverse=True):
        text = text[:start] + "•" * (end - start) + text[end:]
    return Screened(text, reason)
