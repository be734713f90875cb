"""Articles out of answered tickets."""

from agent_assist.domain.article_versions import ArticleVersion
from agent_assist.domain.knowledge import Article
from agent_assist.knowledge.from_ticket import AnsweredTicket, draft_article
from agent_assist.services.articles.editing import ArticleService
from agent_assist.services.orders import order_of
from agent_assist.services.people import agent_name
from agent_assist.settings import Settings
from agent_assist.storage.shop import ShopStore
from agent_assist.storage.tickets import TicketStore


class TicketArticleService:
    """Drafts articles from what agents answered."""

    def __init__(self, *, articles: ArticleService, tickets: TicketStore, shop: ShopStore, settings: Settings) -> None:
        self._articles = articles
        self._tickets = tickets
        self._shop = shop
        self._settings = settings

    async def compose(self, ticket_id: str) -> Article:
        """The draft, not stored: question and reply without personal data, slots in place of the order's own facts.

        Raises `NotFoundError` for an unknown ticket, `InputError` for one without a reply.
        """
        ticket = await self._tickets.get(ticket_id)
        read = await self._tickets.understandings(ticket_id)
        order = await order_of(self._shop, ticket, [read[index] for index in sorted(read, reverse=True)])
        agents = (self._settings.agent.name,) if self._settings.agent.name else ()
        answered = AnsweredTicket(ticket=ticket, understandings=read, order=order, agents=agents)
        return draft_article(answered, owner=agent_name(self._settings))

    async def create(self, ticket_id: str) -> ArticleVersion:
        """Store the draft as an article to be reviewed. Raises like `compose`."""
        return await self._articles.create(await self.compose(ticket_id), note=f"from ticket {ticket_id}")
