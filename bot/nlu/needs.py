"""Everyday words that say nothing but a need: who types "mở quán cà phê nhỏ" asks for a procedure."""

from __future__ import annotations

import re

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.normalise import normal_text
from bot.procedures.everyday import everyday

UNMARKED = "unmarked"  # nobody has marked the names in such a sentence: the CRF learns nothing from it
# Of procedures asked for as often as this, and no more words of each: the rest would outweigh what people wrote.
ASKED_OFTEN, OF_EACH = 40, 4
# Words that ask for more than the need itself: the intent is another one.
_MORE = re.compile(
    r"\b(?:o dau|cho nao|bao nhieu|bao lau|may ngay|gi|nao|sao|dau|khong|chua|online|qua mang|vneid|phi|tien|mau|"
    r"thay|ho so|buu dien)\b"
)


def sentences() -> list[Message]:
    """Return everyday words that say nothing but a need, as sentences to learn from."""
    found = []
    for words in everyday().values():
        if words.popularity >= ASKED_OFTEN:
            plain = [alias for alias in words.aliases if not _MORE.search(normal_text(alias))]
            found += [Message({TEXT: alias, INTENT: "ask_procedure", UNMARKED: True}) for alias in plain[:OF_EACH]]
    return found
