"""Advice in words, Chinese or English."""

from agent_assist.domain.language import Language, is_han
from agent_assist.domain.recommendation import (
    Advice,
    OutOfStock,
    Question,
    QuestionKind,
    Reason,
    ReasonKind,
    Recommendation,
)
from agent_assist.domain.shop import Product

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def product_name(product: Product, language: Language) -> str:
    """The name in that language, the other one where there is none."""
    return (product.name_en or product.name) if language is Language.EN else (product.name or product.name_en)


def money(amount: float, currency: str, language: Language) -> str:
    """199 元, $29, 29 CAD."""
    number = f"{amount:,.2f}".removesuffix(".00")
    if currency.upper() == "CNY":
        return f"{number} 元" if language is Language.ZH else f"¥{number}"
    sign = _SIGNS.get(currency.upper())
    return f"{sign}{number}" if sign else f"{number} {currency}"


def reason_sentence(reason: Reason, language: Language) -> str:
    """One reason, without a full stop."""
    return _zh(reason) if language is Language.ZH else _en(reason)


def recommendation_sentence(one: Recommendation, language: Language) -> str:
    """A product, its price, and why; what it does not fit comes last."""
    zh = language is Language.ZH
    told = sorted(one.reasons, key=lambda reason: reason.kind.against)
    reasons = ("；" if zh else "; ").join(reason_sentence(reason, language) for reason in told)
    name, price = product_name(one.product, language), money(one.price, one.currency, language)
    head = f"{name}（{price}）" if zh else f"{name} ({price})"
    if not one.price:
        head = name
    return head + ((("：" if zh else ": ") + reasons) if reasons else "")


def advice_sentences(advice: Advice, language: Language | None = None) -> tuple[str, ...]:
    """The whole advice, a sentence a line, in the customer's language or the one given."""
    language = language or advice.language
    zh = language is Language.ZH
    lines = [_gone(one, advice, language) for one in advice.out_of_stock]
    lines += [recommendation_sentence(one, language) for one in advice.recommended]
    if not advice.recommended:
        lines += _nothing(advice, language)
        lines += [
            ("最接近的是 " if zh else "The closest is ") + recommendation_sentence(one, language)
            for one in advice.nearest
        ]
    if advice.question is not None:
        lines.append(question_sentence(advice.question, language))
    return tuple(lines)


def question_sentence(question: Question, language: Language) -> str:
    """The question to ask back."""
    if language is Language.ZH:
        choices = "、".join(question.zh)
        return {
            QuestionKind.KIND: f"请问您想要哪一种：{choices}？",
            QuestionKind.BUDGET: "请问您的预算大概是多少？",
            QuestionKind.TRAIT: f"请问需要{choices}吗？",
            QuestionKind.SIZE: f"请问需要什么尺码（{choices}）？",
        }[question.kind]
    choices = ", ".join(question.en)
    return {
        QuestionKind.KIND: f"Which kind do you have in mind: {choices}?",
        QuestionKind.BUDGET: "What budget do you have in mind?",
        QuestionKind.TRAIT: f"Do you need {choices}?",
        QuestionKind.SIZE: f"Which size do you need ({choices})?",
    }[question.kind]


def _gone(lost: OutOfStock, advice: Advice, language: Language) -> str:
    name = product_name(lost.product, language)
    if language is Language.ZH:
        back = f"，预计 {lost.restock} 到货" if lost.restock else ""
        return f"{name} 缺货{back}" + ("，同类有货的是：" if advice.recommended else "。")
    back = f", expected back on {lost.restock}" if lost.restock else ""
    return f"{name} is out of stock{back}" + ("; in stock of the same kind:" if advice.recommended else ".")


def _nothing(advice: Advice, language: Language) -> list[str]:
    if advice.out_of_stock:
        return []
    if language is Language.ZH:
        kinds = "、".join(advice.wanted_zh) or "商品"
        if advice.nearest:
            return [f"没有完全符合要求的{kinds}。"]
        return [f"店里没有{kinds}。"] if advice.wanted_zh else ["没有找到符合的商品。"]
    kinds = ", ".join(advice.wanted_en) or "products"
    if advice.nearest:
        return [f"There are no {kinds} that meet all of this."]
    return [f"The shop has no {kinds}."] if advice.wanted_en else ["No product matches."]


def _value(reason: Reason, language: Language) -> str:
    """Shops write 单次 7 小时 / 7 h: the half in the language."""
    halves = reason.value.split(" / ")
    if len(halves) == 2 and any(map(is_han, halves[0])) and not any(map(is_han, halves[1])):
        return halves[0] if language is Language.ZH else halves[1]
    if (
        language is Language.EN
        and reason.kind is ReasonKind.FITS
        and reason.wanted.isascii()
        and _has_han(reason.value)
    ):
        return reason.wanted or reason.value
    return reason.value if language is Language.ZH else reason.value.replace("、", ", ")


