"""Noise as people make it: always the same, never in codes, with spans that still name what they named."""

import pytest

from bench.nlu_report.noise import UNTOUCHED, Noisy, Span, noisy

TEXTS = (
    "Cho tôi hỏi thủ tục đăng ký khai sinh cho con cần những giấy tờ gì, nộp ở đâu vậy em?",
    "Hồ sơ của tôi quá hẹn trả kết quả mười ngày rồi mà chưa thấy ai gọi điện thoại báo.",
    "giay to nha dat cua ba toi con de ten ong noi thi sang ten lam sao",
    "Nhờ bưu điện tới nhà lấy giùm bộ giấy xin cấp lại căn cước, tôi lớn tuổi đi lại khó khăn lắm.",
    "Ủy ban phường mình chiều thứ sáu có làm việc không, tôi muốn lên chứng thực chữ ký.",
    "quên mật khẩu tài khoản dịch vụ công rồi, đăng nhập hoài không được, giờ phải làm sao",
)
CODED = "Chị Thu ở xã Di Linh hỏi hồ sơ H36.12-261018-0031, gọi số 0903 111 222 giúp chị nhé"


def spans_of(text: str, **named: str) -> list[Span]:
    return [Span(kind, text.index(words), text.index(words) + len(words)) for kind, words in named.items()]


def many(text: str, spans: list[Span], seeds: int = 200) -> list[Noisy]:
    return [noisy(text, spans, seed) for seed in range(seeds)]


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_seed_gives_the_same_text(text: str) -> None:
    assert noisy(text, seed=3) == noisy(text, seed=3)
    assert len({noisy(text, seed=seed).text for seed in range(20)}) > 10


def test_the_text_of_a_seed_is_the_same_on_every_machine() -> None:
    assert (
        noisy(TEXTS[0], seed=1).text
        == "Cho tôi ỏhi thủ tục đăng ký khai sinh cho con cần những giấy to gì, nộp ở đâu vậy e?"
    )


def test_about_every_sixth_word_is_touched() -> None:
    made = [one for text in TEXTS for one in many(text, [])]
    assert 0.15 < sum(one.touched for one in made) / sum(one.words for one in made) < 0.20


def test_codes_and_numbers_stay_and_spans_move_along() -> None:
    named = {"person": "Thu", "commune": "xã Di Linh", "dossier_code": "H36.12-261018-0031", "phone": "0903 111 222"}
    spans = spans_of(CODED, **named)
    for one in many(CODED, spans):
        found = {span.kind: one.text[span.start : span.end] for span in one.spans}
        for kind, words in named.items():
            if kind in UNTOUCHED:
                assert found[kind] == words
            else:
                assert found[kind] and found[kind] == found[kind].strip()
    assert len({one.text[one.spans[1].start : one.spans[1].end] for one in many(CODED, spans)}) > 5


def test_untouched_words_stand_where_the_spans_say() -> None:
    text = TEXTS[0]
    spans = spans_of(text, procedure="khai sinh")
    hits = sum(one.text[one.spans[0].start : one.spans[0].end] == "khai sinh" for one in many(text, spans))
    assert 100 < hits < 200


def test_no_word_is_glued_to_an_entity() -> None:
    spans = spans_of(CODED, commune="Di Linh")
    for one in many(CODED, spans):
        before = one.text[one.spans[0].start - 1]
        assert before == " "


@pytest.mark.parametrize("text", ["", " ", "ok", "😀", "123", "?!", "à"])
def test_short_and_odd_texts_are_taken(text: str) -> None:
    for one in many(text, [], 30):
        assert one.touched <= max(one.words, 0)
