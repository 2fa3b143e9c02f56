"""Reading names and addresses, which have no fixed form: strict about what is surely neither."""

from __future__ import annotations

import re

from bot.pickups.form.reading import is_question
from bot.text import clean, fold, words

_LONGEST_NAME, _LONGEST_ADDRESS = 60, 300
# Words that fill short answers but no name; a name in capitals may hold them ("Trần Thị Mai").
_NO_NAME_WORDS = """
    khong ko co dung sai roi ok oke vang da um uh thoi huy nham sua doi cam on hello alo chao ngay gio
    buoi sang chieu mai hom nay hoi phi cuoc tien nhan vien gap giup sao gi dau nao mot minh tu xa phuong
    duong thon
"""
# "quỳnh giao" is a name, "đặt giao về nhà" is none: single words do not tell.
_NO_NAME = re.compile(r"\b(?:ve nha|tan nha|dat giao|dat lich|giao ve|ket qua|ho so|giay to|buu dien|buu ta)\b")
_NOT_A_NAME = frozenset(_NO_NAME_WORDS.split())
# In folded text, which keeps every position: what comes before and after a name.
_WHO = "(?:toi|em|minh|tui|con|anh|chi|bac|co|chu|ba|ong|ong ngoai|chong|vo|no)"
_LEADS = (
    rf"(?:ho )?ten(?: cua)?(?: {_WHO})?(?: (?:la|:))?",
    r"nguoi (?:nhan|giao|lam thay)(?: ho so)?(?: (?:la|:)|:)?",
    rf"{_WHO}(?: ten)?(?: toi| em| minh| tui)?(?: (?:la|ten)\b)+",
    r"ghi(?: ten)?(?: la)?",
    r"(?:da|a|u)\b,?",
)
_NAME_LEAD = re.compile(rf"^(?:(?:{'|'.join(_LEADS)})[ :,]+)+")
_NAME_TAIL = re.compile(r"(?:[ ,]+(?:a|nha|nhe|nghen|nghe|luon|giup em|gium em))+[ .!]*$")
_PART = r"[^\W\d_]['’]?[^\W\d_]*(?:['’-][^\W\d_]+)?"
_NAME = re.compile(rf"{_PART}(?: {_PART}){{1,5}}|[^\W\d_]['’][^\W\d_]+")

_PLACE_WORDS = (
    "so nha|so \\d|duong|thon|xom|ap|buon|bon|to dan pho|to \\d|doi \\d|khu pho|khu|hem|ngo|ngach|kiet",
    "lo|cho|toa|chung cu|quan|tiem|nha tro|cong ty|truong|gan|doi dien|canh|kios|ktx|ky tuc xa|ql|quoc lo",
)
_ADDRESS_WORD = re.compile(rf"\b(?:{'|'.join(_PLACE_WORDS)})\b|^\d+[a-z]?(?:[/-]\d+[a-z]?)*\b")
_HOUSE_AND_STREET = re.compile(r"(?:so |so nha )?\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?)*,? [a-z]{2}")
# What postmen go by: "gần chợ", "đối diện trường", "sau lưng nhà văn hóa", up to the next comma or another fact.
_LANDMARK = re.compile(
    r"[ ,(]*(?:gan|canh|ke|sat|doi dien|sau lung|phia sau|truoc mat|dau|cuoi|ngay|nga (?:ba|tu)|cach)\b"
    r"(?:(?!\b(?:nha|nhe|a|em|giup|sang|chieu|ngay|thu|sdt|so dien thoai|xa|phuong|tra)\b)[^,;.\n\d]|\d{1,3}(?!\d|/)){1,60}"
)
_HOUSE_ONLY = re.compile(r"(?:so nha|nha so|so)?\s*(\d+[a-z]?(?:[/-]\d+[a-z]?)*)")
_HOUSE_FIRST = re.compile(r"^((?:số nhà|nhà số|số)\s*)?\d+\w?(?:[/-]\d+\w?)*(?=\W|$)", re.IGNORECASE)


def name(text: str) -> str | None:
    """Return the person's name that `text` consists of, or None when it does not look like one."""
    found = clean(text)
    if lead := _NAME_LEAD.match(fold(found)):
        found = found[lead.end() :]
    if tail := _NAME_TAIL.search(fold(found)):
        found = found[: tail.start()]
    found = found.strip(" .,!:")
    if len(found) > _LONGEST_NAME or not _NAME.fullmatch(found) or is_question(found) or _NO_NAME.search(fold(found)):
        return None
    capitals = all(part[0].isupper() for part in found.split())
    if not capitals and _NOT_A_NAME.intersection(words(found)):
        return None
    return found if any(char.isupper() for char in found) else found.title()


def address(text: str, *, asked: bool = False) -> str | None:
    """Return the detailed address in `text`: a house number, a street, a hamlet, a landmark.

    When it was `asked` for, two words of any kind will do: people say "kế chùa Linh Sơn".
    """
    found = clean(text).replace("\n", ", ").strip(" ,.")
    if is_question(found) or not 2 <= len(found) <= _LONGEST_ADDRESS:
        return None
    if _ADDRESS_WORD.search(fold(found)) or (asked and len(words(found)) > 1):
        return found
    return None


def landmark(text: str, end: int) -> str:
    """Return the landmark that follows the address ending at `end`, with what parts them; "" when there is none."""
    match = _LANDMARK.match(fold(text), end)
    return text[end : match.end()].rstrip(" ,.") if match else ""


def is_too_short(text: str) -> bool:
    """Tell whether `text` is meant as an address and says next to nothing: one letter, one short word."""
    said = words(text)
    return len(said) == 1 and len(said[0]) <= 3 and not said[0].isdigit() and said[0] not in _NOT_A_NAME


def has_house_number(text: str) -> bool:
    """Tell whether `text` begins like an address: "12 đường Mẫu", "45/2 Trần Phú"."""
    return bool(_HOUSE_AND_STREET.match(fold(text.strip())))


def mended_address(old: str, new: str) -> str:
    """Return the address after a correction: "số nhà 45" alone changes only the house number."""
    only = _HOUSE_ONLY.fullmatch(fold(new.strip()))
    if only and _HOUSE_FIRST.search(old):
        return _HOUSE_FIRST.sub(lambda match: (match[1] or "") + only[1], old, count=1)
    return new
