"""Thanks, greetings and the wish for a person get the shop's macro, however they are said."""

from pathlib import Path

import pytest

from agent_assist.composition import App
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.domain.suggestion import Suggestion, SuggestionKind
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.domain.wording import NO_WISH, Wish
from agent_assist.engine.testing import ScriptedEngine
from tests.helpers.shop import CREATED, open_shop, write_rows

MACROS = [
    {"id": "mac-thanks-en", "text": "You're welcome!", "language": "en", "question": "Thank you"},
    {"id": "mac-thanks-zh", "text": "不客气！", "language": "zh", "question": "谢谢"},
]
WORDS = {"cheers": "chat.thanks", "辛苦": "chat.thanks", "refund": "refund.status"}


async def suggested(app: App, text: str, *, wish: Wish = NO_WISH) -> Suggestion:
    message = Message(role=Role.CUSTOMER, text=text, at=CREATED)
    return await app.suggester.suggest(Ticket(id="t-1", messages=(message,), created_at=CREATED), wish=wish)


async def add_macros(app: App, folder: Path) -> None:
    rows = [{**row, "title": "Thanks", "kind": "macro", "intents": ["chat.thanks"]} for row in MACROS]
    await app.knowledge.add_paths([write_rows(folder / "macros.jsonl", rows)])


@pytest.mark.parametrize(
    ("text", "doc_id"), [("cheers mate, sorted now", "mac-thanks-en"), ("好啦弄好啦，辛苦小姐姐", "mac-thanks-zh")]
)
async def test_a_courtesy_gets_its_macro_in_the_customers_language(tmp_path: Path, text: str, doc_id: str) -> None:
    async with open_shop(tmp_path, ScriptedEngine(keywords=WORDS)) as (app, _):
        await add_macros(app, tmp_path)
        suggestion = await suggested(app, text)
        assert suggestion.kind is SuggestionKind.APPROVED
        assert [source.doc_id for source in suggestion.sources] == [doc_id]
        assert suggestion.draft == suggestion.sources[0].passage


async def test_a_macro_that_is_blocked_or_of_another_intent_is_not_sent(tmp_path: Path) -> None:
    async with open_shop(tmp_path, ScriptedEngine(keywords=WORDS)) as (app, _):
        assert (await suggested(app, "cheers mate, sorted now")).kind is not SuggestionKind.APPROVED
        await add_macros(app, tmp_path)
        await app.articles.review("mac-thanks-en", ArticleStatus.BLOCKED)
        assert (await suggested(app, "cheers mate, sorted now")).kind is not SuggestionKind.APPROVED


async def test_who_wishes_for_a_draft_gets_one(tmp_path: Path) -> None:
    engine = ScriptedEngine(["You are welcome, it ships tomorrow."], keywords=WORDS)
    async with open_shop(tmp_path, engine) as (app, _):
        await add_macros(app, tmp_path)
        suggestion = await suggested(app, "cheers mate, sorted now", wish=Wish(hint="it ships tomorrow"))
        assert suggestion.kind is SuggestionKind.GENERATED
