"""Official names as people read them: the national list shouts some of them in capitals."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_SHOUTED = 0.6  # of the letters; "Cấp phép của UBND tỉnh" holds a capital word and shouts nothing
# What keeps its capitals in a sentence: short forms, and names by their beginning in small letters.
_SHORT_FORMS = frozenset("UBND HĐND BHXH BHYT BHTN QSDĐ CP NĐ TT QH BNV BCA CCCD VNEID ASEAN WTO EU".split())
_NAMES = (
    "Việt Nam", "Nhà nước", "Luật Tín ngưỡng", "Nghị định", "Thông tư", "Chính phủ", "Quốc hội", "Ủy ban nhân dân",
    "Uỷ ban nhân dân", "Hội đồng nhân dân", "Lâm Đồng", "Đắk Nông", "Bình Thuận",
)  # fmt: skip
_PROPER = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in _NAMES), re.IGNORECASE)
_BY_SMALL = {name.lower(): name for name in _NAMES}


def sentence_case(name: str) -> str:
    """Return an official name in sentence case when most of it is in capitals; any other name as it is."""
    letters = [char for char in name if char.isalpha()]
    if not letters or sum(char.isupper() for char in letters) < _SHOUTED * len(letters):
        return name
    small = _WORD.sub(lambda word: word[0] if word[0] in _SHORT_FORMS else word[0].lower(), name)
    small = _PROPER.sub(lambda found: _BY_SMALL[found[0].lower()], small)
    return small[:1].upper() + small[1:]
