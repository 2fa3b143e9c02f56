"""Passwords in a message: what follows the word, when it looks like one. "Quên mật khẩu" holds none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.conversation.guard.seen import BLANK, without_numbers

_SURE = (
    r"(?:mat\s?khau|mat ma|passwords?|passwd|pwd|(?<![a-z])pass+(?!code|port|[ -]code)|"
    r"(?:(?<=\bdoi )|(?<=\bquen )|(?<=\bdat )|(?<=\bnhap ))mk\b|"
    r"\bmk(?= (?:cua|vneid|zalo|facebook|email|tai khoan|tk|dang nhap)\b))"
)
_MAYBE = r"\b(?:mk|pw)\b"  # "mk" is "mình" just as often
WORD = re.compile(f"{_SURE}|{_MAYBE}")
SURE = re.compile(_SURE)
_WHOSE = (
    r"(?:\s*\b(?:moi|cu|hien tai|dang nhap|vneid|vnied|zalo|facebook|fb|e?mail|gmail|ngan hang|app|ung dung|cong|"
    r"dich vu cong|dvc|dvcqg|tai khoan|tk|dinh danh|cua|toi|tui|em|e|minh|con|chau|anh|chi|no|ba|bac|co|chu|me|"
    r"bo|ma|ong|a|c|b|de|dat|cai|vo|chong|nay|do|day|ne|nek|nha|thi|dang dung|hay dung|dung)\b)*"
)
_LINK = r"(?:\s*(?:\b(?:la|day|ne|nek)\b|[:=]|->|=>|-(?=\s)|[\"“(])\s*)+"
_TOKEN = r"(?P<found>[^\s□]{3,64})"  # noqa: S105 (a pattern)
_LINKED = re.compile(rf"(?P<word>{_SURE}|{_MAYBE})(?P<whose>{_WHOSE})(?P<link>{_LINK}){_TOKEN}")
_FOLLOWING = re.compile(rf"(?P<word>{_SURE}|{_MAYBE})(?P<whose>{_WHOSE})\s+{_TOKEN}")
_GLUED = re.compile(rf"{_SURE}(?P<found>\d{{4,12}})(?!\d)")
# "mật khẩu là hoa 1990": a word and a number, and nothing after it
_TWO_WORDS = re.compile(rf"{_SURE}{_WHOSE}{_LINK}(?P<found>[a-z]{{2,12}} \d{{2,8}})[\s.!]*(?:a|nha|nhe|do|ne)?[\s.!]*$")
# "pass em để là 112233": a few words, then the link
_YEAR = re.compile(r"1[89]\d\d$|20\d\d$")
_NEAR = re.compile(rf"{_SURE}(?:\s+[a-z]+){{0,3}}\s+(?P<found>\d{{6,12}})(?![\d.,/-]|\s?(?:dong|vnd|d\b|k\b))")
_LATER = re.compile(rf"{_SURE}(?:\s+(?:[a-z]+|\d)){{0,6}}?\s*(?:\bla\b|[:=])\s*{_TOKEN}")
_CHANGED = re.compile(rf"\b(?:tu|thanh|sang|qua|dat|nhap|go|danh)\b(?:\s(?:la|lai|vao|vo))?\s+{_TOKEN}")
_LOGIN = re.compile(rf"(?<!\d)\d{{12}}\s*[/,;-]\s*{_TOKEN}")  # number and password in one
_ANY = re.compile(r"(?P<found>[^\s□]{5,64})")

_ENDS = ".,;:?)\"'”’…"
_SPECIAL = re.compile(r"[a-z0-9][@#$%^&*!_+~]+(?=[a-z0-9])|[a-z][0-9]+[@#$%^&*!]+$|^[@#$%^&*!]+[a-z0-9]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?:|www\.|\w+\.(?:vn|com|net|org)\b")
_A_THING = re.compile(  # "quên mật khẩu iphone15"
    r"(?:vneid|zalo|iphone|ip|samsung|galaxy|oppo|vivo|redmi|xiaomi|android|ios|win(?:dows)?|err(?:or)?|sdt)[-.]?\d+\w*"
    r"|(?:muc|buoc|lan|ma|so|loi|e|dt|id|cap|level|ngay|otp)[-.]?\d{1,2}|(?:sn|sinh|nam|thang)[-.]?\d{1,4}"
)
_NO_SECRET = re.compile(
    r"\d{1,3}[-.]?(?:phut|p|h|gio|lan|ngay|thang|nam|tuoi|t|k|tr|ky|so|s|chu|kytu|giay)|\d{1,2}/\d{1,2}|\d{1,2}h\d{0,2}"
    r"|[a-z]{1,2}\d|2k\d"
)
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?[fjsrxwz]?"
)
_WORDS = frozenset(
    "password vneid facebook google iphone samsung account system strong android website messenger incorrect invalid "
    "wrong vietcombank vietinbank agribank default caps".split()
)


def find(coded: str) -> Iterator[tuple[int, int]]:
    """Yield where passwords stand in a folded text whose codes are blanked."""
    for match in _LOGIN.finditer(coded):
        if is_password(token := _trimmed(match["found"])):
            yield match.start("found"), match.start("found") + len(token)
    if not WORD.search(coded):
        return
    for match in _LINKED.finditer(coded):
        yield from _checked(match, linked=True)
    for match in _FOLLOWING.finditer(coded):
        yield from _checked(match, linked=False)
    for pattern in (_GLUED, _TWO_WORDS):
        for match in pattern.finditer(coded):
            yield match.span("found")
    if SURE.search(coded):
        yield from _anywhere(coded)


def _anywhere(coded: str) -> Iterator[tuple[int, int]]:
    """Yield what looks like a password in a message that speaks of one, wherever it stands."""
    for match in _NEAR.finditer(coded):
        if without_numbers(match["found"]) == match["found"]:
            yield match.span("found")
    for match in _LATER.finditer(coded):
        token = _trimmed(match["found"])
        is_number = re.fullmatch(r"\d{6,12}", token) and without_numbers(token) == token
        if is_number or (len(token) >= 5 and _is_mixed(token)):
            yield match.start("found"), match.start("found") + len(token)
    for pattern, shape in ((_CHANGED, _is_mixed), (_ANY, is_strong), (_ANY, _is_word_and_number)):
        for match in pattern.finditer(coded):
            token = _trimmed(match["found"])
            if len(token) >= 5 and shape(token):
                yield match.start("found"), match.start("found") + len(token)


def is_strong(token: str) -> bool:
    """Return whether a folded token looks like a password and like nothing else: a sign between letters or digits."""
    return (
        len(token) >= 5
        and bool(_SPECIAL.search(token))
        and any(char.isdigit() for char in token)
        and any(char.isalpha() for char in token)
        and not _ADDRESS.search(token)
        and BLANK not in token
    )


def is_password(token: str) -> bool:
    """Return whether a token that stands alone looks like a password, after the word was said."""
    return is_strong(token) or (len(token) >= 6 and _is_mixed(token))


def _checked(match: re.Match[str], *, linked: bool) -> Iterator[tuple[int, int]]:
    token = _trimmed(match["found"])
    sure = SURE.fullmatch(match["word"]) is not None
    if not token or _ADDRESS.search(token):
        return
    if linked:
        told = sure or ":" in match["link"] or "=" in match["link"] or match["whose"].strip() != ""
        found = _follows_link(token, sure=told)
    else:
        found = _stands_alone(token, sure=sure)
    if found:
        yield match.start("found"), match.start("found") + len(token)


def _follows_link(token: str, *, sure: bool) -> bool:
    """Return whether a token is a password after "là" or a colon."""
    if _NO_SECRET.fullmatch(token):
        return False
    if not sure:
        return (len(token) >= 5 and (_is_mixed(token) or is_strong(token))) or bool(re.fullmatch(r"\d{6,12}", token))
    if any(char.isdigit() for char in token) or is_strong(token):
        return len(token) >= 4
    if _SPECIAL.search(token):
        return len(token) >= 5
    return token.isalpha() and len(token) >= 6 and not _SYLLABLE.fullmatch(token) and token not in _WORDS


def _stands_alone(token: str, *, sure: bool) -> bool:
    """Return whether a token is a password though only a space stands between the word and it."""
    if is_strong(token):
        return True
    if _NO_SECRET.fullmatch(token) or _A_THING.fullmatch(token):
        return False
    if not sure:
        return bool(re.fullmatch(r"[a-z]{3,}\d{2,}\w*|\d{6,8}", token))
    if token.isdecimal():
        return 4 <= len(token) <= 12 and not _YEAR.match(token) and without_numbers(token) == token
    return _is_mixed(token) and len(token) >= 5


def _is_mixed(token: str) -> bool:
    return (
        any(char.isdigit() for char in token)
        and any(char.isalpha() for char in token)
        and BLANK not in token
        and not _NO_SECRET.fullmatch(token)
        and not _ADDRESS.search(token)
    )


def _is_word_and_number(token: str) -> bool:
    """Return whether a token is a word and a number in one: "tuanlam99"."""
    shaped = re.fullmatch(r"[a-z]{3,}\d{2,}|[a-z]{2,}\d{4,}|\d{2,}[a-z]{3,}|[a-z]+\d+[a-z]+\d+", token)
    return bool(shaped) and len(token) >= 6 and _is_mixed(token) and not _A_THING.fullmatch(token)


def _trimmed(token: str) -> str:
    return token.rstrip(_ENDS)
