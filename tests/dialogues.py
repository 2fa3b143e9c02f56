"""What citizens say in the tests: whole dialogues, and single messages of every sort.

Nothing here expects a certain understanding: the model is trained anew now and then.
"""

BOOKING = (
    "đặt bưu điện tới nhà lấy hồ sơ đăng ký khai sinh",
    "Lê Thị Ngọc Bích",
    "0912345678",
    "xã Di Linh",
    "12 Hùng Vương",
    "25/11/2026",
    "buổi sáng",
)

DIALOGUES: tuple[tuple[str, ...], ...] = (
    ("xin chào", "đăng ký khai sinh cần giấy tờ gì?", "lệ phí bao nhiêu", "bao lâu xong", "cảm ơn"),
    ("hồ sơ H36.12-261118-0042 tới đâu rồi", "lệ phí khai sinh", "1111", "2345", "theo dõi hồ sơ này giúp em"),
    ("dat giao ket qua tan nha", "H36.12-261118-0042", "thôi không đặt nữa", "ừ", "gặp nhân viên"),
    (*BOOKING, "không nhờ ai", "khi bưu tá đến", "nhân viên đâu", "đồng ý", "hủy lịch vừa đặt"),
    ("tạo tài khoản vneid mức 2", "tiếp", "tiếp", "quay lại", "quên mật khẩu vneid", "thôi"),
    ("asdf qwer", "qwer zxcv", "zxcv asdf", "góp ý: chờ lâu quá"),
    ("đăng ký", "cái thứ 2", "nộp ở đâu", "phường Mũi Né trước là phường nào", "có nộp online được không"),
)

VARIED: tuple[str, ...] = (
    "xin chào", "chao em", "cảm ơn nhé", "tạm biệt", "em là ai vậy, người hay máy?", "giúp với", "nói lại đi",
    "ừ", "không", "thôi", "à nhầm",
    "đăng ký khai sinh", "dang ky khai sinh can giay to gi", "lệ phí đăng ký kết hôn bao nhiêu",
    "đăng ký thường trú mất bao lâu", "nộp hồ sơ cấp phép xây dựng ở đâu", "các bước đổi giấy phép lái xe",
    "khai sinh nộp online được không", "xin mẫu đơn đăng ký kết hôn", "căn cứ pháp lý của thủ tục chứng thực",
    "làm xong được gì", "ai được làm thủ tục này", "nhờ người khác đi nộp thay được không", "đăng ký",
    "giấy tờ nhà đất",
    "hồ sơ của tôi tới đâu rồi", "H36.12-261118-0042", "h36.12-261118-0042 toi dau", "hồ sơ trễ hẹn quá",
    "hồ sơ thiếu giấy gì", "mã hồ sơ ở đâu", "rút hồ sơ", "báo em khi có kết quả",
    "giao kết quả tận nhà", "lấy hồ sơ tại nhà", "đổi lịch hẹn sang thứ năm", "hủy lịch MC-1234566",
    "MC-1234566", "bưu tá tới đâu rồi", "phí giao hàng bao nhiêu", "bưu tá giao nhầm nhà",
    "tạo tài khoản vneid", "không nhận được mã", "đăng ký vneid mức 2 cần gì", "nộp hồ sơ trực tuyến sao",
    "thanh toán online thế nào", "trừ tiền rồi mà chưa thấy báo", "bước tiếp theo", "bước trước",
    "địa chỉ trung tâm hành chính công Đà Lạt", "xã Gia Hiệp giờ là xã nào", "giờ làm việc phường Mũi Né",
    "0912345678", "12 Hùng Vương", "Lê Thị Ngọc Bích", "ngày mai", "cái thứ 2",
    "gặp nhân viên", "góp ý thái độ phục vụ", "xóa dữ liệu của tôi", "có người gọi bảo cài app công an",
    "cháy nhà rồi", "đồ ngu", "thời tiết hôm nay sao",
)  # fmt: skip
