"""Canned replies and macros for the open ticket, by search-as-you-type."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from agent_assist.domain.canned import CannedReply
from agent_assist.domain.knowledge import ArticleKind
from agent_assist.domain.language import Language, language_of_thread
from agent_assist.domain.slots import fill_slots
from agent_assist.domain.tickets import Role
from agent_assist.services.orders import order_of
from agent_assist.services.slots import slots_of
from agent_assist.settings import Settings
from agent_assist.storage.articles.canned import CannedStore
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore


class CannedReplyService:
    """Reviewed texts by name, filled for a ticket."""

    def __init__(
        self,
        *,
        canned: CannedStore,
        tickets: TicketStore,
        shop: ShopStore,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._canned = canned
        self._tickets = tickets
        self._shop = shop
        self._settings = settings
        self._now = now

    async def find(
        self, ticket_id: str, words: str = "", *, macros: bool = False, limit: int = 8
    ) -> tuple[CannedReply, ...]:
        """The texts that fit `words` best, macros alone or every text that may be sent word for word.

        Those in the customer's language come first, and of equals those for what the customer wants. A slot that
        nothing fills stays as it is written (`CannedReply.filled.open`); with it the text is not sent. Raises
        `NotFoundError`.
        """
        ticket = await self._tickets.get(ticket_id)
        read = await self._tickets.understandings(ticket_id)
        newest = [read[index] for index in sorted(read, reverse=True)]
        language = language_of_thread([one.text for one in ticket.messages if one.role is Role.CUSTOMER])
        found = await self._canned.find(
            words,
            kinds=(ArticleKind.MACRO,) if macros else (ArticleKind.FAQ, ArticleKind.MACRO),
            language=language,
            intents=tuple(one.label for one in newest[0].intents) if newest else (),
            now=self._now(),
            limit=limit,
        )
        order = await order_of(self._shop, ticket, newest) if found else None
        values: dict[Language, Mapping[str, str]] = {
            one: await slots_of(self._shop, self._settings, ticket, order, language=one)
            for one in {article.language for article in found}
        }
        return tuple(
            CannedReply(
                doc_id=article.doc_id,
                title=article.title,
                kind=article.kind,
                language=article.language,
                filled=fill_slots(article.text.strip(), values[article.language]),
            )
            for article in found
        )
