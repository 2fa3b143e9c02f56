"""What two messages have in common that ask the same: their normalised words without the words of politeness."""

from __future__ import annotations

from bot.learning.masked import PLACEHOLDERS
from bot.normalise import syllables
from bot.spelling import is_syllable
from bot.text import fold

LONGEST = 160
# How people begin, end and address; what is asked does not change with them.
_POLITE = frozenset(
    """da vang a ah uh o oi e em anh chi ad admin shop ban minh toi tui t m c con chau co chu bac nha nhe nhi ne vay the
    cua cho hoi xin muon can giup gium dum voi duoc khong biet la va thi ma roi nua lam on cam""".split()
)


def shape(text: str) -> str:
    """Return the shape of a masked message; "" for one of which only politeness and placeholders are left."""
    for place in PLACEHOLDERS:
        text = text.replace(place, " ")
    found: list[str] = []
    for syllable in syllables(text):
        folded = fold(syllable.text)
        # "hong" may be "hồng" as well as "không": what is a syllable stays as it was typed.
        found += [folded] if is_syllable(folded) else syllable.normal.split()
    kept = [word for word in found if word.isalpha() and word not in _POLITE]
    return " ".join(kept)[:LONGEST].strip()
