"""Whether a clause says yes where the source says no: 可以退 against 不可以退, "can be returned" against "cannot"."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent_assist.domain.patterns.spans import fold
from agent_assist.suggestion.guard.claims import find_claims
from agent_assist.suggestion.guard.contexts import NEAR, Span, clauses, sentences, words
from agent_assist.suggestion.guard.weights import telling

# Words in which "not" denies nothing of what the clause says.
_NO_DENIAL = re.compile(
    r"(?:不|未|没有?)[^，。！？\s]{1,6}(?:的话|时候?|的(?=[\u4e00-\u9fff])(?!哦|呢|呀|哈|话))"
    r"|不(?:满|足|超过|少于|低于|高于|多于|同|一样|仅|但|只是|过|好意思|便|良|锈钢|可抗力|限|用担心|要担心|"
    r"客气|喜欢|合适|想|一定|影响"
    r"|小心|适|到|需担心|清楚|知道|明|对|错|止|论|管|断|久|再)"
    r"|无(?:理由|线|论|忧|门槛|误|痕|缝|绳|糖|条件)"
    r"|未(?:拆|使用|签收|发货|开封|激活|组装|穿|下水|洗|成年|满|付|提供|退出|提前|取|收到|经|过期)"
    r"|没(?:问题|关系|事|搞错|写|提到|说|有(?:门槛|理由|条件|拆|使用|开封|激活|组装|发货|问题|电梯|提供|提前|"
    r"退出|收到|磨损|不适|未|写|提到|说明))"
    r"|非(?:常|质量|人为|会员|工作|江浙|偏远)|别(?:的|人|家|墅)|差不多|了不|是不是|能不能|可不可以|要不|有没有|"
    r"会不会|除非|免(?:疫|责)"
    r"|\bno (?:problem|later|more than|longer than|less than|matter|doubt|one|need)|\bnot (?:only|later|exceed|"
    r"more than|yet)"
    r"|\bdon't worry|\bwithout (?:a doubt|noise|it|them|opening)|\bnon-|\bcan't wait|\b(?:do not|don't) hesitate"
    r"|\b(?:has|have|was|were)(?: not|n't) (?:yet )?(?:shipped|arrived|been|opened|used|worn)|\bnot shipped"
    r"|\bif (?:it|they|you|we)(?: still)? ?(?:do|does|did|is|are)?(?: not|n't)|\bunless\b"
)
_DENIAL = re.compile(
    r"不|没有?|无法|无需|无(?=[^理线论忧门误痕缝绳糖条])|勿|禁止|谢绝|拒绝|恕|概不|别(?=[再加用给随])"
    r"|\bnot\b|n't\b|\bcannot\b|\bno\b|\bnever\b|\bunable to\b|\bneither\b|\bnor\b|\bwithout\b"
)
# Between a denial and what it denies.
_HELPERS = re.compile(
    r"(?:可以|能够|能|可|支持|提供|允许|接受|予以|予|会|是|在|需要|需|要|再|被|给|得|有|另|单独|法|太|很|也|都|"
    r"属于|算|按)*"
    r"|(?: ?\b(?:be|been|being|is|are|the|an?|any|to|can|will|yet|get|have|has|do|does|it|them|you|we|possible|"
    r"part|of)\b)* ?"
)
# 可以 and 支持 are told apart by the denial alone; for likeness they are one word.
_MODAL = re.compile(
    r"可以|能够|能|可|支持|提供|允许|接受|予以|予|会|是|在|需要|需|要|请|哦|的话|之后|以后|后"
    r"|\b(?:can|could|may|be|is|are|do|does|will|would|possible|please|sorry|afraid|unfortunately|yes|i'm|we're)\b"
)
_POLITE = re.compile(
    r"抱歉|不好意思|谅解|理解|您好|你好|谢谢|感谢|放心|亲|遗憾|很|非常|\b(?:hi|hello|thanks?|thank you|glad)\b"
)
_EXCEPT = re.compile(
    r"除非|除外|之外|以外|除了|例外|不在此列|\bunless\b|\bexcept\b|\bother than\b|\bonly\b|只|仅|才|须|必须|"
    r"限(?!制)|同一?品类|\bmust\b"
)
_BEYOND = re.compile(
    r"超过|超出|以外|之外|以上|之后|以后|过了|逾期|晚于|早于|不足|低于|高于|少于|不到|不满|没满|未满|没有?超|"
    r"之前|前|才|起|至少|最多"
    r"|\b(?:after|more than|over|later|beyond|exceed\w*|under|below|before|older|younger|until|unless|less than|past|"
    r"at least|than|earlier|without|only|from|since|once|reach)\b"
)
_CONDITION = re.compile(
    r"(?:但|而|那)?(?:如果|如(?!何)|若|要是|假如|前提是|当|除非)|没有[^，]{1,8}的$|(?:and |but |so )?(?:if|"
    r"when|unless|without|as long as|once)\b"
)
# Tuned on the first half of tests/benchmarks/fact_guard_drafts.jsonl.
AROUND = 0.25
LEAST = 0.45
LEAD = 1.4
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Stance:
    """A clause: its words without those that affirm or deny, of these the ones that it denies, and the models, places
    and values that its sentence names."""

    span: Span
    denied: frozenset[str]
    excepts: bool
    words: dict[str, float]
    core: frozenset[str]
    named: frozenset[str]
    values: frozenset[str]

    def affirms(self, others: frozenset[str]) -> bool:
        """Whether it says one of `others` without denying anything."""
        return not self.denied and not self.core.isdisjoint(others)


def find_contradictions(draft: str, sources: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of clauses whose best source clause says the opposite."""
    known, rarity = _known(tuple(sources))
    return [
        (stance.span.start, stance.span.end)
        for stance in stances(draft)
        if (len(stance.core) >= _FEWEST and _is_opposed(stance, known, rarity)) or _denies_value(stance, draft, known)
    ]


