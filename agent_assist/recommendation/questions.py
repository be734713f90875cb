"""The one question to ask back where a wish is vague: the one whose answer parts the candidates best."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from agent_assist.domain.recommendation import Question, QuestionKind
from agent_assist.recommendation.judging import Judged
from agent_assist.recommendation.vocabulary import Named, kind_by_id, vocabulary
from agent_assist.recommendation.wishes.checks import TraitWish
from agent_assist.recommendation.wishes.model import Status

_CHOICES = 4
# A question is about what would be shown next, not about the end of a long list.
_CONSIDERED = 20
# Prices that lie nearer to each other than this are no matter of budget.
_PRICE_SPREAD = 1.3


def choose_question(candidates: Sequence[Judged]) -> Question | None:
    """By the entropy of the parts; None where every question would leave them together."""
    candidates = candidates[:_CONSIDERED]
    options = [*_kinds(candidates), *_budget(candidates), *_traits(candidates), *_sizes(candidates)]
    best = max(options, key=lambda option: option[0], default=None)
    return best[1] if best and best[0] > 0 else None


def _kinds(candidates: Sequence[Judged]) -> list[tuple[float, Question]]:
    counts = Counter(one.facts.kinds[0] for one in candidates if one.facts.kinds)
    if len(counts) < 2:
        return []
    names: list[Named] = [kind_by_id()[kind] for kind, _ in counts.most_common(_CHOICES)]
    return [(_entropy(counts.values()), _question(QuestionKind.KIND, names))]


def _budget(candidates: Sequence[Judged]) -> list[tuple[float, Question]]:
    """A budget cuts the prices in two, best in the middle of their logarithms."""
    prices = [one.price for one in candidates if one.price > 0]
    if len(prices) < 2 or max(prices) < min(prices) * _PRICE_SPREAD:
        return []
    middle = math.sqrt(max(prices) * min(prices))
    below = sum(price <= middle for price in prices)
    return [(_entropy([below, len(prices) - below]), Question(kind=QuestionKind.BUDGET))]


def _traits(candidates: Sequence[Judged]) -> list[tuple[float, Question]]:
    options = []
    for trait in vocabulary().traits:
        wish = TraitWish(trait=trait, wanted="")
        having = sum(wish.check(one.facts).status is Status.MET for one in candidates)
        if 0 < having < len(candidates):
            entropy = _entropy([having, len(candidates) - having])
            # Customers more often care about what they pay: a trait must part better than a budget would.
            options.append((entropy * 0.99, _question(QuestionKind.TRAIT, [trait])))
    return options


def _sizes(candidates: Sequence[Judged]) -> list[tuple[float, Question]]:
    """A single product in sizes: the size is all that is left to ask."""
    if len(candidates) != 1 or len(candidates[0].facts.sizes or ()) < 2:
        return []
    sizes = tuple(size.upper() for size in candidates[0].facts.sizes or ())
    return [(0.1, Question(kind=QuestionKind.SIZE, zh=sizes, en=sizes))]


def _question(kind: QuestionKind, names: Sequence[Named]) -> Question:
    return Question(kind=kind, zh=tuple(one.zh for one in names), en=tuple(one.en for one in names))


def _entropy(counts: Iterable[int]) -> float:
    """Shannon entropy in nats."""
    parts = [count for count in counts if count]
    total = sum(parts)
    return -sum(part / total * math.log(part / total) for part in parts)
