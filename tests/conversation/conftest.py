"""A second assistant, as another process would hold it, and chats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from talking import Chat

from bot.app import PULL_CHANNELS
from bot.conversation.engine import Engine
from bot.conversation.turn import Turns
from bot.db.engine import Database


@pytest.fixture(scope="session")
def second_engine(model: Path) -> Engine:
    """The same model, loaded again: what another process has in memory."""
    return Engine(model)


@pytest.fixture
def second_turns(furnished: Database, second_engine: Engine) -> Turns:
    """Turns of another process on the same database."""
    return Turns(Database(str(furnished.url.render_as_string(hide_password=False))), second_engine, 30, PULL_CHANNELS)


@pytest.fixture
def chat(furnished: Database, turns: Turns) -> Callable[..., Chat]:
    """Begin a chat; the second process's by turns=second_turns."""

    def _chat(sender: str | None = None, turns: Turns = turns, channel: str = "rest") -> Chat:
        return Chat(furnished, turns, sender, channel)

    return _chat
