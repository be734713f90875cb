"""Advice as a reply to the customer: only what the product data say, in sentences that an agent can send.

The reply model is small and mixes the figures of two products up; these sentences cannot.
"""

from agent_assist.domain.language import Language
from agent_assist.domain.recommendation import Advice, ReasonKind, Recommendation
from agent_assist.recommendation.sentences import money, product_name, question_sentence, reason_sentence

# What other customers buy, and what is in the shop's own books, is for the agent.
_TOLD = frozenset(
    {
        ReasonKind.FITS,
        ReasonKind.MISSES,
        ReasonKind.NOT_STATED,
        ReasonKind.OVER_BUDGET,
        ReasonKind.UNDER_BUDGET,
        ReasonKind.CHEAPER,
        ReasonKind.DEARER,
    }
)
_FOR_THE_AGENT = frozenset({ReasonKind.ALREADY_BOUGHT, ReasonKind.TOO_FEW, ReasonKind.NO_PRICE})


def products_of(advice: Advice) -> tuple[Recommendation, ...]:
    """The products that a reply names: those recommended, else the nearest one if the customer may be told why."""
    if advice.recommended or advice.out_of_stock:
        return advice.recommended
    kinds = {reason.kind for one in advice.nearest[:1] for reason in one.misses}
    return () if kinds & _FOR_THE_AGENT else advice.nearest[:1]


def reply(advice: Advice) -> str:
    """The reply in the customer's language; "" where there is nothing to say."""
    zh = advice.language is Language.ZH
    products = products_of(advice)
    lines = [_gone(advice)] if advice.out_of_stock else []
    if products:
        lines.append(_head(advice))
        lines += [_item(one, advice.language) for one in products]
    if not lines:
        return ""
    if advice.question is not None:
        lines.append(question_sentence(advice.question, advice.language))
    return ("您好，" if zh else "Hello! ") + "\n".join(lines)


def _gone(advice: Advice) -> str:
    zh = advice.language is Language.ZH
    told = []
    for lost in advice.out_of_stock:
        name = product_name(lost.product, advice.language)
        back = (
            (f"，预计 {lost.restock} 到货" if zh else f" and expected back on {lost.restock}") if lost.restock else ""
        )
        told.append(f"{name} 目前缺货{back}" if zh else f"The {name} is out of stock{back}")
    return "；".join(told) + "。" if zh else ". ".join(told) + "."


def _head(advice: Advice) -> str:
    zh = advice.language is Language.ZH
    if advice.out_of_stock:
        return "同类有货的有：" if zh else "In stock of the same kind:"
    if advice.recommended:
        return "符合您要求的有：" if zh else "This is what fits:"
    return "没有完全符合要求的，最接近的是：" if zh else "Nothing fits all of it; the closest is:"


def _item(one: Recommendation, language: Language) -> str:
    zh = language is Language.ZH
    reasons = [reason_sentence(reason, language) for reason in one.reasons if reason.kind in _TOLD]
    name, price = product_name(one.product, language), money(one.price, one.currency, language)
    told = ("；" if zh else "; ").join(reasons)
    if zh:
        return f"- {name}，{price}" + (f"（{told}）" if told else "")
    return f"- {name}, {price}" + (f" ({told})" if told else "")
