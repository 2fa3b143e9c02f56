"""The communes and the provincial centre in the database, and turns without Rasa."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from actions.turn import Turn
from bot.places import offices, units
from bot.settings import CONTENT


@pytest.fixture
def places(session: Session) -> Session:
    """A session with all communes and the shipped offices."""
    units.load_units(session)
    offices.load_offices(session, CONTENT / "offices.jsonl")
    return session


@pytest.fixture
def turn(places: Session) -> Callable[..., Turn]:
    """Build a turn as the actions see it; entities as keyword arguments."""

    def _turn(text: str, intent: str, slots: dict[str, Any] | None = None, **entities: str) -> Turn:
        return Turn(
            session=places,
            asker="rest:c1",
            conversation_id=1,
            channel="rest",
            text=text,
            intent=intent,
            entities=[{"entity": name, "value": value} for name, value in entities.items()],
            slots=slots or {},
            requested_slot=None,
            active_loop=None,
        )

    return _turn