def _has_han(text: str) -> bool:
    return any(map(is_han, text))


def _other(reason: Reason, language: Language) -> str:
    return product_name(reason.other, language) if reason.other else ""


def _zh(reason: Reason) -> str:
    zh, value, other = Language.ZH, _value(reason, Language.ZH), _other(reason, Language.ZH)
    said = f"{reason.zh}：{value}" if value else reason.zh
    asked = reason.wanted if reason.zh in {"颜色", "尺码", "适配"} else ""
    return {
        ReasonKind.NAMED: "就是所问的这款",
        ReasonKind.FITS: said if value else f"{said} {asked}".strip(),
        ReasonKind.IN_BUDGET: f"价格符合{_range(reason, zh)}",
        ReasonKind.BOUGHT_TOGETHER: f"{reason.number:.0f} 位顾客同时买了 {other}",
        ReasonKind.FITS_OWNED: f"适配顾客已有的 {other}",
        ReasonKind.POPULAR: f"{reason.value or '同类'}里买的人最多（{reason.number:.0f} 位）",
        ReasonKind.CHEAPER: f"比 {other} 便宜 {money(reason.number, reason.currency, zh)}",
        ReasonKind.DEARER: f"比 {other} 贵 {money(reason.number, reason.currency, zh)}",
        ReasonKind.MISSES: f"不符合：{reason.zh} {reason.wanted}" + (f"（这款是 {value}）" if value else ""),
        ReasonKind.NOT_STATED: f"商品资料没有写明：{reason.zh} {reason.wanted}",
        ReasonKind.OVER_BUDGET: f"超出{_range(reason, zh)}",
        ReasonKind.UNDER_BUDGET: f"低于{_range(reason, zh)}",
        ReasonKind.NO_PRICE: f"没有 {reason.currency} 价格",
        ReasonKind.TOO_FEW: f"库存只有 {reason.number:.0f} 件，要 {reason.wanted} 件",
        ReasonKind.ALREADY_BOUGHT: f"顾客 {reason.value} 已经买过",
    }[reason.kind]


def _en(reason: Reason) -> str:
    en, value, other = Language.EN, _value(reason, Language.EN), _other(reason, Language.EN)
    said = f"{reason.en}: {value}" if value else reason.en
    asked = reason.wanted if reason.en in {"colour", "size", "compatibility"} else ""
    customers = f"{reason.number:.0f} customer{'s' if reason.number != 1 else ''}"
    return {
        ReasonKind.NAMED: "the very product asked for",
        ReasonKind.FITS: said if value else f"{said} {asked}".strip(),
        ReasonKind.IN_BUDGET: f"within {_range(reason, en)}",
        ReasonKind.BOUGHT_TOGETHER: f"{customers} bought it with {other}",
        ReasonKind.FITS_OWNED: f"fits the {other} that the customer has",
        ReasonKind.POPULAR: f"the most bought of these ({customers})",
        ReasonKind.CHEAPER: f"{money(reason.number, reason.currency, en)} cheaper than {other}",
        ReasonKind.DEARER: f"{money(reason.number, reason.currency, en)} dearer than {other}",
        ReasonKind.MISSES: f"does not meet: {reason.en} {reason.wanted}" + (f" (this one: {value})" if value else ""),
        ReasonKind.NOT_STATED: f"not stated: {reason.en} {reason.wanted}",
        ReasonKind.OVER_BUDGET: f"over {_range(reason, en)}",
        ReasonKind.UNDER_BUDGET: f"below {_range(reason, en)}",
        ReasonKind.NO_PRICE: f"has no price in {reason.currency}",
        ReasonKind.TOO_FEW: f"only {reason.number:.0f} in stock, {reason.wanted} wanted",
        ReasonKind.ALREADY_BOUGHT: f"the customer bought it on {reason.value}",
    }[reason.kind]


def _range(reason: Reason, language: Language) -> str:
    """The budget in words."""
    zh = language is Language.ZH
    low, high = money(reason.low, reason.currency, language), money(reason.number, reason.currency, language)
    if reason.about:
        return f"预算 {high}左右" if zh else f"a budget of about {high}"
    if not reason.number:
        return f"预算 {low}以上" if zh else f"a budget from {low}"
    if reason.low:
        return f"预算 {low}到 {high}" if zh else f"a budget of {low} to {high}"
    return f"预算 {high}以内" if zh else f"a budget of up to {high}"
