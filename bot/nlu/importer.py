"""Reads the project's sentences once a training; Rasa's own importer reads and merges all files again and again.

Everyday words of the procedures asked for most are sentences too: who types "mở quán cà phê nhỏ" asks for a procedure.
"""

from __future__ import annotations

import re
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.normalise import normal_text
from bot.procedures.everyday import everyday

ASKED_OFTEN, OF_EACH = 40, 4
UNMARKED = "unmarked"  # nobody has marked the names in it: the CRF learns nothing from it
# These ask for more than the need itself: their intent is another one.
_MORE = re.compile(
    r"\b(?:o dau|cho nao|bao nhieu|bao lau|may ngay|gi|nao|sao|dau|khong|chua|online|qua mang|vneid|phi|tien|mau|"
    r"thay|ho so|buu dien)\b"
)
_read: dict[tuple[tuple[str, int], ...], TrainingData] = {}


class OnceImporter(RasaFileImporter):
    """Rasa's file importer that remembers the sentences it has read (named in `config.yml`)."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the sentences of all files; read again only when a file has changed."""
        version = tuple((path, Path(path).stat().st_mtime_ns) for path in self._nlu_files)
        if version not in _read:
            parts = [load_data(path, language or "en") for path in self._nlu_files]
            written = [example for part in parts for example in part.training_examples]
            own = any(example.get(INTENT) == "ask_procedure" for example in written)
            _read[version] = TrainingData(written + (needs() if own else []))
        return _read[version]


def needs() -> list[Message]:
    """Return everyday words that say nothing but a need, as sentences of `ask_procedure`."""
    found = []
    for words in everyday().values():
        if words.popularity >= ASKED_OFTEN:
            plain = [alias for alias in words.aliases if not _MORE.search(normal_text(alias))]
            found += [Message({TEXT: alias, INTENT: "ask_procedure", UNMARKED: True}) for alias in plain[:OF_EACH]]
    return found
