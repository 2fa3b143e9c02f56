"""One-time codes, passcodes and PINs in a message. The code of our own dossier look-up is none of them.

Ours is a "mã tra cứu" (bot/dossiers/proof/one_time_codes.py): `seen.without_numbers` has blanked it already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SURE = (
    r"(?:otp|\bo[ .]?t[ .]?[pb]\b|\bot? te pe\b|"
    r"\bma\s?(?:xac thuc|xac nhan|xac minh|kich hoat|bao mat|dang nhap|pin|xn\b|xt\b)|\bmx[nt]\b|"
    r"\b(?:verification|security) code|pass?[\s-]?code|smart pin|"
    r"\bso pin|\bpin (?:code|vneid)|\bpin(?=\s?[:=]))"
)
WORD = re.compile(_SURE)
# "mã nó gửi về", "mã trong tin nhắn": a code that came from somewhere; "mã hồ sơ", "mã thủ tục" are other things.
_SENT = (
    r"\b(?:ma|day so|so)\b"
    r"(?! (?:ho so|tra cuu|thu tuc|buu|van don|bi mat|so thue|don|khach|vach|qr|kin|giay|dinh danh))"
    r"(?:\s\w+){0,5}?\s(?:gui|nhan|sms|tin nhan|vneid|no|ho|cong an|may|zalo|ngan hang|nhan tin|dien thoai|ve|den)\b"
    r"|\bma(?: \w+)? (?:6|sau) (?:chu )?so\b"
)
SENT = re.compile(_SENT)
# "nó kêu đọc mã", "em đọc cho họ", "mã 482913 nó gửi": somebody was asked for it
_READ_OUT = re.compile(
    r"\b(?:doc|dua|cung cap|khai|noi)\b(?: \w+){0,3}? (?:ma|day so)\b"
    r"|\bma\b(?: \w+){0,3}? (?:cho|voi) (?:no|ho|nguoi)\b"
    r"|\bdoc\b(?: \w+)?(?: cho)? (?:no|ho|nguoi|cong an)\b"
    r"|\b(?:no|ho|nguoi ta|cong an)\b (?:keu|bao|bat|doi|bieu)(?: \w+)? doc\b"
    r"|\bma\b.{0,30}\bdoc(?: \w+)? \d{6}\b"
    r"|\bma \d{6} (?:cua )?(?:no|ho|vneid|ngan hang|nguoi ta|cong an) (?:gui|nhan|keu|bao)\b"
)
# "vneid gửi mã 203344", "mã 118833 của VNeID": the word and the number, and somebody who sent it
_NUMBERED = re.compile(
    r"\bma\b(?! (?:ho so|tra cuu|thu tuc|buu|van don|bi mat|so thue|don|khach|giay|dinh danh))[^\d□]{0,20}"
    r"(?<!\d)(?P<found>\d{6})(?!\d)"
)
_SENDER = re.compile(
    r"\b(?:gui|nhan|nhan tin|sms|vneid|zalo|bao|hien|no|ho|ngan hang|tin nhan|nhap|google|facebook|app|dang nhap)\b"
)
_FOR = r"(?:[4-8] (?:chu )?so\b|(?:sau|bon) (?:chu )?so\b)"
_GAP = rf"(?:{_FOR}|[^\d□]){{0,40}}?"
_FILLER = (
    r"(?:[\s:=,.\"'“”(>-]|\b(?:la|cua|em|e|toi|tui|minh|con|chau|bac|no|mk|nay|day|ne|nek|nha|ma|thi|day so|so|vneid|"
    rf"the|atm|can cuoc|cccd|dien thoai|ngan hang|vua|moi|nhan duoc|co|app)\b|{_FOR})*?"
)
_SIX = r"(?<!\d)(?P<found>\d(?:[ .,\-]{0,2}\d){5})(?![ .,\-]?\d)"
_DIGIT_WORD = r"(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|linh|muoi)"

_SIX_AFTER = re.compile(_SURE + _GAP + _SIX)
_SIX_TIGHT = re.compile(_SURE + _FILLER + _SIX + r"(?!\s?(?:d|dong|vnd|k)\b)")
_SIX_BEFORE = re.compile(_SIX + r"[^\d□]{0,12}?(?:otp|ma xac (?:thuc|nhan|minh)|passcode)")
_SIX_SENT = re.compile(rf"(?:{_SENT})" + r"[^\d□]{0,25}?" + _SIX)
_SIX_ALONE = re.compile(r"(?:(?<![\d□/.,-])|(?<=\bg-))(?P<found>\d{6})(?![\d□/-]|[.,]\d)")
_OTHER_LENGTH = re.compile(
    _SURE
    + _FILLER
    + r"(?<!\d)(?P<found>\d(?:[ .\-]?\d){3,7})(?![ .\-]?\d|[.,]\d|\s?(?:phut|giay|lan|ngay|thang|nam|gio|so)\b)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPOKEN = re.compile(
    rf"{_SURE}(?:[\s:=,]|\b(?:la|cua|em|toi|tui|minh|con|day|ne|vneid|so)\b)*?"
    rf"(?P<found>\b{_DIGIT_WORD}(?:[\s,-]+{_DIGIT_WORD}){{4,9}}\b)"
)
_PLACEHOLDER = "0000"


def find(coded: str, plain: str, *, ours: bool) -> Iterator[tuple[int, int]]:
    """Yield where one-time codes stand in a folded text: `coded` has codes blanked, `plain` other numbers as well.

    `ours`: the citizen was just asked for the code that we sent; then only what is called OTP by name is none of ours.
    """
    sure = WORD.search(plain)
    patterns = [_SIX_AFTER, _SIX_BEFORE, _SPOKEN] if sure else []
    if not ours:
        patterns.append(_SIX_SENT)
        if _SENDER.search(plain):
            patterns.append(_NUMBERED)
        if sure or _READ_OUT.search(plain):
            patterns.append(_SIX_ALONE)
    elif sure:
        patterns.append(_SIX_ALONE)
    for pattern in patterns:
        for match in pattern.finditer(plain):
            yield match.span("found")
    if WORD.search(coded):
        for match in _SIX_TIGHT.finditer(coded):
            yield match.span("found")
    if sure:
        for match in _OTHER_LENGTH.finditer(plain):
            linked = re.search(r"\bla\b|[:=]", plain[match.start() : match.start("found")])
            if match["found"] != _PLACEHOLDER and (linked or not _YEAR.fullmatch(match["found"])):
                yield match.span("found")
