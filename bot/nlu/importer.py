"""Reads the project's sentences once a training; Rasa's own importer reads and merges all files again and again."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

_read: dict[tuple[tuple[str, int], ...], TrainingData] = {}


class OnceImporter(RasaFileImporter):
    """Rasa's file importer that remembers the sentences it has read (named in `config.yml`)."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the sentences of all files; read again only when a file has changed."""
        version = tuple((path, Path(path).stat().st_mtime_ns) for path in self._nlu_files)
        if version not in _read:
            parts = [load_data(path, language or "en") for path in self._nlu_files]
            _read[version] = TrainingData([example for part in parts for example in part.training_examples])
        return _read[version]
