"""`agent-assist recommend`: products that fit what a customer asks for, with the reasons in words."""

from contextlib import suppress
from typing import Any

import click

from agent_assist.cli.session import Session, pass_session
from agent_assist.composition import App
from agent_assist.domain.recommendation import Advice, Reason, Recommendation
from agent_assist.errors import EngineError, InputError
from agent_assist.recommendation import (
    advice_sentences,
    question_sentence,
    reason_sentence,
    recommendation_sentence,
)
from agent_assist.services.recommendation import DEFAULT_K

# A command does not wait for more products than this to be embedded; the window embeds the rest.
_EMBED = 256


@click.command()
@click.option("--text", help="What the customer asks.")
@click.option("--ticket", "ticket_id", help="Id of a stored ticket instead.")
@click.option("--customer", default="", help="E-mail address, phone number or name, for what they bought before.")
@click.option("-k", default=DEFAULT_K, show_default=True, type=click.IntRange(1, 50), help="At most so many products.")
@pass_session
def recommend(session: Session, text: str | None, ticket_id: str | None, customer: str, k: int) -> None:
    """Recommend products in stock that fit what a customer asks for, and say why."""
    if (text is None) == (ticket_id is None):
        raise InputError("Give either --text or --ticket.")

    async def work(app: App) -> None:
        with suppress(EngineError):
            await app.recommendation.embed_products(limit=_EMBED)
        if ticket_id is not None:
            advice = await app.recommendation.for_ticket_id(ticket_id, k=k)
        else:
            advice = await app.recommendation.for_text(text or "", customer=customer, k=k)
        if session.output.as_json:
            session.output.record(as_record(advice))
            return
        for sentence in advice_sentences(advice):
            session.output.say(sentence)

    session.run(work, engine=True)


def as_record(advice: Advice) -> dict[str, Any]:
    """One object: products with typed reasons and their sentence, what is out of stock, what to ask."""
    return {
        "language": advice.language,
        "recommended": [_product(one, advice) for one in advice.recommended],
        "nearest": [_product(one, advice) for one in advice.nearest],
        "out_of_stock": [
            {"sku": one.product.sku, "name": one.product.name, "restock": one.restock} for one in advice.out_of_stock
        ],
        "question": None
        if advice.question is None
        else {"kind": advice.question.kind, "text": question_sentence(advice.question, advice.language)},
        "text": "\n".join(advice_sentences(advice)),
    }


def _product(one: Recommendation, advice: Advice) -> dict[str, Any]:
    return {
        "sku": one.product.sku,
        "name": one.product.name,
        "price": one.price,
        "currency": one.currency,
        "stock": one.product.stock,
        "score": one.score,
        "reasons": [_reason(reason, advice) for reason in one.reasons],
        "text": recommendation_sentence(one, advice.language),
    }


def _reason(reason: Reason, advice: Advice) -> dict[str, Any]:
    return {
        "kind": reason.kind,
        "against": reason.kind.against,
        "attribute": reason.en,
        "value": reason.value,
        "wanted": reason.wanted,
        "text": reason_sentence(reason, advice.language),
    }
