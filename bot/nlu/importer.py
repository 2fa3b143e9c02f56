"""Lets `rasa train`, `rasa test` and the others find `nlu_data/` without being told (Rasa's default is `data/`)."""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter

from bot.settings import ROOT


class NluDataImporter(RasaFileImporter):
    """Rasa's own file importer, reading `nlu_data/` where no other place is given."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Take the paths of the command line; none of them existing means ours."""
        given = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        existing = [path for path in given if path and Path(path).exists()]
        super().__init__(config_file, domain_path, existing or [str(ROOT / "nlu_data")])
