import sqlite3

import pytest

from agent_assist.knowledge.words import fold, index_words, query_words
from agent_assist.storage.searching.terms import Term, match_expression


def found(query: str, text: str) -> bool:
    """Whether full text finds `text` by `query`, with the real tokens and a real FTS5 table."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5 (words, pairs, tokenize='ascii')")
    split = index_words(text)
    database.execute("INSERT INTO t VALUES (?, ?)", (" ".join(split.words), " ".join(split.pairs)))
    asked = query_words(query)
    terms = [Term(column="words", text=word) for word in asked.words]
    terms += [Term(column="pairs", text=pair) for pair in asked.pairs]
    expression = match_expression(terms, {term.text: 1 for term in terms}, passages=1)
    return bool(expression and database.execute("SELECT 1 FROM t WHERE t MATCH ?", (expression,)).fetchone())


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("退款", "请问我的退款什么时候到账"),  # unicode61 takes the sentence for one word
        ("运费", "七天无理由退货运费谁承担"),  # trigram knows no words of two characters; rjieba cuts 退/货运/运费
        ("退货", "七天无理由退货运费谁承担"),  # which only the pairs find
        ("税", "关税由收件人承担"),
        ("退貨運費誰負擔", "退货运费"),
        ("GF2611020017", "订单GF2611020017还没到"),
        ("2611020017", "订单GF2611020017还没到"),
        ("订单gf2611020017", "ＧＦ２６１１０２００１７ 已发货"),
        ("x200pro", "X200 Pro 怎么连接"),
        ("X200 Pro", "新款x200pro到货"),
        ("SF-1234-5678", "顺丰单号sf12345678"),
        ("returned", "Returns are free"),
        ("batteries", "the battery is dead"),
        ("iphone", "ｉＰｈｏｎｅ 保护壳"),
        ("cafe", "Café au lait"),
        ("1299", "售价 1,299 元"),
        ("3.5mm", "接口为3.5mm"),
        ("don't", "we do not ship there"),
        ("the", "the the"),
    ],
)
def test_what_other_tokenizers_miss_is_found(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [("退款", "怎么换货"), ("3.5", "3 个或 5 个"), ("X200", "X300 Pro"), ("的士", "士的"), ("", "x"), ("🙂", "x")],
)
def test_what_is_not_there_is_not_found(query: str, text: str) -> None:
    assert not found(query, text)


@pytest.mark.parametrize("word", ["不", "没有", "能", "吗"])
def test_words_that_turn_the_meaning_are_kept(word: str) -> None:
    split = query_words(f"这个{word}退货")
    assert any(word in term for term in split.words)
    assert found(word, f"已经拆封，{word}。")


def test_english_negation_is_kept() -> None:
    assert "not" in query_words("it can't be returned").words
    assert "without" in query_words("without a receipt").words


def test_filler_is_left_out_of_queries_only() -> None:
    assert query_words("where is my the parcel").words == ("where", "parcel")
    assert "the" in index_words("the parcel").words


def test_fold() -> None:
    assert fold("ＡＢＣ　Ⅱ Straße É") == "abc ii strasse e"
    assert fold("がパ") == "がパ"  # only Latin letters lose their marks


def test_tokens_hold_nothing_that_breaks_an_fts_query() -> None:
    split = index_words('a"b\' OR (c) * NEAR/2 ^x -y \u0000 中"文 a_b c++ 50% $9.90 #1 @me')
    for token in (*split.words, *split.pairs):
        assert all(char.isalnum() or char == "·" for char in token), token
