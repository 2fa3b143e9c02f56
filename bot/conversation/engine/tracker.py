"""The dialogue of one session as text and back, and kept short.

Rasa replays every event of a tracker at each prediction; an uncapped tracker makes message 200 cost ten times
message 1. What rules look at is the message at hand, the slots and the active form: so much is kept.
"""

from __future__ import annotations

import json

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

_TYPES: dict[str, type[Event]] = {
    kind.type_name: kind
    for kind in (
        ActionExecuted,
        ActiveLoop,
        SessionStarted,
        SlotSet,
    )
}


def new_tracker(asker: str, domain: Domain) -> DialogueStateTracker:
    """Return the tracker of a session that begins now."""
    return _of(
        asker,
        domain,
        [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")],
    )


def load(asker: str, domain: Domain, text: str) -> DialogueStateTracker:
    """Return the tracker that `dump` wrote down."""
    events = []
    for parameters in json.loads(text):
        kind = _TYPES.get(parameters["event"])
        if kind is not None:
            events.append(kind._from_parameters(dict(parameters)))
    return _of(asker, domain, events)


def dump(tracker: DialogueStateTracker) -> str:
    """Write a compacted tracker down."""
    return json.dumps([event.as_dict() for event in tracker.events], ensure_ascii=False)


def compact(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """Return a tracker of the same state, short: its slots and active form, waiting for the next message.

    No rule looks further back than the message that is being answered; what was said is in inbox and outbox.
    """
    state: list[Event] = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        *(SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.value is not None),
        *([ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []),
        ActionExecuted("action_listen"),
    ]
    return _of(tracker.sender_id, domain, state)


def _of(asker: str, domain: Domain, events: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(asker, events, slots=domain.slots, domain=domain)
