"""What is read out of a customer's words, in both languages."""

import pytest

from agent_assist.domain.shop import Product
from agent_assist.domain.understanding import Entity
from agent_assist.knowledge.words import query_words
from agent_assist.recommendation import Catalogue, read_catalogue
from agent_assist.recommendation.comparisons import Comparison
from agent_assist.recommendation.wishes.checks import ColourWish, FitsWish, SizeWish, TraitWish
from agent_assist.recommendation.wishes.model import MeasureWish, Wishes

SHOP = (
    Product(
        sku="E1", name="云雀 Air 真无线降噪耳机", name_en="Lark Air ANC Earbuds", category="耳机", price=399, stock=9,
        attributes={"colors": "白色, 黑色, 雾蓝", "battery": "7 小时 / 7 h", "price_usd": "59"}, aliases=("Lark Air",),
    ),
    Product(
        sku="W1", name="云雀 Watch One 智能手表", name_en="Lark Watch One", category="智能穿戴", price=799, stock=3,
        aliases=("Watch One",),
    ),
    Product(
        sku="S1", name="云雀 硅胶表带", name_en="Lark Silicone Strap", category="配件", price=49, stock=5,
        attributes={"fits": "Watch One", "colors": "黑色, 橙色"},
    ),
)  # fmt: skip


def split(text: str) -> tuple[str, ...]:
    return query_words(text).words


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(SHOP, split=split)


def read(catalogue: Catalogue, *texts: str) -> Wishes:
    return catalogue.read(texts)


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("500 以内的耳机", 0, 500, ""),
        ("耳机，三百左右", 240, 360, ""),
        ("一百多的耳机", 100, 199, ""),
        ("两三百的耳机", 200, 399, ""),
        ("预算一千", 0, 1000, ""),
        ("耳机 200-300元", 200, 300, "CNY"),
        ("800 到 1000 之间的", 800, 1000, ""),
        ("earbuds under $50", 0, 50, "USD"),
        ("between 200 and 400", 200, 400, ""),
        ("earbuds for around $100", 80, 120, "USD"),
        ("not more than 20 dollars", 0, 20, "USD"),
        ("my budget is 60", 0, 60, ""),
        ("at least $30", 30, float("inf"), "USD"),
    ],
)
def test_budgets(catalogue: Catalogue, text: str, low: float, high: float, currency: str) -> None:
    budget = read(catalogue, text).budget
    assert budget is not None
    assert (budget.low, budget.high, budget.currency) == (pytest.approx(low), pytest.approx(high), currency)


@pytest.mark.parametrize(
    "text",
    [
        "续航 40 小时以上的耳机",
        "10000 毫安以内",
        "43 码的跑鞋",
        "要 5 个",
        "earbuds with 40 hours",
        "size 44 shoes",
        "IP67",
        "iPhone 15",
    ],
)
def test_other_numbers_are_no_budget(catalogue: Catalogue, text: str) -> None:
    assert read(catalogue, text).budget is None


@pytest.mark.parametrize(
    ("text", "aspect", "sense", "value"),
    [
        ("续航至少 8 小时", "battery", Comparison.AT_LEAST, 480),
        ("battery of at least 8 hours", "battery", Comparison.AT_LEAST, 480),
        ("两周续航", "battery", Comparison.AT_LEAST, 20160),
        ("大于 10000 毫安", "charge", Comparison.AT_LEAST, 10000),
        ("两万毫安的充电宝", "charge", Comparison.STATED, 20000),
        ("不超过 3 公斤", "weight", Comparison.AT_MOST, 3000),
        ("lighter than 500 g", "weight", Comparison.AT_MOST, 500),
        ("承重 120 公斤以上", "load", Comparison.AT_LEAST, 120_000),
        ("噪音 30 分贝以下", "noise", Comparison.AT_MOST, 30),
        ("110V 能用的", "voltage", Comparison.STATED, 110),
        ("一米五的线", "length", Comparison.STATED, 150),
        ("能装 16 寸笔记本", "laptop", Comparison.AT_LEAST, 40.64),
    ],
)
def test_measures(catalogue: Catalogue, text: str, aspect: str, sense: Comparison, value: float) -> None:
    [wish] = [one for one in read(catalogue, text).conditions if isinstance(one, MeasureWish)]
    assert (wish.aspect.id, wish.bounds.sense) == (aspect, sense)
    assert wish.bounds.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "trait", "unwanted"),
    [
        ("有没有降噪耳机", "anc", False),
        ("不要降噪的耳机", "anc", True),
        ("earbuds without noise cancelling", "anc", True),
        ("蓝牙的", "bluetooth", False),
        ("can I swim with it", "waterproof", False),
    ],
)
def test_traits(catalogue: Catalogue, text: str, trait: str, unwanted: bool) -> None:
    found = [one for one in read(catalogue, text).conditions if isinstance(one, TraitWish)]
    assert [(one.trait.id, one.unwanted) for one in found] == [(trait, unwanted)]


