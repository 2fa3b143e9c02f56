"""The engine: loads the model once, then answers one message at a time on the tracker it is handed."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any

import structlog
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.log_utils import configure_structlog

from bot.conversation.engine import tracker as trackers
from bot.conversation.engine.processor import CollectedReplies, NeedsTensorFlow, TurnProcessor
from bot.conversation.exchange import EngineReply, Said

LIVE_TRACKERS = 2_000


class ModelError(RuntimeError):
    """The model cannot be loaded; the text says what to do."""


class Engine:
    """The trained assistant. `answer` may be called from any thread; one turn runs at a time on each."""

    def __init__(self, model: Path) -> None:
        """Load the model.

        Raises ModelError with one sentence that says what to do.
        """
        for name in ("rasa", "rasa_sdk"):
            logging.getLogger(name).setLevel(logging.WARNING)
        configure_structlog(logging.WARNING)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        if not model.is_file():
            raise ModelError(f"Chưa có mô hình {model.name}. Hãy chạy: make train")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._processor = TurnProcessor(str(model))
        except NeedsTensorFlow as error:
            raise ModelError(
                f"Mô hình {model.name} dùng {error}, cần TensorFlow; trợ lý chạy không có TensorFlow. "
                "Hãy bỏ thành phần đó khỏi config.yml rồi chạy: make train"
            ) from error
        except Exception as error:  # a damaged archive or pickle may raise anything: zlib.error, UnpicklingError, …
            raise ModelError(
                f"Mô hình {model.name} bị hỏng hoặc không đọc được ({type(error).__name__}). "
                "Hãy xóa tệp này rồi chạy: make train"
            ) from error
        self._live: OrderedDict[str, tuple[str, DialogueStateTracker]] = OrderedDict()
        self._guard = threading.Lock()
        self._loops = threading.local()

    def understand(self, text: str) -> dict[str, Any]:
        """Return intent, ranking and entities of `text`; changes nothing.

        Offsets count characters of `text` as it is (Rasa drops white space at the ends before it counts).
        """
        stripped = text.strip()
        if not stripped:
            return {"text": text, "intent": {"name": None, "confidence": 0.0}, "intent_ranking": [], "entities": []}
        parsed = self._processor.parse(stripped)
        before = len(text) - len(text.lstrip())
        moved = [{**e, "start": e["start"] + before, "end": e["end"] + before} for e in parsed["entities"]]
        return {**parsed, "text": text, "entities": moved} if before else parsed

    def answer(self, asker: str, said: Said, events: str | None, metadata: dict[str, Any]) -> EngineReply:
        """Answer one message.

        `events` is the dialogue as stored; None begins a new session. The reply's events are to be stored in the
        same transaction as all that the actions did.
        """
        tracker = self._tracker(asker, events)
        output = CollectedReplies()
        message = UserMessage(said.text, output, asker, input_channel=metadata.get("channel"), metadata=metadata)
        parsed = self._meaning(said) if said.meaning else self._processor.parse(said.text)
        self._run(self._processor.take(tracker, message, parsed, output))
        tracker = trackers.compact(tracker, self._processor.domain)
        written = trackers.dump(tracker)
        self._keep(asker, written, tracker)
        return EngineReply(output.messages, written, parsed, tracker.active_loop_name)

    def _tracker(self, asker: str, events: str | None) -> DialogueStateTracker:
        """Take the live tracker out when it is just what is stored, otherwise read what is stored.

        A turn that was rolled back leaves a live tracker that the database has never seen: it fits nothing.
        """
        with self._guard:
            live = self._live.pop(asker, None)
        if events is None:
            return trackers.new_tracker(asker, self._processor.domain)
        if live is not None and live[0] == events:
            return live[1]
        return trackers.load(asker, self._processor.domain, events)

    def _keep(self, asker: str, written: str, tracker: DialogueStateTracker) -> None:
        with self._guard:
            self._live[asker] = (written, tracker)
            while len(self._live) > LIVE_TRACKERS:
                self._live.popitem(last=False)

    def _meaning(self, said: Said) -> dict[str, Any]:
        """Read a pressed button's payload: `/intent{"entity": "value"}`."""
        assert said.meaning is not None
        name, brace, rest = said.meaning.lstrip("/").partition("{")
        values = json.loads(brace + rest) if brace else {}
        entities = [
            {"entity": entity, "value": value, "start": 0, "end": len(said.text), "extractor": "button"}
            for entity, value in values.items()
        ]
        intent = {"name": name, "confidence": 1.0}
        return {"text": said.text, "intent": intent, "entities": entities, "intent_ranking": [intent]}

    def _run(self, coroutine: Any) -> None:
        """Run a coroutine on this thread's own event loop."""
        loop = getattr(self._loops, "loop", None)
        if loop is None:
            loop = self._loops.loop = asyncio.new_event_loop()
        loop.run_until_complete(coroutine)
