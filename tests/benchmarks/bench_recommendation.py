"""How well products are recommended: `python -m tests.benchmarks.bench_recommendation [--part tuning] [--show]`.

Two measurements. The first asks 120 questions of the sample shop (recommendation_cases.jsonl, 40 of them written
before and not looked at while the rules were made) and prints hit@3, violations and abstentions beside full text search
over the products' texts. The second, in companions.py, hides one product of each customer of a made-up order set and
prints how often it is among the first five, beside the recommenders of `implicit` and popularity.
"""

import argparse
import asyncio
import json
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent_assist.composition import App, open_app
from agent_assist.domain.shop import Product
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.intake import read_products
from agent_assist.knowledge.words import index_words, query_words
from agent_assist.recommendation import advice_sentences
from agent_assist.services.recommendation import Request
from tests.benchmarks.companions import compare

CASES = Path(__file__).with_name("recommendation_cases.jsonl")
SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question; no `accept`ed SKUs means that nothing should be recommended. It may cost `most`, 0 for any price."""

    id: str
    part: str
    language: str
    texts: tuple[str, ...]
    accept: frozenset[str]
    customer: str = ""
    most: float = 0.0
    currency: str = ""


@dataclass(slots=True)
class Tally:
    """Counts over the cases of one part and language."""

    answerable: int = 0
    hits: int = 0
    first: int = 0
    silent: int = 0
    rightly_silent: int = 0
    violations: int = 0
    shown: int = 0
    fitting: int = 0
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One line of figures."""
        return (
            f"hit@3 {self.hits}/{self.answerable}  first {self.first}/{self.answerable}  "
            f"silent where it should be {self.rightly_silent}/{self.silent}  "
            f"shown that fit {self.fitting}/{self.shown}  out of stock or over budget {self.violations}"
        )


def read_cases() -> list[Case]:
    """The cases in order of the file."""
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [Case(**row | {"texts": tuple(row["texts"]), "accept": frozenset(row["accept"])}) for row in rows]


def count(tally: Tally, case: Case, shown: Sequence[str], violations: int) -> None:
    """Add one answer."""
    tally.violations += violations
    tally.shown += len(shown)
    tally.fitting += len(set(shown) & case.accept)
    if case.accept:
        tally.answerable += 1
        tally.hits += bool(set(shown[:3]) & case.accept)
        tally.first += bool(set(shown[:1]) & case.accept)
    else:
        tally.silent += 1
        tally.rightly_silent += not shown
    if (case.accept and not set(shown[:1]) & case.accept) or (not case.accept and shown):
        tally.wrong.append(case.id)


def full_text(products: Sequence[Product], text: str, k: int = 3) -> list[str]:
    """The peer: BM25 over the products' texts, as a search box would do it."""
    docs = {one.sku: index_words(_told(one)) for one in products}
    bags = {sku: [*words.words, *words.pairs] for sku, words in docs.items()}
    mean = sum(map(len, bags.values())) / len(bags)
    asked = query_words(text)
    scores = {}
    for sku, bag in bags.items():
        score = 0.0
        for term in {*asked.words, *asked.pairs}:
            holding = sum(term in other for other in bags.values())
            often = bag.count(term)
            if often:
                rarity = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
                score += rarity * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(bag) / mean))
        if score:
            scores[sku] = score
    return sorted(scores, key=lambda sku: (-scores[sku], sku))[:k]


def _told(product: Product) -> str:
    names = (product.name, product.name_en, product.brand, product.category, *product.aliases)
    return "\n".join([*names, *(product.attributes or {}).values()])


def violations(products: Sequence[Product], case: Case, shown: Sequence[str]) -> int:
    """How many of `shown` are out of stock or cost more than the case allows, by the products' own data."""
    by_sku = {one.sku: one for one in products}
    return sum(by_sku[sku].stock <= 0 or _price(by_sku[sku], case) > (case.most or math.inf) for sku in shown)


def _price(product: Product, case: Case) -> float:
    if case.currency == "USD":
        return float((product.attributes or {}).get("price_usd", math.inf))
    return product.price


async def ask(app: App, cases: Sequence[Case], *, show: bool) -> dict[tuple[str, str], tuple[Tally, Tally]]:
    """Ours and full text's tallies by part and language."""
    products = [one for one in read_products(SAMPLES / "products.jsonl") if isinstance(one, Product)]
    tallies: dict[tuple[str, str], tuple[Tally, Tally]] = {}
    for case in cases:
        ours, peer = tallies.setdefault((case.part, case.language), (Tally(), Tally()))
        advice = await app.recommendation.advise(Request(texts=case.texts, customer=case.customer))
        shown = [one.product.sku for one in advice.recommended]
        nearest = [one.product.sku for one in advice.nearest]
        # The nearest may cost too much, and say so; out of stock nothing may be.
        gone = violations(products, replace(case, most=0.0), nearest)
        count(ours, case, shown, violations(products, case, shown) + gone)
        found = full_text(products, "\n".join(case.texts))
        count(peer, case, found, violations(products, case, found))
        if show and case.id in ours.wrong:
            print(case.id, " | ".join(case.texts), sorted(case.accept))
            for sentence in advice_sentences(advice):
                print("     ", sentence)
    return tallies


async def questions(arguments: argparse.Namespace) -> None:
    """The first measurement."""
    cases = [case for case in read_cases() if arguments.part in {"", case.part}]
    with tempfile.TemporaryDirectory() as folder:
        engine = ScriptedEngine() if arguments.words_only else None
        app = await open_app(Path(folder) / "profile", engine=engine)
        try:
            await app.tickets.import_shop(orders=SAMPLES / "orders.jsonl", products=SAMPLES / "products.jsonl")
            if not arguments.words_only:
                await app.start(background=False)
                await app.recommendation.embed_products()
            tallies = await ask(app, cases, show=arguments.show)
        finally:
            await app.close()
    for (part, language), (ours, peer) in sorted(tallies.items()):
        print(f"{part:9} {language}  ours       {ours.line()}")
        print(f"{part:9} {language}  full text  {peer.line()}")


def main() -> None:
    """Run what was chosen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="", help="only cases of this part")
    parser.add_argument("--show", action="store_true", help="print the answers that were wrong")
    parser.add_argument("--words-only", action="store_true", help="without the encoder")
    parser.add_argument("--customers", type=int, nargs="*", default=[600, 3000], help="sizes of the made-up order sets")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(questions(arguments))
    for customers in arguments.customers:
        for line in compare(customers, seeds=arguments.seeds):
            print(line)


if __name__ == "__main__":
    main()
