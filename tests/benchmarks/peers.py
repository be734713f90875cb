"""Other people's full text search over the same texts, to measure ours beside."""

import re
import sqlite3
from collections.abc import Callable, Sequence

import snowballstemmer  # type: ignore[import-untyped]

from agent_assist.domain.knowledge import Article
from agent_assist.domain.language import is_han

Rank = Callable[[str], list[str]]
_FOUND = 20
_STEMMER = snowballstemmer.stemmer("english")
_STOP_WORDS = "a an and are as at be by do for from has he i in is it its of on that the to was with"
_ENGLISH_STOP = frozenset(re.findall(r"\w+", _STOP_WORDS))


def searched_text(article: Article) -> str:
    """All of an article that a peer may search."""
    return "\n".join([article.title, article.question, *article.variants, article.text])


def tokens(text: str) -> list[str]:
    """rjieba's search cut, lower case; English words stemmed, as its users would do."""
    import rjieba

    words = [word.lower() for word in rjieba.cut_for_search(text) if re.search(r"\w", word)]
    return [word if is_han(word[0]) else str(_STEMMER.stemWord(word)) for word in words if word not in _ENGLISH_STOP]


def tantivy_rank(articles: Sequence[Article]) -> Rank:
    """tantivy (BM25) over rjieba's words."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="whitespace")
    index = tantivy.Index(builder.build())
    writer = index.writer(50_000_000, 1)
    for article in articles:
        writer.add_document(tantivy.Document(id=article.doc_id, text=" ".join(tokens(searched_text(article)))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(query: str) -> list[str]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, "text", token))
            for token in dict.fromkeys(tokens(query))
        ]
        if not terms:
            return []
        hits = searcher.search(tantivy.Query.boolean_query(terms), _FOUND).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return rank


def bm25s_rank(articles: Sequence[Article]) -> Rank:
    """bm25s over rjieba's words."""
    import bm25s

    index = bm25s.BM25()
    index.index([tokens(searched_text(article)) for article in articles], show_progress=False)

    def rank(query: str) -> list[str]:
        asked = tokens(query)
        if not asked:
            return []
        found, scores = index.retrieve([asked], k=min(_FOUND, len(articles)), show_progress=False)
        return [articles[place].doc_id for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    return rank


def sqlite_rank(articles: Sequence[Article], tokenizer: str) -> Rank:
    """FTS5 as it comes, with `unicode61` or `trigram`: the query's words between blanks and signs, any of them."""
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE t USING fts5 (id UNINDEXED, text, tokenize='{tokenizer}')")
    database.executemany("INSERT INTO t VALUES (?, ?)", [(one.doc_id, searched_text(one)) for one in articles])

    def rank(query: str) -> list[str]:
        words = re.findall(r"\w+", query)
        match = " OR ".join(f'"{word}"' for word in words)
        rows = (
            database.execute("SELECT id FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?", (match, _FOUND)) if match else []
        )
        return [str(row[0]) for row in rows]

    return rank
