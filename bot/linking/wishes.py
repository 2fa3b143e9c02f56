"""The words that link a channel or part one: commands, as we tell people to write them, and what comes close."""

from __future__ import annotations

import re

from bot.text import fold

_CHANNEL = r"(?:kenh|zalo|telegram|tele|trang web|web|may nay|dien thoai nay)"
_MORE = r"(?: .{0,30})?"
_POLITE = r"(?:(?:cho|giup|nho|em oi|ban oi|minh muon|toi muon|muon|xin)(?: (?:em|toi|minh|anh|chi))? )*"
_LINK = re.compile(rf"{_POLITE}(?:noi|lien ket|ket noi|dong bo)(?: (?:them|voi|qua|sang|den))? {_CHANNEL}{_MORE}")
_GO_ON = re.compile(rf"{_POLITE}(?:lam |dung |noi chuyen |nhan )?tiep (?:tren|qua|ben|o) {_CHANNEL}{_MORE}")
_UNLINK = re.compile(rf"{_POLITE}(?:go|bo|ngat|huy)(?: (?:noi|lien ket|ket noi))?(?: (?:voi|khoi))? {_CHANNEL}{_MORE}")


def wish(text: str) -> str | None:
    """Return "link" or "unlink" for a message that is such a command; None for everything else."""
    folded = re.sub(r"[^\w\s]", " ", fold(text))
    folded = re.sub(r"\s+", " ", folded).strip()
    if _UNLINK.fullmatch(folded):
        return "unlink"
    return "link" if _LINK.fullmatch(folded) or _GO_ON.fullmatch(folded) else None
