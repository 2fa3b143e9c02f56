"""The summary that is shown before the citizen agrees: everything the post will get, phones masked."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.clock import say_date
from bot.messages import Message, say
from bot.pickups import fees
from bot.pickups.form.draft import OUTSIDE, OWNER, SELF
from bot.pickups.form.questions import PAYMENT_NAMES, SERVICE_NAMES, WINDOW_NAMES
from bot.privacy.masking import mask_phone

OF_DOSSIER = "người đứng tên hồ sơ"


def pickup_summary(
    fields: dict[str, Any],
    names: dict[str, str | None],
    *,
    fee: int | None,
    owner_phone: str | None = None,
    amount_due: int | None = None,
) -> Message:
    """Return everything about to be booked; `names` holds what codes are called ("commune", "procedure").

    The phone is masked in both the text and the fields, the owner of a dossier is not named. Postage (`fee`) and
    administrative fee (`amount_due`), in đồng, stand in lines of their own: two purses, two receipts.
    """
    service, collects = fields["service"], fields["service"] == "collect"
    phone = mask_phone(owner_phone or "" if fields["phone"] == OWNER else fields["phone"])
    recipient = OF_DOSSIER if fields["recipient_name"] == OWNER else fields["recipient_name"]
    proxy = fields["proxy"]
    rows = [
        ("Việc", SERVICE_NAMES[service]),
        ("Mã hồ sơ", fields.get("dossier") if not collects else None),
        ("Hồ sơ", names.get("procedure") if service != "deliver" else None),
        ("Người giao" if collects else "Người nhận", recipient),
        ("Giao thay" if collects else "Nhận thay", proxy if proxy != SELF else None),
        ("Điện thoại", phone),
        ("Địa chỉ", f"{fields['address']}, {names.get('commune') or ''}".rstrip(", ")),
        ("Thời gian", _time(fields)),
        ("Trả cước", PAYMENT_NAMES[fields["payment"]]),
        ("Cước bưu điện", fees.say(fee)),
        ("Lệ phí hồ sơ", f"{fees.dong(amount_due)}, nộp riêng, có biên lai riêng" if amount_due else None),
    ]
    shown = [f"{title}: {value}" for title, value in rows if value]
    text = "\n".join(["Dạ, anh/chị xem lại giúp em nha.", *shown])
    facts = {**fields, "recipient_name": recipient, "phone": phone, "fee": fee, "amount_due": amount_due}
    facts["commune_name"], facts["procedure_name"] = names.get("commune"), names.get("procedure")
    return say("pickup_summary", text, **facts)


def _time(fields: dict[str, Any]) -> str:
    if str(fields["commune"]).startswith(OUTSIDE):
        return "bưu điện hẹn khi xác nhận"
    return f"{WINDOW_NAMES[fields['window']]} {say_date(date.fromisoformat(fields['date']))}"
