"""Clauses that more than one answer about a dossier needs: money, how to supplement, how the result is had."""

from __future__ import annotations

from bot.dossiers.lookup import DossierView

BRING = "giấy hẹn và giấy tờ tùy thân"
ON_PORTAL = "nằm trong hồ sơ và kho dữ liệu điện tử của anh/chị trên Cổng Dịch vụ công"
_PAYMENT = {
    "unpaid": "chưa nộp",
    "pending": "đang chờ hệ thống xác nhận, anh/chị đừng nộp lần hai",
    "paid": "đã nộp",
    "waived": "được miễn",
    "refunded": "đã hoàn lại",
}
_SUPPLY = {
    "online": "Nộp qua mạng thì anh/chị bổ sung ngay trong hồ sơ này trên Cổng Dịch vụ công.",
    "post": "Anh/chị gửi lại qua bưu điện hoặc mang tới nơi đã nộp, nhớ kèm giấy hẹn.",
}
_SUPPLY_AT_COUNTER = "Anh/chị mang tới nơi đã nộp, nhớ kèm giấy hẹn."


def money(amount: int) -> str:
    """Return an amount as people write it: "1.200.000 đồng"."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def to_pay(view: DossierView) -> str:
    """Return the amount of a dossier with what became of it: "1.200.000 đồng (chưa nộp)"."""
    state = f" ({_PAYMENT[view.payment_state]})" if view.payment_state else ""
    return f"{money(view.amount_due or 0)}{state}"


def how_supplied(view: DossierView) -> str:
    """Return how missing papers are handed in, by the way the dossier came."""
    return _SUPPLY.get(view.channel or "", _SUPPLY_AT_COUNTER)


def by_post(view: DossierView) -> str:
    """Return how a result comes that the postman brings."""
    parcel = f" Mã bưu gửi: {view.postal_code}." if view.postal_code else ""
    return f"Hồ sơ đăng ký nhận kết quả qua bưu điện, anh/chị để ý điện thoại giúp bưu tá nhé.{parcel}"
