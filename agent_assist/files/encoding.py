"""Which encoding a text file is in: UTF-8 (with or without BOM), UTF-16 with BOM, GB18030, Big5, Windows-1252.

charset-normalizer alone takes short Chinese files for Korean, Japanese or UTF-16 ("退款多久到账？" in GB18030 comes out
as cp949, "发票" as Big5), so GB18030 and Big5 are decoded strictly and weighed by how many of their characters are
common ones. Only what looks like neither goes to the library.
"""

import codecs
import re
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from agent_assist.domain.language import is_han

_SAMPLE_BYTES = 256_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The most frequent characters of everyday Chinese and of a shop's post; the second string holds the traditional forms
# of those that differ. Written for this file from the commonly known frequency order.
_COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事"
    "成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意无力它与长把机十民第公此已"
    "工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体美相见被利什二等产或新己制身果加西月话合回特代内信表化"
    "老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四总何电数安少报才结反受"
    "目太量再感建务做接必场件计管期市直资命山金指许统区保至形社便空决展马科司五基眼书非则听白却界达光放强即像难且思王完设"
    "式色路记南品住告类求据程北边张该交规万取拉格望觉共确传师清今切院让识候带导运笔您请谢吗呢吧啊哦嗯帮查单退款货换买卖付"
    "邮寄收询质坏颜尺码客服快递订商券优惠价钱元块店铺售购拍链图片包裹裂破漏错补差评投诉催送派签址姓改取消修充插线屏黑红蓝绿"
    "灰衣鞋裤裙杯灯锅耳键盘套袋盒箱装洗户账号登录密验证支宝微卡银申税票抬企早晚午周星昨久急慢怎啥谁哪吃喝试穿宽紧松厚薄软"
    "硬音响震池续航牙连配网闭启亮温热冷湿净器扫吸尘风扇毛巾床枕垫桌椅架柜编内容题主间"
    "這個們來為國說時會對於著過發後裡種經麼學現當沒動還進樣開從實無與長機關點業將兩間問並應頭體見產話內給門兒東聲員論處義"
    "幾認條氣題別變總電數報結務場計資許統區決馬書則聽卻達強難設記類據邊張該規萬覺確傳師讓識帶導運筆請謝嗎幫單貨換買賣郵詢"
    "質壞顏碼遞訂優價錢塊鋪購鏈圖錯補評訴簽線紅藍綠褲燈鍋鍵盤裝戶賬帳號錄驗證寶銀稅誰試寬緊軟響續連網閉啟溫熱濕淨掃塵風墊櫃編夠"
)
_PUNCTUATION = frozenset("，。！？：；、（）《》〈〉「」『』“”‘’…—～·【】￥　")
_NEVER_WITHOUT_MARK = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
_CP1252_WORD = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def detect_encoding(path: Path) -> str:
    """Name of the Python codec to read `path` with; ASCII files count as UTF-8. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(4)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    return guess_encoding(_non_ascii_sample(path))


def open_text(path: Path, *, newline: str | None = None) -> TextIO:
    """Open `path` in its encoding; bytes that do not fit are surrogates (U+FFFD in UTF-16). Raises OSError."""
    encoding = detect_encoding(path)
    # UTF-16 has no way to keep a stray byte.
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    return path.open("r", encoding=encoding, errors=errors, newline=newline)


def guess_encoding(data: bytes) -> str:
    """The same for bytes without a byte order mark."""
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    if not lines:
        return "utf-8"
    # A few broken lines in a UTF-8 file are bad rows of a UTF-8 file, not another encoding. Lines of at least six high
    # bytes that decode as UTF-8 by accident are not seen in GB18030 or Big5.
    valid = [line for line in lines if _decodes(line, "utf-8")]
    certain = sum(1 for line in valid if sum(byte >= 0x80 for byte in line) >= 6)
    if len(valid) == len(lines) or certain >= len(lines) - len(valid):
        return "utf-8"
    scores = {name: _plausibility(lines, name) for name in ("gb18030", "big5hkscs")}
    best = max(scores, key=lambda name: scores[name])
    sample = b"\n".join(lines)
    if scores[best] < 0.5 and len(_CP1252_WORD.findall(sample)) >= 0.8 * sum(1 for byte in sample if byte >= 0x80):
        return "cp1252"
    if scores[best] >= 0.25:
        return best
    found = from_bytes(sample, cp_exclusion=_NEVER_WITHOUT_MARK).best()
    return found.encoding if found else best


def decode(data: bytes) -> str:
    """`data` as text by the guessed encoding; bytes that do not fit become U+FFFD."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace")
    return data.decode(guess_encoding(data[:_SAMPLE_BYTES]), "replace")


def _non_ascii_sample(path: Path) -> bytes:
    lines: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while size < _SAMPLE_BYTES and (line := file.readline(_SAMPLE_BYTES)):
            if not line.isascii():
                lines.append(_whole(line) if len(line) == _SAMPLE_BYTES else line.rstrip(b"\r\n"))
                size += len(line)
    return b"\n".join(lines)


def _whole(cut: bytes) -> bytes:
    """A line that was cut at the sample's end, without the UTF-8 character that may have been cut with it."""
    end = len(cut)
    while end and cut[end - 1] & 0xC0 == 0x80:
        end -= 1
    return cut[: end - 1] if end and cut[end - 1] >= 0xC0 else cut


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _plausibility(lines: list[bytes], encoding: str) -> float:
    """Mean over the non-ASCII characters: 1 for a common one or Chinese punctuation, less for rarer, 0 for odd."""
    total = 0
    weight = 0.0
    for line in lines:
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            total += len(line) // 2
            continue
        for char in text:
            if ord(char) >= 0x80:
                total += 1
                weight += _char_weight(char, encoding)
    return weight / total if total else 0.0


def _char_weight(char: str, encoding: str) -> float:
    if char in _COMMON or char in _PUNCTUATION:
        return 1.0
    if not is_han(char):
        return 0.0
    return 0.4 if _first_level(char, encoding) else 0.05


def _first_level(char: str, encoding: str) -> bool:
    """Both standards put their everyday characters first: GB2312 rows 16-55, Big5 0xA440-0xC67E."""
    codec, first, last = ("gb2312", 0xB0, 0xD7) if encoding == "gb18030" else ("big5", 0xA4, 0xC6)
    try:
        return first <= char.encode(codec)[0] <= last
    except UnicodeEncodeError:
        return False
