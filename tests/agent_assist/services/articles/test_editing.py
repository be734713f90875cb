"""Articles are written, changed, reviewed, deleted and taken back, and every version stays."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent_assist.composition import App, open_app
from agent_assist.domain.article_versions import ArticleQuery, DiffKind, ProblemKind, VersionCause
from agent_assist.domain.events import ArticleChanged, DomainEvent
from agent_assist.domain.knowledge import ArticleKind, ArticleStatus, Visibility
from agent_assist.domain.language import Language
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import ChangedMeanwhileError, InputError, NotFoundError
from agent_assist.storage.articles.store import ArticleStore
from agent_assist.storage.database import Database
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.storage.tickets import TicketStore
from tests.agent_assist.services.articles.makers import REFUND, article
from tests.helpers.shop import ARTICLES, ticket_rows, write_rows


@pytest.fixture
async def database(app: App) -> AsyncIterator[Database]:
    """The profile once more, as a second program sees it."""
    opened = await Database.open(app.profile_dir / "profile.db")
    yield opened
    await opened.close()


async def found(app: App, query: str) -> list[str]:
    return [hit.passage.doc_id for hit in await app.knowledge.search(query, k=3, include_internal=True)]


async def test_a_new_article_is_listed_found_and_has_a_first_version(app: App) -> None:
    told: list[DomainEvent] = []
    app.events.subscribe(told.append)
    version = await app.articles.create(REFUND, note="first")
    assert (version.number, version.author, version.cause, version.note) == (1, "Ann", VersionCause.EDIT, "first")
    assert ArticleChanged(doc_id="faq-refund", number=1) in told
    [row] = await app.articles.page(ArticleQuery(), offset=0, limit=9)
    assert (row.article, row.version, row.changed_by) == (REFUND, 1, "Ann")
    assert await found(app, "refund") == ["faq-refund"]


async def test_every_field_can_be_changed(app: App) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    await app.articles.create(REFUND)
    changed = replace(
        REFUND,
        title="退款时效",
        text="退款三天到账。",
        question="退款多久",
        variants=("钱什么时候退", "退款几天"),
        tags=("退款",),
        products=("SKU-1",),
        intents=("refund.status",),
        language=Language.ZH,
        kind=ArticleKind.MACRO,
        visibility=Visibility.INTERNAL,
        owner="Bob",
        status=ArticleStatus.APPROVED,
        valid_from=until - timedelta(days=9000),
        valid_until=until,
    )
    version = await app.articles.save(changed, base=1)
    assert version.number == 2
    assert (await app.articles.get("faq-refund")).article == changed
    assert await app.knowledge.get("faq-refund") == changed
    assert await found(app, "退款") == ["faq-refund"]


async def test_an_edit_that_changes_nothing_makes_no_version(app: App) -> None:
    await app.articles.create(REFUND)
    assert (await app.articles.save(article(text=f"{REFUND.text}\r\n"), base=1)).number == 1
    assert len(await app.articles.history("faq-refund")) == 1


async def test_saving_over_somebody_elses_edit_is_refused_and_says_who_and_when(app: App) -> None:
    await app.articles.create(REFUND)
    theirs = await app.articles.save(article(text="Five days."), base=1)
    app.settings.set("agent.name", "Bob")
    with pytest.raises(ChangedMeanwhileError) as refused:
        await app.articles.save(article(text="Seven days."), base=1)
    assert f"changed by Ann on {theirs.at.astimezone():%Y-%m-%d at %H:%M:%S} (version 2)" in str(refused.value)
    with pytest.raises(ChangedMeanwhileError):
        await app.articles.review("faq-refund", ArticleStatus.BLOCKED, base=1)
    with pytest.raises(ChangedMeanwhileError):
        await app.articles.delete("faq-refund", base=1)
    assert (await app.articles.get("faq-refund")) == theirs
    assert (await app.articles.save(article(text="Seven days."), base=2)).number == 3


async def test_a_deleted_article_is_kept_and_comes_back(app: App) -> None:
    await app.articles.create(REFUND)
    await app.articles.save(article(text="Five days."))
    gone = await app.articles.delete("faq-refund", base=2, note="doubled")
    assert (gone.cause, gone.note, gone.article.text) == (VersionCause.DELETE, "doubled", "Five days.")
    assert await app.articles.count(ArticleQuery()) == 0
    assert await found(app, "refund") == []
    assert await app.articles.deleted() == [gone]
    assert await app.articles.delete("faq-refund") == gone
    with pytest.raises(InputError, match="was deleted by Ann"):
        await app.articles.save(article(text="Nine days."))
    with pytest.raises(InputError, match="restore that one"):
        await app.articles.create(REFUND)
    back = await app.articles.restore("faq-refund", 1)
    assert (back.number, back.cause, back.article) == (4, VersionCause.RESTORE, REFUND)
    assert await found(app, "refund") == ["faq-refund"]
    assert await app.articles.deleted() == []


async def test_only_approved_articles_are_found_and_a_review_says_who(app: App) -> None:
    await app.articles.create(REFUND)
    blocked = await app.articles.review("faq-refund", ArticleStatus.BLOCKED, note="out of date")
    assert (blocked.cause, blocked.author, blocked.note) == (VersionCause.REVIEW, "Ann", "out of date")
    assert await found(app, "refund") == []
    await app.articles.review("faq-refund", ArticleStatus.APPROVED)
    assert await found(app, "refund") == ["faq-refund"]
    again = await app.articles.review("faq-refund", ArticleStatus.APPROVED, note="checked once more")
    assert again.number == 4


async def test_vectors_are_kept_where_texts_did_not_change_and_made_later_where_they_did(
    app: App, database: Database, engine: ScriptedEngine
) -> None:
    store = KnowledgeStore(database)
    await app.articles.create(REFUND)
    assert await store.outdated("scripted") == ["faq-refund"]
    await app.knowledge.embed_outdated()
    await app.articles.save(article(owner="Bob", tags=("money",)))
    assert await store.outdated("scripted") == []
    assert (await app.knowledge.search("How long does a refund take?"))[0].question_match > 0.99
    engine.available = False
    await app.articles.save(article(text="Five days after we have the parcel."))
    assert await store.outdated("scripted") == ["faq-refund"]
    assert await found(app, "parcel") == ["faq-refund"]
    await app.knowledge.embed_outdated()
    assert await store.outdated("scripted") == ["faq-refund"]
    engine.available = True
    await app.knowledge.embed_outdated()
    assert await store.outdated("scripted") == []


async def test_vectors_made_of_an_older_text_do_not_take_an_edit_back(
    app: App, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.articles.create(REFUND)
    embed = engine.embed

    async def slowly(*arguments: object, **options: object) -> list[bytes]:
        vectors = await embed(*arguments, **options)  # type: ignore[arg-type]
        if arguments[0] != ["?"]:
            monkeypatch.setattr(engine, "embed", embed)
            await app.articles.save(article(text="Written meanwhile."))
        return vectors

    monkeypatch.setattr(engine, "embed", slowly)
    await app.knowledge.embed_outdated()
    assert (await app.knowledge.get("faq-refund")).text == "Written meanwhile."
    assert [version.cause for version in await app.articles.history("faq-refund")] == [VersionCause.EDIT] * 2


async def test_the_window_makes_vectors_behind_an_edit(app: App, database: Database) -> None:
    await app.start()
    await app.articles.create(REFUND)
    store = KnowledgeStore(database)
    while await store.outdated("scripted"):
        pass


async def test_an_edit_withdraws_suggestions_that_were_kept(app: App, tmp_path: Path) -> None:
    await app.articles.create(REFUND)
    await app.knowledge.embed_outdated()
    await app.tickets.import_paths([write_rows(tmp_path / "tickets.jsonl", ticket_rows())])
    assert (await app.suggestions.finished("t-refund")).draft == REFUND.text
    await app.articles.create(article(doc_id="draft", status=ArticleStatus.DRAFT))
    assert (await app.tickets.open("t-refund")).suggestion is not None
    await app.articles.review("faq-refund", ArticleStatus.BLOCKED)
    assert (await app.tickets.open("t-refund")).suggestion is None


async def test_a_reply_that_was_written_while_its_text_changed_is_not_kept(app: App, tmp_path: Path) -> None:
    await app.articles.create(REFUND)
    await app.knowledge.embed_outdated()
    await app.tickets.import_paths([write_rows(tmp_path / "tickets.jsonl", ticket_rows())])
    late = await app.suggestions.finished("t-refund")
    database = await Database.open(app.profile_dir / "profile.db")
    tickets = TicketStore(database)
    for changed in (article(text="Five days."), article(valid_until=datetime(2020, 1, 1, tzinfo=UTC))):
        await app.articles.save(changed)
        await tickets.save_suggestion(late)
        assert await tickets.suggestion("t-refund") is None
    await app.articles.restore("faq-refund", 1)
    await tickets.save_suggestion(late)
    assert await tickets.suggestion("t-refund") == late
    await app.articles.delete("faq-refund")
    await tickets.save_suggestion(late)
    assert await tickets.suggestion("t-refund") is None
    await database.close()


async def test_imports_make_versions_where_they_change_something(app: App, database: Database, tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "articles.jsonl", ARTICLES)
    await app.knowledge.add_paths([rows])
    await app.knowledge.add_paths([rows])
    [first] = await app.articles.history("faq-refund")
    assert (first.number, first.cause, first.author, first.note) == (1, VersionCause.IMPORT, "", str(rows))
    store, articles = KnowledgeStore(database), ArticleStore(database)
    state = await store.state("faq-refund")
    assert state is not None
    assert not state.edited
    await app.articles.save(replace(first.article, text="Five days."))
    await app.articles.delete("art-invoice")
    state = await store.state("faq-refund")
    assert state is not None
    assert state.edited
    assert await articles.edited([row["id"] for row in ARTICLES]) == {"faq-refund", "art-invoice"}
    report = await app.knowledge.add_paths([rows])
    assert [version.cause for version in await app.articles.history("faq-refund")] == ["edit", "import"]
    assert await articles.edited(["faq-refund", "art-invoice"]) == {"faq-refund", "art-invoice"}
    assert len(report.kept) == 2


async def test_what_cannot_be_kept_is_refused_and_unknown_slots_are_named(app: App) -> None:
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    for unusable, sentence in (
        (article(text=" \n "), "no text"),
        (article(title=""), "no title"),
        (article(text="x" * 1_000_001), "1 MB"),
        (article(valid_from=noon, valid_until=noon), "end before it begins"),
    ):
        with pytest.raises(InputError, match=sentence):
            await app.articles.create(unusable)
        assert any(problem.fatal for problem in app.articles.problems(unusable))
    with pytest.raises(NotFoundError):
        await app.articles.history("faq-refund")
    slotted = article(text='Hi {customer_name}, {订单号} is {colour}. {} {1} {"a": 1}')
    [problem] = app.articles.problems(slotted)
    assert (problem.kind, problem.detail, problem.fatal) == (ProblemKind.UNKNOWN_SLOT, "colour", False)
    assert (await app.articles.create(slotted)).article.text == slotted.text


async def test_two_versions_are_compared_field_by_field_and_as_text(app: App) -> None:
    await app.articles.create(REFUND)
    await app.articles.save(article(text="Refunds reach your card within 2 weeks.", tags=("refund", "money")))
    diff = await app.articles.diff("faq-refund", 1, 2)
    assert [one.field for one in diff.fields] == ["tags", "text"]
    pieces = [(piece.kind, piece.text) for piece in diff.fields[1].pieces]
    assert pieces == [
        (DiffKind.KEPT, "Refunds reach your card within "),
        (DiffKind.REMOVED, "3 business days"),
        (DiffKind.ADDED, "2 weeks"),
        (DiffKind.KEPT, "."),
    ]
    assert "\n-Refunds reach your card within 3 business days.\n+Refunds" in diff.unified
    assert "\n+- money\n" in diff.unified


async def test_the_list_is_filtered_by_each_field(app: App) -> None:
    soon = datetime(2030, 1, 1, tzinfo=UTC)
    await app.articles.create(REFUND)
    other = article(
        doc_id="m-1",
        title="ＡＢＣ 发票",
        text="发票在二十四小时内开具。",
        question="",
        variants=(),
        language=Language.ZH,
        kind=ArticleKind.MACRO,
        status=ArticleStatus.DRAFT,
        tags=("Invoice",),
        products=("sku-7",),
        owner="Bob",
        valid_until=soon,
    )
    await app.articles.create(other)
    for query in (
        ArticleQuery(status=ArticleStatus.DRAFT),
        ArticleQuery(kind=ArticleKind.MACRO),
        ArticleQuery(language=Language.ZH),
        ArticleQuery(tag="invoice"),
        ArticleQuery(product="SKU-7"),
        ArticleQuery(owner="bob"),
        ArticleQuery(text="abc 发票"),
        ArticleQuery(text="二十四小时"),
        ArticleQuery(expires_before=soon),
    ):
        assert [row.article.doc_id for row in await app.articles.page(query, offset=0, limit=9)] == ["m-1"]
        assert await app.articles.count(query) == 1
    assert await app.articles.count(ArticleQuery(text="money back")) == 1
    assert len(await app.articles.page(ArticleQuery(), offset=1, limit=5)) == 1


async def test_versions_cannot_be_changed_or_removed(app: App, database: Database) -> None:
    await app.articles.create(REFUND)
    for sql in ("UPDATE article_versions SET note = 'x'", "DELETE FROM article_versions"):
        with pytest.raises(Exception, match="append-only"):
            await database.write(lambda connection, sql=sql: connection.execute(sql))


async def test_an_encrypted_profile_keeps_articles_over_a_restart(tmp_path: Path) -> None:
    app = await open_app(tmp_path / "secret", passphrase="秘密", engine=ScriptedEngine())
    await app.articles.create(REFUND)
    await app.articles.save(article(text="Five days."))
    await app.close()
    app = await open_app(tmp_path / "secret", passphrase="秘密", engine=ScriptedEngine())
    assert (await app.articles.get("faq-refund")).article.text == "Five days."
    assert (await app.knowledge.get("faq-refund")).text == "Five days."
    await app.close()
