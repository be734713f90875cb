"""A folder of made-up articles for benchmarks, so many that the store holds about 20,000 passages."""

import random
from pathlib import Path

_SUBJECTS = ("耳机 earbuds", "手表 watch", "水壶 kettle", "背包 backpack", "台灯 lamp", "键盘 keyboard", "毛毯 blanket")
_TOPICS = (
    "保修 Warranty",
    "退货 Returns",
    "运费 Postage",
    "发票 Invoices",
    "尺码 Sizes",
    "清洁 Cleaning",
    "电池 Battery",
)
_SENTENCES = (
    "七天无理由退货的运费由买家承担，商品需要保持完好，吊牌未剪。",
    "付款之后当天发货，偏远地区需要另收运费，物流停滞请联系客服核查。",
    "优惠券每个订单只能使用一张，退款后会在二十四小时内退回账户。",
    "保修十二个月，电池六个月，人为损坏可以付费维修。",
    "Refunds go back to the card within ten working days after the goods were inspected.",
    "Express shipping takes three to five days and can be tracked online at any time.",
    "Hold the power button for five seconds until the light blinks blue twice.",
    "The warranty covers defects of the battery and of the charging case.",
)


def section(dice: random.Random) -> str:
    """One section, which becomes one passage of about 200 tokens."""
    body = " ".join(dice.choices(_SENTENCES, k=7))
    return f"## {dice.choice(_TOPICS)} {dice.randrange(1000)}\n\n{body} {dice.randrange(10**6)}"


def write_shop(folder: Path, *, articles: int, sections: int, seed: int = 1) -> None:
    """Markdown files with so many sections each."""
    dice = random.Random(seed)
    folder.mkdir(parents=True)
    for number in range(articles):
        parts = [section(dice) for _ in range(sections)]
        title = f"# {dice.choice(_SUBJECTS)} {number}"
        (folder / f"{number:05}.md").write_text("\n\n".join([title, *parts]), encoding="utf-8")
