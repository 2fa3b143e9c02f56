"""The import rules of the house, held by import-linter (contracts in pyproject.toml)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_imports_run_downwards_only() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_sql_in_actions_and_channels() -> None:
    for folder in ("actions", "bot/channels"):
        for file in (ROOT / folder).rglob("*.py"):
            assert "from sqlalchemy import" not in file.read_text(encoding="utf-8"), f"{file.name} holds SQL"


def test_the_product_needs_nothing_beside_the_checkout() -> None:
    for file in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("actions/*.py"), ROOT / "Makefile"]:
        assert "../shared" not in file.read_text(encoding="utf-8"), file
