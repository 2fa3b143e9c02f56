"""Reading addresses, which have no fixed form: strict about what is surely none."""

from __future__ import annotations

import re

from bot.links import found as links_in
from bot.pickups.form import choices, reading
from bot.pickups.form.corrections import field_named, without_denied, without_praise
from bot.pickups.form.talk import is_question
from bot.text import clean, fold, words

_LONGEST_ADDRESS = 300
_MARKUP = re.compile(r"[<>{}]|&#?\w+;")
LIST_OF_FACTS = 3  # parts between commas: a whole booking in one breath

_PLACE_WORDS = (
    "so nha|so ?\\d|duong|thon|xom|ap|buon|bon|plei|to dan pho|to ?\\d|tdp|doi ?\\d|khu pho|kp ?\\d|khu|hem|ngo|ngach"
    "|kiet",
    "lo|cho|toa|chung cu|quan|tiem|nha tro|cong ty|truong|gan|doi dien|canh|ke|sat|kios|ktx|ky tuc xa|ql|quoc lo|khom"
    "|nga (?:ba|tu)",
    "dai ly|nha tho|chua|ubnd|benh vien|cau|cong|doc|benh xa|vua|xuong|villa|khach san|khu du lich|cay xang|can ho"
    "|block",
)
_ADDRESS_WORD = re.compile(rf"\b(?:{'|'.join(_PLACE_WORDS)})\b|\b(?:so|nha) ?\d|^\d+[a-z]?(?:[/-]\d+[a-z]?)*\b(?=\D)")
_HOUSE_AND_STREET = re.compile(r"(?:so ?|so nha ?|nha so ?)?\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?)*,? [a-z]{2}")
# What postmen go by: "gần chợ", "đối diện trường", "sau lưng nhà văn hóa", up to the next comma or another fact.
_LANDMARK = re.compile(
    r"[ ,(]*(?:gan|canh|ke|sat|doi dien|sau lung|phia sau|truoc mat|dau|cuoi|ngay|nga (?:ba|tu)|cach)\b"
    r"(?:(?!\b(?:nha|nhe|a|em|giup|sang|chieu|ngay|thu|sdt|so dien thoai|xa|phuong|tra)\b)[^,;.\n\d]|\d{1,3}(?!\d"
    r"|/)){1,60}"
)
_HOUSE_ONLY = re.compile(
    r"(?:(?:la )?so nha|nha so|so)?\s*(?:la )?(\d+[a-z]?(?:[/-]\d+[a-z]?)*)(?: (?:roi|a|nha|nhe|em|giup em|thoi))*"
)
_HOUSE_FIRST = re.compile(r"^((?:số nhà|nhà số|số|so nha|so)\s*)?\d+\w?(?:[/-]\d+\w?)*(?=\W|$)", re.IGNORECASE)
_HOUSE_INSIDE = re.compile(r"(\b(?:số nhà|nhà số|số|so nha|nha so|so)\s*)\d+\w?(?:[/-]\d+\w?)*(?=\W|$)", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:da|vang|a|u|ok|oke|thi|la|o|tai|ve|cho|giao ve|giao toi|ship ve|gui ve|dc|dia chi|d/c|nha(?! (?:tro|tho"
    r"|van hoa|so|nghi|hang|san|may|bia|thuoc|nuoc|cong|sach|ong|ba|chu|co|bac|anh|chi|thay)\b)|em|toi|tui|minh|anh"
    r"|chi|con|chau|bac|co|chu|ong|ba|cua"
    r"|dia chi nha|cu the|ghi|giup|giup em|moi|hien|nay|dang|song|so nha(?=,)|lon|nham|sua|lai)\b[ ,:]*)+"
)
_TAIL = re.compile(
    r"[ ,]+(?:a|ạ|nha|nhe|nghe|nghen|luon|giup em|giup toi|em oi|em|nhe em|nha em"
    r"|(?:nha|nhe|a|do|day) (?:con|chau)|(?<=,) ?(?:con|chau)|do|do em|thoi|ne"
    r"|duoc roi)[ .!]*$"
)


_DOOR = re.compile(
    r"\b(?:so|nha|hem|kiot|kios|lo|km|phong|ngo|kiet)(?: nha| so)? ?\d|\d/\d|\d{1,4}[a-z]? (?:duong|hem)\b"
)
_LAST_NUMBER = re.compile(r"(?<![\w/])\d{1,4}[a-z]?(?:/\d+[a-z]?)*$")


def address(text: str, *, asked: bool = False) -> str | None:
    """Return the detailed address in `text`: a house number, a street, a hamlet, a landmark.

    When it was `asked` for, two words of any kind will do: people say "kế chùa Linh Sơn".
    """
    found = clean(text).replace("\n", ", ").strip(" ,.")
    if not 2 <= len(found) <= _LONGEST_ADDRESS or is_question(found):
        return None
    if _MARKUP.search(found) or links_in(found):  # it is read back, and goes to the post: no place is written like that
        return None
    found = _tidy(found)
    if not found:
        return None
    if has_address_word(found) or (asked and len(words(found)) > 1):
        return found
    return None


def is_of_a_proof(text: str) -> bool:
    """Tell whether `text` is the second factor of a dossier, and no house: "4 so cuoi 2468"."""
    return bool(re.search(r"\b(?:so cuoi|duoi \d|ma bi mat)\b", fold(text)))


def has_address_word(text: str) -> bool:
    """Tell whether `text` speaks like an address: a house number, "thôn", "hẻm", "gần"."""
    return bool(_ADDRESS_WORD.search(fold(text)))


def _tidy(text: str) -> str:
    """Return an address without "nhà em ở" before it, politeness behind it, and other facts between its commas."""
    parts = [part.strip() for part in text.split(",")]
    kept = [part for part in parts if part and not _other_fact(part)]
    found = ", ".join(kept) or text
    lead = _LEAD.match(fold(found))
    if lead and len(words(found[lead.end() :])) > 0:
        found = found[lead.end() :]
    while (tail := _TAIL.search(fold(found))) and len(words(found[: tail.start()])) > 1:
        said = found[tail.start() :].strip(" ,.")
        if said[:1].isupper() or said.lower().startswith("nhà") or said.lower() in ("đỏ", "đó đây"):
            break  # "đường Nguyễn Thị Em", "sau nhà"
        found = found[: tail.start()]
    return found.strip(" ,.")


def _other_fact(part: str) -> bool:
    """Tell whether a part between commas is another fact: a phone, "sáng thứ năm", "trả khi nhận"."""
    if reading.phone(part):
        return True
    if is_of_a_proof(part):
        return True
    if has_address_word(part):
        return False
    spoken = re.search(r"\b(?:thu|ngay|sang|chieu|mai|mot|tuan)\b", fold(part))
    return bool(
        (spoken and (reading.day(part) or reading.window(part))) or choices.payment_said(part) or choices.alone(part)
    )


def landmark(text: str, end: int) -> str:
    """Return the landmark that follows the address ending at `end`, with what parts them; "" when there is none."""
    match = _LANDMARK.match(fold(text), end)
    return text[end : match.end()].rstrip(" ,.") if match else ""


# Towns as people shorten them in an answer to "which commune?".
_SHORT_TOWNS = {
    "dl": "đà lạt",
    "dlat": "đà lạt",
    "bl": "bảo lộc",
    "bloc": "bảo lộc",
    "pt": "phan thiết",
    "gn": "gia nghĩa",
}


def towns_spelled_out(text: str) -> str:
    """Return `text` with short names of towns written out: "p1 dlat"."""
    return re.sub(r"[^\W\d_]+", lambda match: _SHORT_TOWNS.get(fold(match[0]), match[0]), text)


def is_too_short(text: str) -> bool:
    """Tell whether `text` is meant as an address and says next to nothing: one letter, one short word."""
    said = words(text)
    answers = ("khong", "ko", "k", "co", "ok", "da", "u", "um", "vang", "thoi", "roi", "dung", "hoi", "huy", "alo")
    return len(said) == 1 and len(said[0]) <= 3 and not said[0].isdigit() and said[0] not in answers


def is_vague(text: str) -> bool:
    """Tell whether a place is not enough to find a door: "bon Bu Prăng", "thôn 3", "gần chợ"."""
    return not (has_house_number(text) or _DOOR.search(fold(text)))


def has_house_number(text: str) -> bool:
    """Tell whether `text` begins like an address: "12 đường Mẫu", "45/2 Trần Phú"."""
    return bool(_HOUSE_AND_STREET.match(fold(text.strip())))


def part_with_house(text: str) -> str | None:
    """Return the part of a long message, between commas, that begins with a house number."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < LIST_OF_FACTS:
        return None
    return next((part for part in parts if has_house_number(part) and not reading.day(part)), None)


def mended_address(old: str, new: str) -> str:
    """Return the address after a correction: "số nhà 45" alone changes only the house number."""
    first, *rest = fold(new.strip(" .,")).split(",")
    only = _HOUSE_ONLY.fullmatch(first) if not any(map(has_address_word, rest)) else None
    for house in (_HOUSE_FIRST, _HOUSE_INSIDE):
        if only and house.search(old):
            return house.sub(lambda match: (match[1] or "") + only[1], old, count=1)
    return f"số nhà {only[1]}, {old}" if only else new  # "thôn 3" had none


def corrected(text: str) -> str | None:
    """Return the address that a correction gives: "ý lộn số nhà, thôn 3 số 51 mới phải" → "thôn 3 số 51"."""
    rest = without_praise(without_denied(text))
    match = re.search(
        r"\b(?:dia chi|so nha|nha so)(?: (?:dung )?la| dung| phai la|:)? *(?=\d)|\b(?:dia chi)(?: (?:dung )?la| dung"
        r"| phai la|:)? +|(?<![\w/])(?:so )?\d{1,4}[a-z]?(?:/\d+[a-z]?)*(?= [a-z]{2})"
        r"|\b(?:thon|xom|ap|buon|bon|hem|duong|to dan pho|khu pho|to|tdp|kp|ngo|kiet)\b",
        fold(rest),
    )
    if not match:
        house = _LAST_NUMBER.search(fold(rest)) if field_named(rest) == "address" else None
        return house[0] if house else None  # "số nhà sai, 45 mới đúng"
    keep = match.start() if not fold(match[0]).startswith("dia chi") else match.end()
    return address(rest[keep:])
