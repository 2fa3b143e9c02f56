"""What the booking form asks."""

from __future__ import annotations

from datetime import date

from bot.clock import say_date
from bot.messages import Button, Message, button, say
from bot.pickups import fees
from bot.privacy import consent
from bot.privacy.masking import mask_phone

WINDOW_NAMES = {"morning": "buổi sáng", "afternoon": "buổi chiều"}
SERVICE_NAMES = {
    "deliver": "giao kết quả về nhà",
    "collect": "đến nhà lấy hồ sơ đi nộp",
    "both": "lấy hồ sơ đi nộp và giao kết quả về nhà",
}
PAYMENT_NAMES = {"on_receipt": "trả khi bưu tá đến", "before": "trả trước"}
_QUESTIONS = {
    "service": "Dạ, anh/chị muốn bưu điện giao kết quả về nhà, hay đến nhà lấy hồ sơ đi nộp ạ?",
    "dossier": "Dạ, anh/chị cho em xin mã hồ sơ ghi trên giấy hẹn, ví dụ H36.12-261105-0001 ạ.",
    "dossier_of_both": (
        "Dạ, kết quả cần giao thuộc hồ sơ mã nào ạ, ví dụ H36.12-261105-0001? Hồ sơ chưa nộp thì anh/chị nhắn"
        " “chưa có mã” giúp em."
    ),
    "procedure": "Dạ, hồ sơ anh/chị cần nộp là làm giấy tờ gì ạ?",
    "phone": "Dạ, bưu tá gọi cho mình số điện thoại nào ạ?",
    "commune": "Dạ, nhà mình ở xã hay phường nào ạ? Anh/chị ghi tên cũ cũng được, em dò giúp.",
    "address": "Dạ, anh/chị cho em số nhà, tên đường, hoặc thôn, tổ. Có mốc dễ tìm thì ghi thêm giúp em ạ.",
    "payment": "Dạ, tiền cước anh/chị trả khi bưu tá đến hay trả trước ạ? Cước {fee}.",
}
_RECIPIENT = {
    "deliver": "Dạ, người nhận tên gì ạ? Anh/chị ghi họ tên giống trên căn cước giúp em.",
    "collect": "Dạ, người giao hồ sơ cho bưu tá tên gì ạ? Anh/chị ghi họ tên giống trên căn cước giúp em.",
}
_PROXY = {
    "deliver": "Dạ, mình có nhờ ai nhận thay người đứng tên hồ sơ không ạ?",
    "collect": "Dạ, mình có nhờ ai giao hồ sơ thay người đứng tên không ạ?",
}
_PROXY_NAME = "Dạ, người được nhờ tên gì ạ? Khi gặp bưu tá, người đó đem theo giấy ủy quyền và căn cước của mình nha."
_EDITABLE = (
    ("recipient_name", "Họ tên"),
    ("phone", "Số điện thoại"),
    ("commune", "Xã, phường"),
    ("address", "Địa chỉ"),
    ("date", "Ngày"),
    ("window", "Buổi"),
    ("proxy", "Người làm thay"),
    ("payment", "Cách trả cước"),
)
EDITABLE_FIELDS = tuple(field for field, _ in _EDITABLE)


def pickup_question(slot: str, service: str | None = None, fee: int | None = None) -> Message:
    """Return the form's question for one slot that needs nothing looked up."""
    kind = "collect" if service == "collect" else "deliver"
    if slot == "recipient_name":
        return _ask(slot, _RECIPIENT[kind])
    if slot == "proxy":
        yes, no = button("Có, nhờ người khác", "affirm"), button("Không, tự mình", "deny")
        return _ask(slot, _PROXY[kind], no, yes)
    choices: tuple[Button, ...] = ()
    if slot == "service":
        choices = (_choice("Giao kết quả về nhà", 1), _choice("Đến nhà lấy hồ sơ", 2))
    if slot == "payment":
        choices = (_choice("Khi bưu tá đến", 1), _choice("Trả trước", 2))
    return _ask(slot, _QUESTIONS[slot].format(fee=fees.say(fee)), *choices)


def owner_question(phone: str) -> Message:
    """Ask whether the dossier's owner receives and is called on the phone that stands there; the name is not said."""
    text = (
        f"Dạ, bưu tá giao cho người đứng tên hồ sơ và gọi số {mask_phone(phone)} ghi trên hồ sơ nha?"
        " Nếu người khác nhận, anh/chị nhắn em họ tên người đó."
    )
    return _ask("recipient_name", text, button("Đúng rồi", "affirm"), button("Người khác nhận", "deny"))


