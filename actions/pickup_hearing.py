"""Taking a message in: what was read in it is resolved against the records, proved, or refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actions.pickup_message import (
    EDIT,
    LEAVING,
    NEAR_BY,
    OLD_ADDRESS,
    OTHER_RECIPIENT,
    PROXY_NAME,
    UNCLEAR,
    WRONG_FACTOR,
    Message,
    field_to_edit,
    wants_a_proxy,
    wants_editing,
)
from actions.pickup_reading import read
from actions.turn import Turn
from bot.dossiers import codes, proof
from bot.dossiers.answers import asking
from bot.dossiers.proof import Result, factors
from bot.messages import Message as Said
from bot.pickups import neighbours
from bot.pickups.eligibility import Refusal
from bot.pickups.form import draft, questions, reading, reading_people
from bot.places import location

_MOST_CHOICES = 5
_DOSSIER_INTENTS = frozenset({"inform", "check_dossier", "book_delivery", "correct_previous"}) | UNCLEAR


@dataclass
class Heard:
    """What a message came to: facts (None: ask again), other slots, what to say, whether to stop."""

    fields: dict[str, Any] = field(default_factory=dict)
    slots: dict[str, Any] = field(default_factory=dict)
    messages: list[Said] = field(default_factory=list)
    refusal: Refusal | None = None
    stop: bool = False


def hear(message: Message) -> Heard:
    """Return what the message changes; nothing at all when it is no answer."""
    heard = Heard()
    if _location(message, heard):
        return heard
    found = read(message)
    _dossier(message, heard)
    if heard.stop:
        return heard
    if "phone" in found:
        _phone(found, heard)
    if "commune" in found:
        _commune(message, found.pop("commune"), heard)
    if "procedure" in found:
        _procedure(message, found.pop("procedure"), heard)
    heard.fields.update(found)
    if message.asked == "date" and not heard.fields and message.is_strict_answer:
        _unsure_day(message, heard)
    if message.asked == "address" and not heard.fields and reading_people.is_too_short(message.text):
        heard.fields["address"] = None
        text = "Dạ, địa chỉ vậy ngắn quá, bưu tá khó tìm."
        heard.messages.append(questions.complaint("address", text))
    if not heard.fields:
        _without_facts(message, heard)
    if heard.fields and message.turn.slots.get("pending") and "pending" not in heard.slots:
        heard.slots["pending"] = None
    return heard


def _without_facts(message: Message, heard: Heard) -> None:
    """Take in what gives no fact and still is no question: "sửa lại", "ngày khác", "nhờ người khác"."""
    if message.turn.intent in LEAVING:
        return
    name = field_to_edit(message)
    if name:
        heard.fields[name] = None
        if name == "address":
            heard.slots["pending"] = f"{OLD_ADDRESS}{message.fields.get('address') or ''}"
    elif message.asked == "consent" and wants_editing(message):
        heard.fields["consent"] = None
        heard.slots["pending"] = EDIT
    elif message.asked and wants_editing(message):
        before = _fact_before(message)
        heard.fields.update({before: None} if before else {})
    elif message.asked == "recipient_name" and message.turn.intent == "deny":
        heard.fields["recipient_name"] = None
        heard.slots["pending"] = OTHER_RECIPIENT
    elif wants_a_proxy(message):
        heard.fields["proxy"] = None
        heard.slots["pending"] = PROXY_NAME
    elif message.asked == "window" and message.turn.intent == "deny":
        heard.fields.update(date=None, window=None)


def _fact_before(message: Message) -> str | None:
    """Return the fact given last: "à nhầm" alone means that one."""
    order = draft.needed(message.fields)
    given = order[: order.index(message.asked)] if message.asked in order else []
    return next((name for name in reversed(given) if name != "service" and message.fields.get(name)), None)


def _phone(found: dict[str, Any], heard: Heard) -> None:
    found["phone"] = reading.phone(found["phone"])
    if found["phone"] is None:
        text = "Dạ, số này chưa đúng, số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09 ạ."
        heard.messages.append(questions.complaint("phone", text))


def _unsure_day(message: Message, heard: Heard) -> None:
    """Ask back for a day that names none of our calendar: "ngày rằm", "tuần sau", "bữa nào cũng được"."""
    if text := reading.unsure_day(message.text):
        heard.fields["date"] = None
        heard.messages.append(questions.complaint("date", text))


def _location(message: Message, heard: Heard) -> bool:
    """Take a shared location as the answer to "which commune?": the nearest ones are asked back."""
    point = location.shared(message.turn.entity("location") or "")
    if point is None or message.asked not in ("commune", "address"):
        return False
    units = neighbours.near_units(point)
    heard.fields["commune"] = None
    heard.slots["unit_options"] = [code for code, _ in units] or None
    heard.slots["pending"] = NEAR_BY if units else None
    if not units:
        text = "Dạ, vị trí này nằm ngoài tỉnh Lâm Đồng. Anh/chị cho em tên tỉnh, thành phố hoặc xã, phường giúp em ạ."
        heard.messages.append(questions.complaint("commune", text))
    return True


def _commune(message: Message, text: str, heard: Heard) -> None:
    if text.startswith(draft.OUTSIDE):
        heard.fields["commune"] = text
        heard.slots["unit_options"] = None
        return
    units = neighbours.find_units(text)
    if len(units) == 1:
        heard.fields["commune"] = units[0][0]
        heard.slots["unit_options"] = None
    elif units:
        heard.fields["commune"] = None
        heard.slots["unit_options"] = [code for code, _ in units[:_MOST_CHOICES]]
    elif message.asked == "commune":
        heard.fields["commune"] = None
        heard.slots["unit_options"] = None
        text = "Dạ, em chưa tìm được xã, phường nào ở Lâm Đồng mang tên này ạ."
        heard.messages.append(questions.complaint("commune", text))


def _procedure(message: Message, text: str, heard: Heard) -> None:
    found = neighbours.find_procedures(message.turn.session, text)
    if len(found) == 1 or (found and _none_goes_by_post(message, found)):
        heard.fields["procedure"] = found[0][0]
        heard.slots["procedure_options"] = None
    elif found:
        heard.fields["procedure"] = None
        heard.slots["procedure_options"] = [code for code, _ in found[:_MOST_CHOICES]]
    elif message.asked == "procedure":
        heard.fields["procedure"] = None
        text = "Dạ, em chưa rõ hồ sơ này. Anh/chị nói tên giấy tờ cần làm giúp em, như khai sinh, hộ kinh doanh."
        heard.messages.append(questions.complaint("procedure", text))


def _none_goes_by_post(message: Message, found: list[tuple[str, str]]) -> bool:
    """Return whether none of several procedures can be handed to the postman: then it need not be asked which."""
    facts = [neighbours.procedure(message.turn.session, code) for code, _ in found]
    return all(fact is not None and fact.bcci_collect == "no" for fact in facts)


def _dossier(message: Message, heard: Heard) -> None:
    """Read the dossier's code, and the factor that proves it; the factor itself is kept nowhere."""
    turn = message.turn
    if message.fields.get("service") == "collect" or turn.intent in LEAVING:
        return
    if turn.entity("dossier_code") == asking.OTHER:
        heard.fields["dossier"] = None
        heard.slots["dossier_code"] = None
        return
    named = _named_code(turn) if message.gives or turn.intent in _DOSSIER_INTENTS else None
    candidate = named or (turn.slots.get("dossier_code") if message.asked == "dossier" else None)
    if candidate is None:
        if message.asked == "dossier" and look_alike(turn):
            heard.fields["dossier"] = None  # an answer, only not a code: the question says what it is
        return
    if named and named != message.fields.get("dossier"):
        heard.fields["dossier"] = None
        heard.slots["dossier_code"] = named
    if proof.proved(turn.session, turn.asker, candidate):
        heard.fields["dossier"] = candidate
        return
    factor = _factor(message, with_code=named is not None)
    if factor is not None:
        _prove(turn, candidate, factor, heard)


