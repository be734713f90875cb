from pathlib import Path

import pytest

from agent_assist.files.encoding import decode, detect_encoding, guess_encoding

SIMPLIFIED = [
    "退款多久到账？",
    "发票",
    "我要退货",
    "编号,内容,客户\n1,耳机坏了想换一个,王芳\n2,快递三天没动了,李雷\n",
    "Hello 请问满多少包邮 thanks",
]
TRADITIONAL = [
    "退款多久到帳？",
    "發票",
    "我要退貨",
    "編號,內容,客戶\n1,耳機壞了想換一個,王芳\n",
    "Hello 請問滿多少免運 thanks",
]


@pytest.mark.parametrize("text", SIMPLIFIED)
def test_short_gb18030_is_told_from_big5(text: str) -> None:
    assert guess_encoding(text.encode("gb18030")) == "gb18030"


@pytest.mark.parametrize("text", TRADITIONAL)
def test_short_big5_is_told_from_gb18030(text: str) -> None:
    assert guess_encoding(text.encode("big5")) == "big5hkscs"


@pytest.mark.parametrize("text", TRADITIONAL)
def test_traditional_text_in_gb18030_stays_gb18030(text: str) -> None:
    assert decode(text.encode("gb18030")) == text


@pytest.mark.parametrize("text", [*SIMPLIFIED, *TRADITIONAL, "plain ASCII", "naïve café — “quotes”"])
def test_utf8_with_and_without_mark(text: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.txt"
        path.write_text(text, encoding=encoding)
        assert path.read_text(encoding=detect_encoding(path)) == text


def test_one_broken_line_leaves_a_utf8_file_utf8() -> None:
    lines = ["我的订单还没有发货".encode(), "退款多久到账".encode(), b"\xb7\xa2\xc6\xb1", "物流不动了".encode()]
    assert guess_encoding(b"\n".join(lines)) == "utf-8"


def test_windows_quotes_in_english() -> None:
    assert decode("I don’t see it – “lost”?".encode("cp1252")) == "I don’t see it – “lost”?"


def test_chinese_far_down_in_a_file_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"a,b\n" * 200_000 + "备注,请尽快发货\n".encode("gb18030"))
    assert detect_encoding(path) == "gb18030"


@pytest.mark.parametrize("shift", range(3))
def test_one_endless_line_of_chinese_is_utf_8_wherever_the_sample_cuts_it(tmp_path: Path, shift: int) -> None:
    path = tmp_path / "long.txt"
    path.write_text("a" * shift + "退货" * 60_000, encoding="utf-8")
    assert detect_encoding(path) == "utf-8"
