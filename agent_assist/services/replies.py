"""A reply looked over before it goes out, as drafted or as the agent wrote it."""

from dataclasses import replace

from agent_assist.domain.article_versions import DiffPiece
from agent_assist.domain.language import Language
from agent_assist.domain.slots import fill_slots
from agent_assist.domain.suggestion import ReplyCheck, SourceKind, Suggestion, SuggestionKind
from agent_assist.domain.tickets import Ticket
from agent_assist.services.orders import order_of
from agent_assist.services.product_names import ProductNameService
from agent_assist.services.slots import slots_of
from agent_assist.settings import Settings
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore
from agent_assist.suggestion.checking import Basis, check_reply
from agent_assist.suggestion.order_facts import order_evidence
from agent_assist.text.word_diff import word_diff


class ReplyCheckService:
    """Says what of a reply is in no source, what has to be changed, and which sentence rests on what."""

    def __init__(
        self, *, tickets: TicketStore, shop: ShopStore, product_names: ProductNameService, settings: Settings
    ) -> None:
        self._tickets = tickets
        self._shop = shop
        self._product_names = product_names
        self._settings = settings
        self._kept: tuple[object, Basis] | None = None

    async def check(
        self, ticket_id: str, text: str, *, suggestion: Suggestion | None, said: tuple[str, ...] = ()
    ) -> ReplyCheck:
        """Look over `text` as a reply to the ticket. Raises `NotFoundError`.

        Facts are looked up only where there is a `suggestion`, whose sources they may come from; what an agent writes
        where nothing was found is the agent's own knowledge. Words that no reply may hold are found in any. What was
        `said` counts as true: the text that this one was made of.
        """
        basis = await self._basis(await self._tickets.get(ticket_id), suggestion)
        basis = replace(basis, said=(*basis.said, *said))
        if suggestion is not None and not suggestion.draft and text.strip() != suggestion.clarifying.strip():
            basis = replace(basis, checks_facts=False)
        return check_reply(text, basis, forbidden=self._settings.shop.forbidden_words)

    def differences(self, draft: str, text: str) -> tuple[DiffPiece, ...]:
        """What the agent changed in a draft, word by word (Chinese character by character), in reading order."""
        return word_diff(draft, text)

    async def _basis(self, ticket: Ticket, suggestion: Suggestion | None) -> Basis:
        """What the reply may rest on; kept for the text that is being typed at."""
        names = await self._product_names.names()
        key = (ticket.id, ticket.version, suggestion, id(names))
        if self._kept is None or self._kept[0] != key:
            self._kept = key, await self._read(ticket, suggestion)
        return self._kept[1]

    async def _read(self, ticket: Ticket, suggestion: Suggestion | None) -> Basis:
        read = await self._tickets.understandings(ticket.id)
        order = await order_of(self._shop, ticket, [read[index] for index in sorted(read, reverse=True)])
        facts = list(order_evidence(order)) if order else []
        passages: list[str] = []
        for source in suggestion.sources if suggestion else ():
            passages.append(source.passage)
            if source.kind is SourceKind.ARTICLE:
                for language in Language:
                    values = await slots_of(self._shop, self._settings, ticket, order, language=language)
                    filled = fill_slots(source.passage, values)
                    facts += [filled.text] if filled.filled else []
        if suggestion is not None and suggestion.kind is SuggestionKind.APPROVED:
            facts.append(suggestion.draft)  # reviewed, and its slots are filled
        return Basis(
            passages=tuple(passages),
            messages=ticket.messages,
            facts=tuple(dict.fromkeys(facts)),
            said=(suggestion.wish.hint,) if suggestion is not None and suggestion.wish.hint.strip() else (),
            names=await self._product_names.names(),
            sources=suggestion.sources if suggestion else (),
            checks_facts=suggestion is not None and bool(suggestion.draft or suggestion.sources),
        )
