"""The Unigram tokenizer, and the cut of its vocabulary to the pieces Chinese and English texts can use.

A piece of another script can never match inside such a text, so leaving it out changes no segmentation: the cut model
gives the same pieces and vectors (tests/models/encoder). What stays: ASCII pieces, Han pieces, symbols, emoji, and
single characters of kana and accented Latin, so that a foreign name is spelled instead of unknown.
"""

import unicodedata

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from agent_assist.domain.language import is_han
from models.encoder.packed import PackedVocabulary

SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
BOS, PAD, EOS, UNKNOWN = 0, 1, 2, 3
MASK = "<mask>"
_META = "▁"
_JOINERS = "\u200d\ufe0f"


def kept_pieces(vocabulary: PackedVocabulary) -> NDArray[np.int64]:
    """Row numbers that stay, the four special ones first, `<mask>` last."""
    if (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unknown) != (BOS, PAD, EOS, UNKNOWN):
        raise ValueError("the special pieces are not where XLM-R puts them")
    rows = [0, 1, 2, 3]
    rows += [i for i, piece in enumerate(vocabulary.pieces[4:], 4) if piece != MASK and is_kept(piece)]
    rows += [i for i, piece in enumerate(vocabulary.pieces) if piece == MASK]
    return np.array(rows, np.int64)


def is_kept(piece: str) -> bool:
    """Whether a Chinese or English text can hold the piece."""
    text = piece.replace(_META, "")
    if len(text) == 1 and (_is_kana(text) or _is_accented(text) or text in _JOINERS):
        return True
    return all(char.isascii() or is_han(char) or unicodedata.category(char)[0] in "SPNZ" for char in text)


def _is_kana(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff"


def _is_accented(char: str) -> bool:
    return "\u00c0" <= char <= "\u024f" or "\u1e00" <= char <= "\u1eff"


def build_tokenizer(vocabulary: PackedVocabulary, rows: NDArray[np.int64]) -> Tokenizer:
    """A fast tokenizer over the kept rows: NFKC, spaces folded, "▁" for a space and before the text, <s> ... </s>."""
    pieces = [(vocabulary.pieces[row], float(vocabulary.scores[row])) for row in rows]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            # What XLM-R's own map does beside NFKC: white space of all kinds is a space, controls vanish.
            normalizers.Replace(
                Regex(r"[\t\n\x0B\x0C\r\x85\u1680\u2028\u2029\u200B-\u200C\u200E\u200F\uFEFF\uFFFD]"), " "
            ),
            normalizers.Replace(Regex(r"[\x00-\x08\x0E-\x1F\x7F\x8F\x9F]"), ""),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_META, prepend_scheme="always", split=True)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", BOS), ("</s>", EOS)]
    )
    return tokenizer
