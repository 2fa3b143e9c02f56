"""Questions beside any task: what a word of ours means, and who holds an office (which our records do not say)."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from bot.key_phrases import plain
from bot.messages import Message, button, say
from bot.phrases import phrase
from bot.settings import CONTENT

FILE = CONTENT / "words.yml"
LONGEST = 12  # words
_POLITE = r"(?:da|a|em|oi|vay|the|nhi|ha|ad|cho|toi|minh|hoi|con|chi|anh|oi|voi|do|day|roi|nua|han|thuc ra)"
_OFFICES = re.compile(
    r"\b(?:bi thu|(?:pho )?chu tich|(?:pho )?giam doc|truong phong|truong cong an|truong thon|to truong|lanh dao"
    r"|thu tuong|bo truong|nguoi dung dau|sep)\b"
)
_WHO = re.compile(r"\b(?:la ai|ai la|ten (?:gi|la gi)|ai lam|ai dang lam|ten ai)\b")


def answer(text: str) -> Message | None:
    """Return the answer to such a question; None when the text asks none."""
    said = plain(text)
    if len(said.split()) > LONGEST:
        return None
    for names, meaning in _words():
        asks = rf"(?:nay |do )?(?:la|nghia la|co nghia la) (?:ai|gi|cai gi|nguoi nao|sao|the nao)(?: {_POLITE})*"
        if re.fullmatch(rf"(?:{_POLITE} )*(?:{names}) {asks}", said):
            return say("info", meaning, topic="word")
    if _OFFICES.search(said) and _WHO.search(said):
        return say("info", phrase("who_holds_office"), button("Gặp nhân viên", "talk_to_human"), topic="office_holder")
    return None


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, str], ...]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(("|".join(re.escape(plain(str(name))) for name in row["names"]), str(row["meaning"])) for row in rows)
