"""The table of contract §2: the fields of every kind of message, and what they may hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

ASPECTS = {
    "overview", "documents", "fee", "duration", "place", "steps", "online", "forms", "legal_basis", "result",
    "eligibility", "proxy",
}  # fmt: skip
PICKUP_SLOTS = {
    "service", "dossier", "procedure", "recipient_name", "phone", "commune", "address", "date", "window", "proxy",
    "payment", "consent",
}  # fmt: skip
GUARD_REASONS = {"otp", "identity_document", "identity_number", "emergency", "scam", "abuse", "rate_limited"}

FIELDS: dict[str, tuple[str, ...]] = {
    "procedure": ("code", "name", "aspect", "as_of", "legal_basis"),
    "procedure_choices": ("options",),
    "dossier_question": ("slot",),
    "dossier_proof": ("code",),
    "dossier_status": ("code", "status", "label", "due_at", "late_working_days", "new_due_at", "tier"),
    "dossier_not_found": (),
    "dossier_locked": ("retry_after_s",),
    "subscribed": ("code",),
    "unsubscribed": ("code",),
    "pickup_question": ("slot",),
    "pickup_refused": ("reason", "alternatives"),
    "pickup_summary": (
        "service", "recipient_name", "phone", "commune", "address", "date", "window", "proxy", "payment",
    ),
    "pickup_booked": ("booking", "state", "date", "window", "fee"),
    "pickup_status": ("booking", "state"),
    "pickup_changed": ("booking", "state"),
    "pickup_cancelled": ("booking", "state"),
    "account_guide": ("goal", "step", "of"),
    "account_problem": ("problem", "step"),
    "place": ("units", "offices"),
    "info": ("topic",),
    "handoff": ("ticket", "open_now", "position"),
    "guard": ("reason",),
    "smalltalk": ("topic",),
    "fallback": ("attempt",),
    "confirm": ("what",),
    "cancelled": ("what",),
}  # fmt: skip


def check_reply(reply: dict[str, Any]) -> str:
    """Check one reply as the REST channel gives it; returns its kind."""
    assert reply["recipient_id"]
    assert isinstance(reply["text"], str) and reply["text"].strip()
    custom = reply["custom"]
    kind: str = custom["kind"]
    assert kind in FIELDS, f"{kind} is in the contract"
    missing = set(FIELDS[kind]) - custom.keys()
    assert not missing, f"{kind} lacks {missing}"
    for button in reply.get("buttons", []):
        assert button["title"].strip() and button["payload"].startswith("btn:")
    check_values(kind, custom)
    return kind


def check_values(kind: str, custom: dict[str, Any]) -> None:
    """Check what the fields of a kind may hold."""
    if kind == "procedure":
        assert custom["aspect"] in ASPECTS and isinstance(custom["legal_basis"], list)
    elif kind in ("procedure_choices", "place"):
        for option in custom["options" if kind == "procedure_choices" else "units"]:
            assert set(option) >= {"code", "name"}
    elif kind == "dossier_status":
        assert 1 <= custom["status"] <= 10 and custom["tier"] in (0, 1)
        for key in ("due_at", "new_due_at"):
            assert custom[key] is None or datetime.fromisoformat(custom[key])
    elif kind == "pickup_question":
        assert custom["slot"] in PICKUP_SLOTS
    elif kind == "pickup_refused":
        assert isinstance(custom["alternatives"], list)
    elif kind == "pickup_booked":
        assert custom["fee"] is None or isinstance(custom["fee"], int)
        assert custom["window"] in ("morning", "afternoon")
    elif kind == "handoff":
        assert isinstance(custom["open_now"], bool) and custom["position"] >= 1
    elif kind == "guard":
        assert custom["reason"] in GUARD_REASONS
    elif kind == "fallback":
        assert custom["attempt"] in (1, 2, 3)


def check_error(status: int, body: Any) -> None:
    """Check the shape of an error (contract §1)."""
    assert status in (400, 413), status
    assert set(body) == {"error"} and set(body["error"]) == {"code", "message"}
    assert body["error"]["code"] and body["error"]["message"]
