"""Which replies rest on an article."""

from agent_assist.domain.article_versions import Citation
from agent_assist.storage.feedback import FeedbackLog


class CitationService:
    """Looks an article up in the log of what agents did."""

    def __init__(self, log: FeedbackLog) -> None:
        self._log = log

    async def of(self, doc_id: str, *, limit: int = 50) -> list[Citation]:
        """The newest `limit` acts on suggestions that cite the article, without those that were taken back."""
        return [
            Citation(ticket_id=event.ticket_id, at=event.at, act=event.kind, passage=source.passage)
            for event in await self._log.citing(doc_id, limit=limit)
            if event.suggestion is not None
            for source in [one for one in event.suggestion.sources if one.doc_id == doc_id][:1]
        ]
