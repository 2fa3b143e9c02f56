"""Rasa's message processor, kept to what a turn needs.

Left out, on purpose: the lock store (a turn holds the conversation's row), the tracker store (the turn's
transaction loads and saves), reminders (in memory only), the HTTP interpreter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.conversation.engine import without_tensorflow
from bot.conversation.engine.runner import PlannedRunner

# Upstream walks all subclasses of Event for every event it reads.
Event.resolve_by_type = staticmethod(lru_cache(maxsize=64)(Event.resolve_by_type))


def _copy_slot(slot: Slot) -> Slot:
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


# A turn copies every slot three times; without this, through the protocol of pickles.
Slot.__copy__ = _copy_slot

REMEMBERED_STEPS = 20_000
FALLBACK_ACTION = "action_fallback"
_LEADING_SLASHES = re.compile(r"^[\s/]*/")
_NO_TRACKER = DialogueStateTracker.from_events("", [])


class InProcessActions(EndpointConfig):
    """An action endpoint that runs the actions here, in the transaction of the turn."""

    def __init__(self) -> None:
        """Register every action of the `actions` package."""
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, json: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Run the action that `json` names and return its events and responses."""
        return await self._executor.run(json)


class _Event(msgspec.Struct):
    """An event as an action returns it; each has its name."""

    event: str


class _ActionResult(msgspec.Struct):
    """The answer of an action server, as far as Rasa's own schema demands anything of it."""

    events: list[_Event]
    responses: list[dict[str, Any]]


def _validate_action_result(_self: RemoteAction, result: dict[str, Any]) -> bool:
    msgspec.convert(result, _ActionResult)
    return True


# Upstream builds a JSON schema and checks it at every call: four fifths of a turn's time, measured. This check
# is compiled once.
RemoteAction._validate_action_result = _validate_action_result


class NeedsTensorFlow(RuntimeError):
    """The model has components (named in the text) that compute with what was left out of this process."""


class CollectedReplies(OutputChannel):
    """Takes the messages of one turn, whole: text, buttons and the machine-readable part together."""

    def __init__(self) -> None:
        """Begin with no message."""
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name for Rasa."""
        return "motcua"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message."""
        self.messages.append(message)


class TurnProcessor(MessageProcessor):
    """Handles one message on a tracker that the turn hands over."""

    def __init__(self, model_path: str) -> None:
        """Load the model; raises rasa.exceptions.ModelNotFound and others when it cannot be read."""
        super().__init__(
            model_path=model_path,
            tracker_store=InMemoryTrackerStore(Domain.empty()),
            lock_store=InMemoryLockStore(),
            generator=NaturalLanguageGenerator.create(None, Domain.empty()),
            action_endpoint=InProcessActions(),
        )
        self.nlg = NaturalLanguageGenerator.create(None, self.domain)
        self._remembered: dict[tuple[Any, ...], PolicyPrediction] = {}

    @staticmethod
    def _load_model(model_path: str) -> tuple[str, ModelMetadata, GraphRunner]:
        """Load the model into our runner; raises NeedsTensorFlow."""
        schema = LocalModelStorage.metadata_from_archive(model_path).predict_schema
        if needed := without_tensorflow.needed_by(node.uses for node in schema.nodes.values()):
            raise NeedsTensorFlow(", ".join(needed))
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, PlannedRunner
            )
        return Path(model_path).name, metadata, runner

    async def take(
        self,
        tracker: DialogueStateTracker,
        message: UserMessage,
        parsed: dict[str, Any],
        output: OutputChannel,
    ) -> None:
        """Answer one understood message: log it, then act until the rules say to listen."""
        tracker.update(
            UserUttered(
                message.text,
                parsed["intent"],
                parsed["entities"],
                parsed,
                input_channel=message.input_channel,
                message_id=message.message_id,
                metadata=message.metadata,
            ),
            self.domain,
        )
        await self._run_prediction_loop(output, tracker)

    def parse(self, text: str) -> dict[str, Any]:
        """Understand one text; it is never obeyed as a raw intent."""
        # Rasa takes a leading slash for an intent. A dot in its place keeps all offsets.
        harmless = _LEADING_SLASHES.sub(lambda match: "." * len(match.group()), text)
        parsed = self._parse_message_with_graph(UserMessage(harmless), _NO_TRACKER)
        parsed["text"] = text
        return parsed

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """Return what the rules say; the same steps always lead to the same action, so it is remembered."""
        if tracker.followup_action:
            return super()._predict_next_with_tracker(tracker)
        steps = _steps(tracker)
        prediction = self._remembered.get(steps)
        if prediction is None:
            prediction = super()._predict_next_with_tracker(tracker)
            # No rule goes on after an action that another one called: then it is the citizen's turn. (Upstream
            # would run the fallback, again and again.)
            action = self.domain.action_names_or_texts[prediction.max_confidence_index]
            if action == FALLBACK_ACTION and tracker.latest_action_name != ACTION_LISTEN_NAME:
                prediction = PolicyPrediction.for_action_name(self.domain, ACTION_LISTEN_NAME)
            if len(self._remembered) < REMEMBERED_STEPS:
                self._remembered[steps] = prediction
        return prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run one action. Unlike upstream, an action that fails fails the turn: it will be tried again whole."""
        seen = tracker
        if prediction.events:
            seen = tracker.copy()
            seen.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, seen, self.domain)
        except ActionExecutionRejection:
            tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
            return self.should_predict_another_action(action.name())
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())


def _steps(tracker: DialogueStateTracker) -> tuple[Any, ...]:
    """Return all that a rule can look at: the form, whether it asks, and the steps so far, without any text."""
    steps: list[Any] = [
        tracker.active_loop_name,
        bool(tracker.active_loop and tracker.active_loop.rejected),
        bool(tracker.active_loop and tracker.active_loop.is_interrupted),
        tracker.slots["requested_slot"].value if "requested_slot" in tracker.slots else None,
    ]
    for event in tracker.events:
        if isinstance(event, UserUttered):
            steps.append(("user", event.intent_name))
        elif isinstance(event, (ActionExecuted, ActionExecutionRejected)):
            steps.append((event.type_name, event.action_name))
        elif isinstance(event, ActiveLoop):
            steps.append(("loop", event.name))
        elif isinstance(event, LoopInterrupted):
            steps.append(("interrupted", event.is_interrupted))
        elif isinstance(event, SlotSet) and event.key == "requested_slot":
            steps.append(("asks", event.value))
    return tuple(steps)
