"""Damaged files are read or refused, one after the other by the same reader; nothing else may happen."""

from pathlib import Path

from agent_assist.domain.knowledge import Article
from agent_assist.knowledge import ArticleReader
from agent_assist.knowledge.reading.fields import make_article
from tests.helpers.mutations import KINDS, mutants, write_seeds


def test_sixty_damaged_files(reader: ArticleReader, tmp_path: Path) -> None:
    for path in mutants(tmp_path, 60, seed=7):
        rows = list(reader.read_file(path, root=tmp_path))
        for row in rows:
            if isinstance(row, Article):
                assert row.doc_id
                assert row.text == make_article({"text": row.text}).text
            else:
                assert row.file == str(path)
    for path in write_seeds(tmp_path):
        assert all(isinstance(row, Article) for row in reader.read_file(path, root=tmp_path)), path.suffix
    assert len(KINDS) == 5
