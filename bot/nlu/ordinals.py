"""Ordinals that pick one of the choices just shown: "cái thứ 2", "số 3", "ý đầu", "cái cuối", a lone "2"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.moments.spoken import Found, Places
from bot.text import fold

LAST, MIDDLE = "last", "middle"
_FLAGS = re.ASCII

# folded word → (value, the ways it is typed)
_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "dau tien": ("1", ("đầu tiên", "dau tien", "đâu tiên", "đầu tien")),
    "dau": ("1", ("đầu", "dau")),
    "nhat": ("1", ("nhất", "nhat")),
    "mot": ("1", ("một", "mot")),
    "hai": ("2", ("hai",)),
    "nhi": ("2", ("nhì", "nhi")),
    "ba": ("3", ("ba",)),
    "tu": ("4", ("tư", "tu")),
    "bon": ("4", ("bốn", "bon")),
    "nam": ("5", ("năm", "nam")),
    "sau": ("6", ("sáu", "sau")),
    "bay": ("7", ("bảy", "bẩy", "bay")),
    "tam": ("8", ("tám", "tam")),
    "chin": ("9", ("chín", "chin")),
    "cuoi cung": (LAST, ("cuối cùng", "cuoi cung", "cuối cung")),
    "cuoi": (LAST, ("cuối", "cuoi")),
    "chot": (LAST, ("chót", "chot")),
    "sau cung": (LAST, ("sau cùng", "sau cung")),
    "sau cuoi": (LAST, ("sau cuối", "sau cuoi")),
}
_PLACES = {
    "tren cung": "1", "o tren cung": "1", "tren": "1", "o tren": "1", "phia tren": "1", "ben tren": "1",
    "duoi cung": LAST, "o duoi cung": LAST, "duoi": LAST, "o duoi": LAST, "phia duoi": LAST, "ben duoi": LAST,
    "giua": MIDDLE, "o giua": MIDDLE,
}  # fmt: skip
_NUMERAL = rf"(?P<numeral>{'|'.join(sorted(_WORDS, key=len, reverse=True))}|[1-9]|10)"
_NOUN = r"(?:cai|y|lua chon|dong|muc|cau|phuong an|option|dap an|nut|loai)"
_TAIL = (
    r"(?:\s(?:di|nha|nhe|nhen|nghen|nghe|a|ha|em|e|oi|do|day|ay|nay|kia|luon|co|anh|chi|ad|ban|giup|gium|dum"
    r"|moi dung|moi phai"
    r"|dung roi|thoi|duoc|dc|hen|ne|chu|bot|b|nhi|voi|la duoc|toi chon|em chon|nhoa|nka|nh|thu nghiem|roi))"
)
_END = rf"(?={_TAIL}*[\s.,!?)…]*(?:$|[,.;!?\n)]))"
_HINT = re.compile(
    r"[1-9]|\b(?:thu|cai|y|so|chon|muc|dong|dau|cuoi|chot|nhat|hai|ba|mot|bon|nam|sau|bay|tam|chin|tu|lua"
    r"|phuong|cau|loai)\b",
    _FLAGS,
)

# "cái thứ 2", "ý thứ nhất", "dòng cuối", "cái đầu tiên": the noun and an ordinal say enough, wherever they stand.
_SURE = re.compile(
    rf"\b{_NOUN}\s(?:(?:thu|so|thu tu)\s(?:so\s)?{_NUMERAL}|(?P<end>dau tien|dau|cuoi cung|cuoi|chot|sau cung)"
    rf"|(?P<place>{'|'.join(sorted(_PLACES, key=len, reverse=True))}))\b(?!\s?/|[.,][0-9])",
    _FLAGS,
)
# "mục 3", "cái 2", "số 3": an answer only when nothing follows: "số 5 Trần Phú" is a house.
_BARE = re.compile(rf"\b(?:{_NOUN}\s|so\s(?:thu\s)?|o\sso\s){_NUMERAL}(?![\w/]|[.,\-][0-9]){_END}", _FLAGS)
_PICKED = re.compile(
    r"\b(?:(?:chon|bam|nhan|nhap|lay|pick)\s(?:so\s)?(?P<body>(?P<numeral>[1-9]|10|dau tien|cuoi cung|thu nhat))"
    r"|(?:ho so|thu tuc)\s(?P<body2>(?:thu|so)\s(?:[1-9]|hai|ba|nhat)))(?![\w/]|[.,\-][0-9])" + _END,
    _FLAGS,
)
_FIRST_OR_LAST = re.compile(rf"\b(?P<body>(?:thu\s)?(?P<numeral>nhat|nhi)|dau tien|cuoi cung|sau cung)\b{_END}", _FLAGS)
_ALONE = re.compile(rf"^\W*(?P<noun>so\s)?(?P<body>(?P<thu>thu\s)?{_NUMERAL})\b[.)]?{_TAIL}*[\s\W]*$", _FLAGS)
# What "số 3" may follow as a choice; after all else it is the number of a house, a form, a desk.
_LED = re.compile(
    r"(?:^|[,.;:!?(\n]\s?|\b(?:chon|lay|bam|nhan|cai|la|buoc|phai|thoi|a|da|vao|y|muc|cau|dong|xin|em|toi|tui"
    r"|minh|thi|qua|ve"
    r"|roi|dung|voi|va|hay|hoac|cho|danh|pick|vay|u|uh|ok|oke)\s)$",
    _FLAGS,
)
_NO_BARE_BEFORE = re.compile(
    r"\b(?:nha|can|thon|to|ap|xom|quoc lo|duong|hem|lo|mau|mau don|phu luc|quyet dinh|nghi dinh|thong tu|luat"
    r"|thua|to khai|bieu|o|doi"
    r"|giay|sdt|may|cua|quay|ban|phong|lau|tang|bai|khoa|lop|khu|tuyen|xe|duoi|may ban|dien thoai|con|cuoi|dai"
    r"|mui|ki ot|kiot|tai khoan"
    r"|ho so|ma|cong van|4|3|bon|ba|phien ban|nhom|don|lich|phieu|thu tu)\s$",
    _FLAGS,
)
_OPENING = re.compile(r"\W*(?:(?:chon|lay|bam|da|a)\W+)?")
_MAY_BE_WORDS = frozenset(("sau", "nam", "tu", "mot", "tám", "tam", "chín", "chin", "bảy", "bay"))
_SHORT = 6  # words


def find_ordinals(text: str) -> list[Found]:
    """Return the ordinals in `text` (visible text): a digit, "last" or "middle" as the value."""
    folded = fold(text)
    if not _HINT.search(folded):
        return []
    alone = _ALONE.match(folded)
    if alone:
        return list(_alone(text, alone))
    places = Places(len(text))
    found = (*_sure(text, folded), *_bare(text, folded))
    return [ordinal for ordinal in found if places.take(ordinal.start, ordinal.end)]


def _alone(text: str, match: re.Match[str]) -> Iterator[Found]:
    """Yield a message that is nothing but a number: "2 nha", "số hai", "thứ nhất"; "thứ 2" alone is a Monday."""
    value = _value(text, match)
    if value is None or (match["thu"] and value != "1"):
        return
    said = text[match.start("numeral") : match.end("numeral")].lower()
    if not match["noun"] and said in _MAY_BE_WORDS:
        return  # "sau" may be "later", "mot" the day after tomorrow
    if match["noun"] and not (value.isdigit() and match["numeral"] not in ("dau", "dau tien")):
        return  # "số đầu", "số cuối" are digits of a number
    yield Found(match.start("noun") if match["noun"] else match.start("body"), match.end("body"), value)


def _sure(text: str, folded: str) -> Iterator[Found]:
    for match in _SURE.finditer(folded):
        if match["place"]:
            value: str | None = _PLACES[match["place"]]
            if not re.match(_END, folded[match.end() :]) or text[match.start("place") : match.end()].lower().endswith(
                ("giùa", "dưới đây")
            ):
                continue
        elif match["end"]:
            said = text[match.start("end") : match.end("end")]
            if said.lower() == "dau" and not re.match(_END, folded[match.end() :]):
                continue  # "y dau co" is no "ý đầu"
            value = _word(match["end"], said)
        else:
            value = _value(text, match)
        if value and _noun_typed(text, match):
            yield Found(match.start(), match.end(), value)


def _bare(text: str, folded: str) -> Iterator[Found]:
    for match in _BARE.finditer(folded):
        before = folded[max(0, match.start() - 16) : match.start()]
        value = _value(text, match)
        if match.group().startswith("so ") and not _LED.search(before):
            continue
        if (
            value is None
            or _NO_BARE_BEFORE.search(before)
            or re.search(r"[0-9]\s$", before)
            or not _noun_typed(text, match)
        ):
            continue
        if not value.isdigit() and match.group().startswith("so "):
            continue  # "4 số cuối"
        yield Found(match.start(), match.end(), value)
    for match in _PICKED.finditer(folded):
        group = "body" if match["body"] else "body2"
        word = re.sub(r"^(?:thu|so) ", "", match[group])
        yield Found(match.start(group), match.end(group), word if word.isdigit() else _WORDS[word][0])
    if len(folded.split()) <= _SHORT:
        for match in _FIRST_OR_LAST.finditer(folded):
            said = text[match.start("body") : match.end("body")].lower()
            word = match["body"].removeprefix("thu ")
            value = _word(word, said.split(" ", 1)[1] if match["body"].startswith("thu ") else said)
            if value and (match["body"].startswith("thu ") or word not in ("nhat", "nhi")):
                yield Found(match.start("body"), match.end("body"), value)


def _noun_typed(text: str, match: re.Match[str]) -> bool:
    """Tell "dòng" from "đồng", "ý" from "y tế", "câu" from "cầu"."""
    noun = text[match.start() : match.end()].lower().split()[0]
    wrong = (
        "đồng",
        "đông",
        "động",
        "cầu",
        "cẩu",
        "cấu",
        "mức",
        "y",
        "loài",
        "ỷ",
        "đóng",
        "cải",
        "cãi",
        "cai",
        "sở",
        "sổ",
        "sợ",
        "sơ",
    )
    if noun == "muc" and not (match.start() < 12 and _OPENING.fullmatch(fold(text[: match.start()]))):
        return False  # "vneid muc 2" is "mức 2"
    if noun == "so":
        return not fold(text[max(0, match.start() - 3) : match.start()]).endswith("ho ")
    return noun in ("y", "cai") or noun not in wrong


def _value(text: str, match: re.Match[str]) -> str | None:
    return _word(match["numeral"], text[match.start("numeral") : match.end("numeral")])


def _word(folded: str, said: str) -> str | None:
    """Return what a numeral means, by what was really typed: "ở đâu" folds to the letters of "đầu"."""
    if folded.isdigit():
        return folded
    value, spellings = _WORDS[folded]
    return value if said.lower() in spellings else None
