"""What is said of opening hours where an office has none in our records."""

# Seen at a ward of another province (2026); Lâm Đồng's own hours are not in our records.
USUAL_HOURS = (
    "em chưa có giờ chính thức; nhiều nơi làm thứ hai–thứ sáu, 7:00–11:30 và 13:30–17:00, thứ bảy tùy nơi "
    "(tham khảo, chưa kiểm chứng)"
)
