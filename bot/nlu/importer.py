"""Rasa's file importer, but it reads once: Rasa asks for the sentences several times in a training.

It adds the everyday needs of our content, and what was learnt at the desk, to the sentences of `nlu_data`.
"""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import learned, needs

_read: dict[tuple[tuple[str, int], ...], TrainingData] = {}


class ProjectImporter(RasaFileImporter):
    """Gives Rasa what the models learn from (named in `config.yml`)."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the sentences of all files; read again only when a file has changed."""
        version = (*((path, Path(path).stat().st_mtime_ns) for path in self._nlu_files), learned.version())
        if version not in _read:
            parts = [load_data(path, language or "en") for path in self._nlu_files]
            written = [example for part in parts for example in part.training_examples]
            # Where there are stories only, there is no intent model to teach.
            _read[version] = TrainingData(
                written + needs.sentences() + learned.sentences(language or "vi") if written else []
            )
        return _read[version]
