"""A passage in its article, with a little of what stands around it. No Qt."""

from agent_assist.domain.suggestion import Source
from ui.composer.phases import Place
from ui.ports import Knowledge

CONTEXT_CHARS = 160


async def find_place(knowledge: Knowledge, source: Source) -> Place:
    """Where the source's passage stands. Raises `NotFoundError` for an article that is gone."""
    text = (await knowledge.get(source.doc_id)).text
    return Place(
        before=text[max(0, source.start - CONTEXT_CHARS) : source.start],
        passage=text[source.start : source.end],
        after=text[source.end : source.end + CONTEXT_CHARS],
    )
