"""The table of hurried writing that `noise` uses: collected by hand, apart from what the product knows."""

from __future__ import annotations

from bot.text import fold

# Each row: the word or two words as written properly, then what hurried people write.
_TABLE = """
không: ko k hok hong kg hk khum
được: dc đc đk dk đuợc
gì: j ji
rồi: r rùi òi roài
với: vs vớii
vậy: v z zậy
và: & vs
cũng: cg cx cũg
biết: bít bik
bây giờ: bi h bjo
giờ: h jờ
mình: mìh mk mik
người: ng ngta ngừi
những: nh~ nhữg
nhiều: nhìu nhiu
nhưng: nhg nhưg
nhé: nha nhá nhé
này: nì nè
làm: lm làmm
làm sao: lsao lm s
sao: s seo
thế nào: tn tnào
như thế: nhthe ntn
muốn: mún muon
phải: fai phải phai pải
thì: thỳ thj
trong: trog tr
trước: trc trươc
tháng: thg th
ngày: ng ngàyy
năm: nămm nam
anh: a ank
em: e iem
chị: c chj
cho: ch cko
của: củ cua kủa
quá: wá qá
quên: wên quênn
nhờ: nhợ nhò
hôm: hum hôn
hôm nay: hnay hum ni
vẫn: vẩn vân
bao nhiêu: bn baonhiu bnhiu
bao lâu: blâu bl
ở: o ơ
đâu: đau dou
điện thoại: đthoại dt
số điện: sdiện sđ
hồ sơ: hs hsơ hồ xơ
thủ tục: ttuc thủ tuc tt
giấy tờ: gtờ gt giay to
giấy: giâý giay jấy
khai sinh: ks ksih khai xinh
kết hôn: khôn kết hon
đăng ký: đk dký đăng kí
căn cước: cc căn cuoc
tài khoản: tk tkhoản
mật khẩu: mk mkhẩu pass
bưu điện: bđ bưu đien
nhân viên: nv nvien
ủy ban: ub uỷ ban
kết quả: kq kquả
phường: ph fường
xin: xjn xinh
nộp: nọp nôp
tiền: tìn tienf
cảm ơn: cmơn c.ơn camon
xem: xemm coi
nhà: nàh nha
ai: aj
đi: đy đj
về: zề vè
con: kon
hỏi: hoi hỏii
chưa: chx chưaa
lại: lạj lai
"""


def _rows() -> dict[str, tuple[str, ...]]:
    found = {}
    for line in _TABLE.strip().splitlines():
        proper, _, hurried = line.partition(": ")
        found[proper] = tuple(word for word in hurried.split() if word != proper)
    return found


HURRIED = _rows()
# Without marks only what stays clear: "vay" may be "vay tiền", "khong" is nothing else.
HURRIED_BARE = {
    fold(proper): tuple(word for word in hurried if word.isascii() and word != fold(proper))
    for proper, hurried in HURRIED.items()
    if len(fold(proper)) > 3 and any(word.isascii() and word != fold(proper) for word in hurried)
}