@lru_cache(maxsize=16)
def _known(sources: tuple[str, ...]) -> tuple[tuple[Stance, ...], dict[str, float]]:
    """The stances of the sources, and how much each of their words tells."""
    known = tuple(stance for source in sources for stance in stances(source))
    seen: dict[str, float] = defaultdict(float)
    for stance in known:
        for word, weight in stance.words.items():
            seen[word] += weight * weight
    return known, {word: telling(word, total, len(known)) for word, total in seen.items()}


def _denies_value(mine: Stance, draft: str, known: Sequence[Stance]) -> bool:
    """每单限换3次 does not let a draft say 不可以换3次; "after 3 days you cannot" is no denial of the 3 days."""
    if not mine.denied or not mine.values or _BEYOND.search(fold(draft[mine.span.start : mine.span.end])):
        return False
    told = [stance for stance in known if mine.values & stance.values and mine.core & stance.core]
    return bool(told) and not any(stance.denied or stance.excepts for stance in told)


def _is_opposed(mine: Stance, known: Sequence[Stance], rarity: dict[str, float]) -> bool:
    """Whether the clause most like it says the opposite, and none as like says the same."""
    near = [stance for stance in known if not stance.core.isdisjoint(mine.core)]
    opposed = [stance for stance in near if _opposes(mine, stance)]
    against = max((_likeness(mine, stance, rarity, len(known)) for stance in opposed), default=0.0)
    if against < LEAST:
        return False
    rest = (stance for stance in near if stance not in opposed)
    return all(_likeness(mine, stance, rarity, len(known)) * LEAD <= against for stance in rest)


def _opposes(mine: Stance, other: Stance) -> bool:
    if mine.excepts != other.excepts:
        return False  # "only unopened" does not oppose "opened cannot"
    if mine.named and other.named and mine.named.isdisjoint(other.named):
        return False
    if mine.denied:
        return other.affirms(mine.denied)
    return bool(other.denied) and mine.affirms(other.denied)


def _likeness(mine: Stance, other: Stance, rarity: dict[str, float], count: int) -> float:
    """How much of what either clause says the other says, too; 1 for the same words."""
    shared = mine_all = other_all = 0.0
    for word in mine.core | other.core:
        weight = rarity.get(word)
        if weight is None:
            weight = telling(word, 0.0, count)
        own, theirs = mine.words.get(word, 0.0), other.words.get(word, 0.0)
        shared += weight * min(1.0, own * theirs)
        mine_all += weight * own if word in mine.core else 0.0
        other_all += weight * theirs if word in other.core else 0.0
    if not mine_all or not other_all:
        return 0.0
    return shared / (mine_all * 0.6 + other_all * 0.4)


@lru_cache(maxsize=1024)
def stances(text: str) -> tuple[Stance, ...]:
    """The clauses of `text` that say something."""
    folded = fold(text)
    found = []
    for sentence in sentences(text):
        line = folded[sentence.start : sentence.end]
        if line.strip().endswith(("?", "？")):
            continue
        around = dict.fromkeys(_core(line), AROUND)
        for clause in clauses(folded, sentence):
            part = folded[clause.start : clause.end]
            core = _core(part)
            if core and not _CONDITION.match(part.strip()):
                found.append(
                    Stance(
                        span=clause,
                        denied=_denied(part),
                        excepts=_EXCEPT.search(part) is not None,
                        words=around | dict.fromkeys(core, NEAR),
                        core=frozenset(core),
                        named=_keys(text, sentence, named=True),
                        values=_keys(text, clause, named=False),
                    )
                )
    return tuple(found)


def _keys(text: str, span: Span, *, named: bool) -> frozenset[str]:
    """Models and places within `span`, or its values with what they are of."""
    return frozenset(
        key if named else f"{claim.reason} {key}"
        for claim in find_claims(text)
        if span.start <= claim.start < span.end and (claim.group in {"code", "place"}) is named
        for key in claim.keys
    )


def _denied(part: str) -> frozenset[str]:
    """What stands behind each denial: its first word, in Chinese the first two characters and the first alone."""
    bare = _NO_DENIAL.sub(lambda match: " " * len(match[0]), part)
    found: set[str] = set()
    for match in _DENIAL.finditer(bare):
        helped = _HELPERS.match(bare, match.end())
        rest = bare[helped.end() if helped else match.end() :].lstrip()
        told = words(rest[:3] if rest[:1] > "\u2e7f" else rest[:24])
        found |= set(told[:2]) if rest[:1] > "\u2e7f" else set(told[:1])
    return frozenset(found)


def _core(part: str) -> tuple[str, ...]:
    return words(_MODAL.sub(" ", _DENIAL.sub(" ", _POLITE.sub(" ", part))))