@pytest.mark.parametrize(
    "text", ["耳机，没有降噪也行", "earbuds, no noise cancelling needed", "I don't need noise cancelling"]
)
def test_what_is_left_open_is_no_condition(catalogue: Catalogue, text: str) -> None:
    assert read(catalogue, text).conditions == ()


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("黑色的耳机", False),
        ("不要黑色", True),
        ("除了黑色都行", True),
        ("not in black", True),
        ("anything but black", True),
    ],
)
def test_colours(catalogue: Catalogue, text: str, unwanted: bool) -> None:
    [wish] = read(catalogue, text).conditions
    assert isinstance(wish, ColourWish)
    assert "black" in wish.words
    assert wish.unwanted is unwanted


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("M 码有吗", "M"),
        ("size L please", "L"),
        ("2XL", "2XL"),
        ("XXL 的", "XXL"),
        ("43码", "43"),
        ("size 44", "44"),
        ("1.8 米床", "1.8m"),
    ],
)
def test_sizes(catalogue: Catalogue, text: str, size: str) -> None:
    [wish] = [one for one in read(catalogue, text).conditions if isinstance(one, SizeWish)]
    assert wish.wanted == size


@pytest.mark.parametrize(
    "text", ["能配 Watch One 的表带", "a strap for my Watch One", "does any strap fit the Watch One?"]
)
def test_a_product_that_is_only_mentioned_is_what_it_must_fit(catalogue: Catalogue, text: str) -> None:
    wishes = read(catalogue, text)
    assert (wishes.kinds, wishes.named) == (("strap",), ())
    assert [one.wanted for one in wishes.conditions if isinstance(one, FitsWish)] == ["watch one"]


def test_sizes_and_colours_that_only_the_models_see_count(catalogue: Catalogue) -> None:
    text = "卫衣 M 薰衣草"
    entities = [Entity(type="size", start=3, end=4, text="M"), Entity(type="color", start=5, end=8, text="薰衣草")]
    wishes = catalogue.read([text], entities={0: entities})
    assert {(type(one), one.wanted) for one in wishes.conditions} == {(SizeWish, "M"), (ColourWish, "薰衣草")}
    assert catalogue.read([text]).conditions == ()


def test_a_product_called_by_its_name_is_asked_for(catalogue: Catalogue) -> None:
    assert read(catalogue, "Lark Air 有货吗").named == ("E1",)


def test_counts_are_quantities_and_sets_are_none(catalogue: Catalogue) -> None:
    assert read(catalogue, "表带要 30 条").quantity == 30
    assert read(catalogue, "四件套").quantity == 1


def test_later_messages_add_and_replace(catalogue: Catalogue) -> None:
    wishes = read(catalogue, "想买耳机，500以内", "要白色的", "预算改成 300 吧，黑色也行")
    assert wishes.kinds == ("headphones",)
    assert wishes.budget is not None
    assert wishes.budget.high == 300
    wishes = read(catalogue, "想买手表", "还是看看耳机吧")
    assert wishes.kinds == ("headphones",)


@pytest.mark.parametrize(
    "text", ["快递到哪了", "我的耳机坏了要退货", "where is my parcel", "my earbuds are broken, refund please"]
)
def test_after_sales_questions_are_told_apart(catalogue: Catalogue, text: str) -> None:
    assert read(catalogue, text).after_sales


def test_traditional_characters_and_full_width_are_read(catalogue: Catalogue) -> None:
    wishes = read(catalogue, "想買個藍牙耳機，５００以內")
    assert wishes.kinds == ("headphones",)
    assert wishes.budget is not None
    assert wishes.budget.high == 500
