"""Characters here, UTF-16 units there."""

from hypothesis import given
from hypothesis import strategies as st

from ui.textpos import from_qt, to_qt


def test_an_emoji_counts_twice_in_qt() -> None:
    assert to_qt("😀好", 1) == 2
    assert from_qt("😀好", 2) == 1


@given(st.text(max_size=30), st.data())
def test_there_and_back(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    assert to_qt(text, index) == len(text[:index].encode("utf-16-le")) // 2
    assert from_qt(text, to_qt(text, index)) == index
