"""A tokenizer.json in GGUF's terms; which of llama.cpp's ways of splitting it is, is found by comparing.

llama.cpp knows splitters by name only. Each candidate is written into a GGUF without weights, loaded, and has to split
a dozen texts as the tokenizer itself does; a tokenizer that none of them matches is refused.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gguf
from tokenizers import Tokenizer

from models.errors import UnusableModelError
from models.reply.converting.settings import BY_HAND, ModelSettings, add_settings
from models.reply.runtime import ModelLoadError, load_vocabulary

_SPLITTERS = ("smollm", "llama-bpe", "qwen2", "gpt-2", "tekken", "gpt-4o", "deepseek-llm", "command-r", "default")
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
PROBES = (
    "Hello, how are you? I'm fine, they've said it's 3.14 or 2,048!",
    "您好！请问这个订单什么时候发货？已经过了3天了，运费13元。",
    "Order SF1029384756 / GF2611020017: refund of £12.50 (100%)…",
    "退款、换货、发票；「官方」旗舰店——全新正品。",
    "  leading and   inner spaces\tand tabs",
    "line one\nline two\n\nline three\r\n",
    "UPPER lower MiXeD caféñ naïve Größe",
    "😀👍🏽 emoji and ①②③ ½ ™",
    "1234567890 12 345 0.5 -7 +8",
    "don't can't WE'LL i'd",
    "https://example.com/a?b=c&d=e#f user@example.com",
    "# Notes\n- 退货: 签收后9天内\n# Customer\n可以退吗\n",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """A tokenizer as GGUF holds it."""

    kind: str
    splitter: str
    tokens: tuple[str, ...]
    types: tuple[gguf.TokenType, ...]
    scores: tuple[float, ...] = ()
    space_prefix: bool | None = None

    def add_to(self, writer: gguf.GGUFWriter, special: gguf.SpecialVocab) -> None:
        """Write it, with the special tokens and the chat template of the folder."""
        writer.add_tokenizer_model(self.kind)
        writer.add_tokenizer_pre(self.splitter)
        writer.add_token_list(list(self.tokens))
        writer.add_token_types(list(self.types))
        if self.scores:
            writer.add_token_scores(list(self.scores))
        if self.space_prefix is not None:
            writer.add_add_space_prefix(self.space_prefix)
        special.add_to_gguf(writer, quiet=True)


def special_of(folder: Path, size: int) -> gguf.SpecialVocab:
    """Begin and end tokens, merges and chat template."""
    return gguf.SpecialVocab(folder, load_merges=True, n_vocab=size)


def vocabulary_of(folder: Path, settings: ModelSettings, work: Path) -> Vocabulary:
    """The first candidate that splits as the folder's tokenizer does. Raises UnusableModelError where none does."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise UnusableModelError(f"{folder.name} lacks tokenizer.json. {BY_HAND}.")
    try:
        tokenizer, content = Tokenizer.from_file(str(path)), json.loads(path.read_text(encoding="utf-8"))
    except Exception as error:  # tokenizers raises whatever a broken file leads it to
        raise UnusableModelError(f"The tokenizer.json of {folder.name} cannot be read.") from error
    if content.get("model", {}).get("type") != "BPE":
        raise UnusableModelError(f"{folder.name} has a tokenizer of another kind than BPE. {BY_HAND}.")
    expected = [tokenizer.encode(text, add_special_tokens=False).ids for text in PROBES]
    for candidate in _candidates(tokenizer, content, int(settings.config["vocab_size"])):
        if _splits(candidate, folder, settings, work) == expected:
            return candidate
    raise UnusableModelError(f"llama.cpp splits texts otherwise than the tokenizer of {folder.name}. {BY_HAND}.")


def _candidates(tokenizer: Tokenizer, content: dict[str, Any], size: int) -> Iterator[Vocabulary]:
    added = {one["id"]: one for one in content.get("added_tokens") or []}
    known = {number: text for text, number in tokenizer.get_vocab(with_added_tokens=True).items()}
    tokens, types, scores = [], [], []
    for number in range(max(size, max(known) + 1)):
        text = known.get(number)
        if text is None:
            text, kind = f"[PAD{number}]", gguf.TokenType.UNUSED
        elif number in added:
            kind = gguf.TokenType.CONTROL if added[number].get("special") else gguf.TokenType.USER_DEFINED
        elif _BYTE.fullmatch(text):
            kind = gguf.TokenType.BYTE
        else:
            kind = gguf.TokenType.NORMAL
        tokens.append(text)
        types.append(kind)
        # Pieces were learned in the order of their merges, which is that of their ids.
        scores.append(-float(number))
    if "ByteLevel" in json.dumps([content.get("pre_tokenizer"), content.get("decoder")]):
        plain = Vocabulary(kind="gpt2", splitter="", tokens=tuple(tokens), types=tuple(types))
        for splitter in _SPLITTERS:
            yield replace(plain, splitter=splitter)
        return
    unknown = content["model"].get("unk_token")
    types = [gguf.TokenType.UNKNOWN if text == unknown else kind for text, kind in zip(tokens, types, strict=True)]
    for prefix in (False, True):
        yield Vocabulary(
            kind="llama",
            splitter="default",
            tokens=tuple(tokens),
            types=tuple(types),
            scores=tuple(scores),
            space_prefix=prefix,
        )


def _splits(candidate: Vocabulary, folder: Path, settings: ModelSettings, work: Path) -> list[list[int]] | None:
    path = work / "vocabulary.gguf"
    writer = gguf.GGUFWriter(path, settings.name)
    add_settings(writer, settings, name="vocabulary", license_name="")
    candidate.add_to(writer, special_of(folder, len(candidate.tokens)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    try:
        loaded = load_vocabulary(path)
        return [loaded.tokenize(text) for text in PROBES]
    except (ModelLoadError, ValueError):
        return None
    finally:
        path.unlink(missing_ok=True)
