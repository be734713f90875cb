"""What masking took out is put back to the character, also into texts that were edited meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.privacy.masking import Masker
from agent_assist.privacy.restoring import PLACEHOLDER, pieces_of, restore


def test_each_way_of_writing_comes_back() -> None:
    text = "13800138000，就是 +86 138-0013-8000，或 a@b.com"
    masked = Masker().mask(text)
    assert masked.text.count("[PHONE_1]") == 2
    assert restore(masked.text, pieces_of(text, masked)).text == text


def test_a_placeholder_that_stood_in_the_text_is_not_given_out_and_stays() -> None:
    text = "[PHONE_1] 是 13800138000"
    masked = Masker(reserved=PLACEHOLDER.findall(text)).mask(text)
    assert masked.text == "[PHONE_1] 是 [PHONE_2]"
    assert restore(masked.text, pieces_of(text, masked)).text == text


@pytest.mark.parametrize(
    ("edited", "restored"),
    [
        ("[PHONE_1]", "1"),
        ("[PHONE_1] [PHONE_1] [PHONE_1]", "1 2 2"),
        ("[PHONE_9] stays", "[PHONE_9] stays"),
        ("", ""),
    ],
)
def test_edited_texts_get_back_what_is_known(edited: str, restored: str) -> None:
    assert restore(edited, [("[PHONE_1]", "1"), ("[PHONE_1]", "2")]).text == restored


def test_places_are_carried_back() -> None:
    text = "我叫王小明，13800138000，风扇坏了"
    masked = Masker().mask(text)
    back = restore(masked.text, pieces_of(text, masked))
    for surface in ("王小明", "13800138000", "风扇"):
        start = text.index(surface)
        assert back.rebase(*masked.rebase(start, start + len(surface))) == (start, start + len(surface))


_PARTS = ["风扇", "13800138000", "+86 138 0013 8000", "a@b.com ", "我叫王小明，", " ", "[PHONE_1]"]


@given(st.lists(st.sampled_from(_PARTS)))
def test_masking_is_reversible(parts: list[str]) -> None:
    text = "".join(parts)
    masked = Masker(reserved=PLACEHOLDER.findall(text)).mask(text)
    assert restore(masked.text, pieces_of(text, masked)).text == text