def _prove(turn: Turn, code: str, factor: str, heard: Heard) -> None:
    outcome = proof.prove(turn.session, turn.asker, code, factor)
    heard.fields["dossier"] = code if outcome.result is Result.PROVED else None
    if outcome.result is Result.WRONG:
        heard.slots["pending"] = WRONG_FACTOR
    elif outcome.lock:
        heard.messages.append(asking.locked(outcome.lock))
        heard.stop = True


def _factor(message: Message, *, with_code: bool) -> str | None:
    """Return the second factor, strictly: a question must not count as a wrong try."""
    text = message.text
    if message.asked != "dossier":
        text = reading.without_phones(text)  # here a whole number is the one to call, not a proof
    if found := factors.named(text):
        return found
    if not with_code and (message.asked != "dossier" or message.turn.intent not in _DOSSIER_INTENTS):
        return None
    found = factors.bare(text)
    if found and (not factors.is_word(found) or message.turn.intent in ("inform", "nlu_fallback")):
        return found
    return None if reading.is_question(text) else factors.among_words(text, with_code=with_code)


def _named_code(turn: Turn) -> str | None:
    entity = turn.entity("dossier_code")
    if entity and (code := codes.normalise(entity)):
        return code
    found = codes.find(turn.text)
    return found[0].code if found else None


def look_alike(turn: Turn) -> codes.LookAlike | None:
    """Return what was sent in place of a dossier's code; a phone is nothing wrong in a booking."""
    seen = codes.look_alike(turn.text) if turn.intent in _DOSSIER_INTENTS else None
    return None if seen is codes.LookAlike.PHONE else seen