def address_outside(destination: str) -> Message:
    """Ask for a whole address in another province: of its communes we know nothing."""
    text = (
        f"Dạ, gửi về {destination} được ạ. Anh/chị ghi đủ địa chỉ giúp em: số nhà, tên đường hoặc thôn, ấp,"
        " rồi xã, phường."
    )
    return _ask("address", text)


def dossier_question(text: str | None = None, *, both: bool = False) -> Message:
    """Ask for the dossier's code; `text` says what was sent in its place. Papers not yet filed have none."""
    choices = [button("Tìm mã ở đâu?", "ask_dossier_code")]
    if both:
        choices.append(button("Chưa có mã", "deny"))
    asked = _QUESTIONS["dossier_of_both"] if both else _QUESTIONS["dossier"]
    return _ask("dossier", text or asked, *choices)


def waiting() -> Message:
    """Say that there is no hurry; the question follows once more."""
    return say("info", "Dạ, anh/chị cứ từ từ, em chờ ạ.", topic="pickup_waiting")


def collect_first() -> Message:
    """Say that the papers are collected first, since no dossier exists yet whose result could be brought."""
    text = "Dạ, vậy bưu tá đến lấy hồ sơ trước, khi có kết quả thì bưu điện giao về đúng địa chỉ này ạ."
    return say("info", text, topic="pickup_collect_first")


def proxy_name_question() -> Message:
    """Ask who stands in for the citizen."""
    return _ask("proxy", _PROXY_NAME)


def date_question(days: list[date]) -> Message:
    """Ask for the day, offering the next open ones."""
    text = "Dạ, anh/chị chọn ngày nào ạ? Mấy ngày gần nhất còn chỗ em ghi ở dưới, ngày khác thì anh/chị nhắn em."
    return _ask("date", text, *(button(short(day), "inform", date=day.isoformat()) for day in days))


def window_question(day: date, windows: list[str]) -> Message:
    """Ask for the half-day, offering the open ones."""
    choices = [button(WINDOW_NAMES[name].capitalize(), "inform", time_window=name) for name in windows]
    text = f"Dạ, {say_date(day)} bưu tá đến buổi sáng hay buổi chiều thì tiện ạ?"
    if len(windows) == 1:
        text = f"Dạ, {say_date(day)} chỉ còn {WINDOW_NAMES[windows[0]]}, anh/chị lấy giờ đó được không ạ?"
        choices.append(button("Chọn ngày khác", "deny"))
    return _ask("window", text, *choices)


def commune_choices(units: list[tuple[str, str]]) -> Message:
    """Ask which of several communes was meant."""
    text = "Dạ, có mấy nơi như vậy. Nhà mình ở nơi nào trong số này ạ?"
    return _ask("commune", text, *(button(name, "inform", commune=code) for code, name in units))


def procedure_choices(options: list[tuple[str, str]]) -> Message:
    """Ask which of several procedures was meant (kind `procedure_choices`)."""
    return say(
        "procedure_choices",
        "Dạ, anh/chị muốn nộp hồ sơ nào trong mấy loại này ạ?",
        *(button(name, "inform", procedure=code) for code, name in options),
        options=[{"code": code, "name": name} for code, name in options],
    )


def complaint(slot: str, text: str) -> Message:
    """Say what is wrong with the answer just given; the question itself follows."""
    return say("pickup_question", text, slot=slot)


def near_communes(units: list[tuple[str, str]]) -> Message:
    """Ask which of the communes around a shared location is the citizen's: two kilometres may be another one."""
    text = "Dạ, vị trí của mình gần mấy nơi này nhất. Nhà mình thuộc nơi nào ạ?"
    return _ask("commune", text, *(button(name, "inform", commune=code) for code, name in units))


def consent_question() -> Message:
    """Ask for consent, in the words that are recorded."""
    choices = (button("Đồng ý", "affirm"), _choice("Sửa lại", 2), button("Thôi", "deny"))
    return _ask("consent", consent.text("pickup"), *choices)


def edit_question() -> Message:
    """Ask which field of the summary is wrong."""
    choices = (_choice(title, number) for number, (_, title) in enumerate(_EDITABLE, 1))
    return _ask("consent", "Dạ, anh/chị muốn sửa chỗ nào ạ?", *choices)


def short(day: date) -> str:
    """Return a day as a button shows it."""
    return say_date(day).capitalize()


def _ask(slot: str, text: str, *choices: Button) -> Message:
    return say("pickup_question", text, *choices, slot=slot)


def _choice(title: str, number: int) -> Button:
    return button(title, "inform", ordinal=str(number))
