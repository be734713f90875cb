"""Shops that share neither categories nor attribute names with the sample shop."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.domain.language import language_of_thread
from agent_assist.domain.recommendation import Advice
from agent_assist.domain.shop import Product
from agent_assist.knowledge.words import query_words
from agent_assist.recommendation import (
    Catalogue,
    Customer,
    Signals,
    advice_sentences,
    advise,
    read_catalogue,
)

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def zh(sku: str, name: str, category: str, price: float, stock: int = 9, **attributes: str) -> Product:
    return Product(sku=sku, name=name, category=category, price=price, stock=stock, attributes=attributes)


def en(sku: str, name: str, category: str, price: float, stock: int = 9, **attributes: str) -> Product:
    return Product(
        sku=sku, name=name, category=category, price=price, currency="USD", stock=stock, attributes=attributes
    )


PETS = (
    zh("cat-2", "皇家 成猫粮 2kg", "猫粮", 168, 净重="2 kg", 口味="鸡肉"),
    zh("cat-4", "皇家 幼猫粮 4kg", "猫粮", 298, 净重="4 kg", 口味="三文鱼"),
    zh("dog-3", "皇家 小型犬狗粮 3kg", "狗粮", 199, 净重="3 kg"),
    zh("litter", "自动猫砂盆 智能款", "猫用品", 899, 颜色="白色、灰色", 噪音="35 dB"),
    zh("bowl", "不锈钢宠物水碗", "宠物用品", 39, 0, 材质="304 不锈钢"),
    zh("cream", "玻尿酸保湿面霜 50ml", "护肤品", 259, 适用肤质="干性、敏感肌"),
    zh("lips", "哑光口红", "彩妆", 199, 颜色="正红、豆沙、橘红"),
    zh("pinks", "滋润口红", "彩妆", 89, 颜色="粉红"),
    zh("rod", "碳素鱼竿 3.6米", "渔具", 329, 重量="180 g"),
    zh("tent", "四人帐篷 防雨", "户外", 599, 颜色分类="军绿", 重量="4.5 kg"),
)
BIKES = (
    en("mtb", "Trail 29 Mountain Bike", "Bikes", 749, color="red, black", sizes="S, M, L"),
    en("ebike", "City Commuter E-Bike", "Bikes", 1499, color="white"),
    en("helmet", "Ride Helmet Pro", "Accessories", 59, color="black, yellow", sizes="M, L"),
    en("case-15", "Phone Case for iPhone 15", "Cases", 19, material="silicone", compatible_with="iPhone 15, 15 Pro"),
    en("case-old", "Phone Case for iPhone 12-14", "Cases", 9, compatible_with="iPhone 12-14"),
    en("case-s24", "Phone Case for Galaxy S24", "Cases", 19, material="leather", compatible_with="Galaxy S24"),
    en("strings", "Acoustic Guitar Strings 12-53", "Strings", 12),
    en("cans", "Noise Cancelling Headphones X", "Audio", 199, **{"battery life": "30 hours"}),
    en("stick", "256GB USB 3.2 Flash Drive", "Storage", 25, storage="256 GB"),
    en("ssd", "1TB Portable SSD", "Storage", 89, storage="1 TB", Weight="45 g"),
    en("20", "Discontinued Lamp", "Lamps", 20),
)  # fmt: skip


def split(text: str) -> tuple[str, ...]:
    return query_words(text).words


@pytest.fixture(scope="module")
def pets() -> Catalogue:
    return read_catalogue(PETS, split=split)


@pytest.fixture(scope="module")
def bikes() -> Catalogue:
    return read_catalogue(BIKES, split=split)


def ask(catalogue: Catalogue, text: str) -> Advice:
    wishes = catalogue.read([text])
    signals = Signals(coverage=catalogue.coverage(wishes))
    language = language_of_thread([text])
    return advise(catalogue, wishes, customer=Customer(), signals=signals, language=language, now=NOW)


def found(advice: Advice) -> set[str]:
    return {one.product.sku for one in advice.recommended}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("猫粮有推荐吗", {"cat-2", "cat-4"}),
        ("有没有三文鱼味的猫粮", {"cat-4", "cat-2"}),
        ("不锈钢的水碗", set()),
        ("有灰色的猫砂盆吗", {"litter"}),
        ("红色的口红", {"lips"}),
        ("粉色口红", {"pinks"}),
        ("鱼竿 200 克以内", {"rod"}),
        ("帐篷，3公斤以内", set()),
        ("绿色帐篷", {"tent"}),
        ("仓鼠笼子有吗", set()),
    ],
)
def test_a_shop_with_chinese_attribute_names(pets: Catalogue, text: str, expected: set[str]) -> None:
    assert found(ask(pets, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red bike size M", {"mtb"}),
        ("green bike", set()),
        ("helmet in yellow size L", {"helmet"}),
        ("case for iPhone 15", {"case-15"}),
        ("a case for my iPhone 13", {"case-old"}),
        ("case for iPhone 16", set()),
        ("case for Galaxy S24", {"case-s24"}),
        ("leather case for my iphone 15", set()),
        ("guitar strings", {"strings"}),
        ("headphones with 25 hours of battery", {"cans"}),
        ("at least 500 GB of storage", {"ssd"}),
        ("an SSD lighter than 50 g", {"ssd"}),
        ("do you have cat food", set()),
        ("bikes between $500 and $1000", {"mtb"}),
        ("a lamp please", set()),
    ],
)
def test_a_shop_in_english_alone(bikes: Catalogue, text: str, expected: set[str]) -> None:
    assert found(ask(bikes, text)) == expected


KEYS = st.sampled_from(["颜色", "battery", "price_usd", "fits", "sizes", "weight", "restock", ""])
VALUES = st.sampled_from(["无", "5 kg", "7 小时 / 7 h", "100-240 V", "红色, 蓝色", "iPhone 12-15", ""])
PRODUCTS = st.builds(
    Product,
    sku=st.text(min_size=1, max_size=8),
    name=st.text(max_size=30),
    category=st.text(max_size=8),
    price=st.floats(0, 1e6),
    stock=st.integers(-5, 5),
    attributes=st.dictionaries(
        st.one_of(KEYS, st.text(max_size=9)), st.one_of(VALUES, st.text(max_size=30)), max_size=4
    ),
    aliases=st.lists(st.text(max_size=9), max_size=2).map(tuple),
)
ASKED = ("推荐一下，红色的，5 公斤以内，能配 iPhone 14", "something around $50 with 7 hours, size M")


@settings(max_examples=60, deadline=None)
@given(products=st.lists(PRODUCTS, max_size=6, unique_by=lambda one: one.sku))
def test_any_shop_can_be_asked(products: list[Product]) -> None:
    catalogue = read_catalogue(products, split=split)
    for text in (*ASKED, *(one.name for one in products)):
        shown = ask(catalogue, text)
        assert all(one.product.stock > 0 for one in (*shown.recommended, *shown.nearest))
        assert advice_sentences(shown)


def test_the_most_fitting_comes_first(pets: Catalogue) -> None:
    assert ask(pets, "有没有三文鱼味的猫粮").recommended[0].product.sku == "cat-4"
