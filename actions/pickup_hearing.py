"""Taking a message in: what was read in it is resolved against the records, proved, or refused."""

from __future__ import annotations

from typing import Any

from actions.pickup_dossier import take_dossier
from actions.pickup_heard import Heard
from actions.pickup_message import (
    EDIT,
    NEAR_BY,
    OLD_ADDRESS,
    OTHER_RECIPIENT,
    PROXY_NAME,
    Message,
    fact_before,
    field_to_edit,
    wants_a_proxy,
    wants_editing,
)
from actions.pickup_reading import read
from bot.pickups import neighbours
from bot.pickups.form import draft, questions, reading, reading_places, talk
from bot.places import location

_MOST_CHOICES = 5  # asked back as buttons
_MOST_KEPT = 40  # among which a second answer may choose: "phường 1" – "của Bảo Lộc"


def hear(message: Message) -> Heard:
    """Return what the message changes; nothing at all when it is no answer."""
    heard = Heard()
    if _location(message, heard):
        return heard
    found = read(message)
    take_dossier(message, heard)
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
    if message.asked == "address" and not heard.fields and reading_places.is_too_short(message.text):
        heard.fields["address"] = None
        text = "Dạ, địa chỉ vậy ngắn quá, bưu tá khó tìm."
        heard.messages.append(questions.complaint("address", text))
    if not heard.fields and message.asked and message.mended is None and talk.is_pause(message.text):
        heard.messages.append(questions.waiting())
        heard.slots["pending"] = message.turn.slots.get("pending")  # a slot that is set: no other rule answers
        return heard
    if not heard.fields:
        _without_facts(message, heard)
    if heard.fields and message.turn.slots.get("pending") and "pending" not in heard.slots:
        heard.slots["pending"] = None
    return heard


def _without_facts(message: Message, heard: Heard) -> None:
    """Take in what gives no fact and still is no question: "sửa lại", "ngày khác", "nhờ người khác"."""
    if message.leaves:
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
        before = fact_before(message)
        heard.fields.update({before: None} if before else {})
    elif message.asked == "recipient_name" and message.turn.intent == "deny":
        heard.fields["recipient_name"] = None
        heard.slots["pending"] = OTHER_RECIPIENT
    elif wants_a_proxy(message):
        heard.fields["proxy"] = None
        heard.slots["pending"] = PROXY_NAME
    elif message.asked == "window" and message.turn.intent == "deny":
        heard.fields.update(date=None, window=None)


def _phone(found: dict[str, Any], heard: Heard) -> None:
    said = found["phone"]
    found["phone"] = said if said == draft.OWNER else reading.phone(said)
    if found["phone"] is None and not reading.tries_a_phone(said):
        text = "Dạ, em không thấy được số đó, anh/chị ghi đủ 10 chữ số giúp em ạ."
        heard.messages.append(questions.complaint("phone", text))
    elif found["phone"] is None:
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
        heard.slots["unit_options"] = [code for code, _ in units[:_MOST_KEPT]]
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
