"""Names for groups of questions: the words that stand in many of a group and in few of the others."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from agent_assist.domain.language import is_han
from agent_assist.knowledge.words import query_words
from agent_assist.privacy.restoring import PLACEHOLDER

_TERMS = 3
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]{2,}")
# Courtesies and question words of chat; they say how is asked, not what.
_MANNERS = frozenset(
    [
        "你好",
        "您好",
        "请问",
        "谢谢",
        "可以",
        "怎么",
        "什么",
        "一下",
        "我的",
        "你们",
        "没有",
        "这个",
        "那个",
        "麻烦",
        "还是",
        "如果",
        "但是",
        "就是",
        "现在",
        "有没有",
        "不能",
        "知道",
        "想问",
        "为什么",
        "需要",
        "怎么样",
        "怎么办",
        "多少",
        "能不能",
        "可不可以",
        "是不是",
        "已经",
        "一个",
        "不是",
        "还有",
        "有人",
        "哪里",
        "是否",
        "因为",
        "所以",
        "然后",
        "hello",
        "please",
        "thanks",
        "thank",
        "want",
        "need",
        "know",
        "how",
        "what",
        "when",
        "where",
        "why",
        "which",
        "who",
        "can",
        "could",
        "does",
        "just",
        "get",
        "got",
        "any",
        "not",
        "but",
        "have",
        "still",
        "help",
        "hey",
        "there",
        "yes",
        "about",
        "from",
        "than",
        "then",
        "also",
        "one",
        "like",
        "make",
    ]
)


def name_groups(groups: Sequence[Sequence[str]]) -> list[str]:
    """A name for each group of texts: up to three words, "" where they have none that tells.

    By class-based TF-IDF (Grootendorst 2022, section 3.3), counting a word once a text.
    """
    counts = [Counter(word for text in texts for word in set(_words(text))) for texts in groups]
    everywhere: Counter[str] = Counter()
    for count in counts:
        everywhere.update(count)
    average = sum(everywhere.values()) / len(groups) if groups else 0.0
    return [_name(count, everywhere, average) for count in counts]


def _name(count: Counter[str], everywhere: Counter[str], average: float) -> str:
    scores = {word: times * math.log(1 + average / everywhere[word]) for word, times in count.items()}
    best = sorted(scores, key=lambda word: (-scores[word], -len(word), word))
    chosen: list[str] = []
    for word in best:
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == _TERMS:
            break
    return " · ".join(chosen)


def _words(text: str) -> list[str]:
    """Words as they are written: Chinese ones of two characters or more, English ones of three letters or more."""
    plain = PLACEHOLDER.sub(" ", text)
    chinese = [word for word in query_words(plain).words if len(word) > 1 and all(map(is_han, word))]
    english = [word.lower() for word in _WORD.findall(plain)]
    return [word for word in (*chinese, *english) if word not in _MANNERS and _tells(word)]


def _tells(word: str) -> bool:
    """English filler has no words of its own beside another one."""
    return is_han(word[0]) or len(query_words(f"{word} zzzz").words) > 1
