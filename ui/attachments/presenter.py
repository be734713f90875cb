"""The open ticket's attachments: thumbnails as they are looked at, one picture large, saving. No Qt."""

from collections.abc import Callable
from pathlib import Path

from agent_assist.domain.attachments import Attachment, AttachmentKind, Picture, PictureFault
from ui.observable import Changes
from ui.ports import Attachments, TicketView
from ui.tasks import Scope

# Pixels of a thumbnail's box and of a large picture's, on a screen of normal density.
THUMBNAIL = (240, 180)
LARGE = (2400, 1800)
# Thumbnails of other tickets that stay in memory (0.17 MB each).
MOST_THUMBNAILS = 120

Shown = Picture | PictureFault


class AttachmentPresenter:
    """`changes` tells that a thumbnail, or the picture in the light box, is another one; `saved` is called with what
    was saved and where to."""

    def __init__(self, attachments: Attachments, scope: Scope, *, saved: Callable[[Attachment, Path], None]) -> None:
        self._attachments = attachments
        self._scope = scope
        self._saved = saved
        self._thumbnails: dict[int, Shown] = {}
        self.pictures: tuple[Attachment, ...] = ()
        self.opened: Attachment | None = None
        self.large: Shown | None = None
        self.changes = Changes()

    def show(self, view: TicketView | None) -> None:
        """Show a ticket."""
        found = view.attachments if view else ()
        self.pictures = tuple(one for one in found if one.kind is AttachmentKind.PICTURE and one.fault is None)
        self._forget_others({one.id for one in self.pictures})
        if self.opened is not None and self.opened not in self.pictures:
            self.close()

    def thumbnail(self, attachment: Attachment) -> Shown | None:
        """The small picture, or why there is none; None while it is loaded, which begins here."""
        known = self._thumbnails.get(attachment.id)
        if known is None:
            self._scope.start(f"thumbnail {attachment.id}", lambda: self._load_small(attachment.id))
        return known

    def open(self, attachment: Attachment) -> None:
        """Show a picture large."""
        if attachment in self.pictures:
            self.opened, self.large = attachment, None
            self._scope.restart("large", lambda: self._load_large(attachment))
            self.changes.notify()

    def move(self, step: int) -> None:
        """Show the next (1) or the previous (-1) picture of the ticket."""
        if self.opened is not None:
            place = self.pictures.index(self.opened) + step
            if 0 <= place < len(self.pictures):
                self.open(self.pictures[place])

    @property
    def place(self) -> int:
        """Where the large picture stands among the ticket's, from 0; -1 where none is open."""
        return self.pictures.index(self.opened) if self.opened in self.pictures else -1

    def close(self) -> None:
        """Show no picture large."""
        self._scope.cancel("large")
        self.opened, self.large = None, None
        self.changes.notify()

    def save(self, attachment: Attachment, path: Path) -> None:
        """Write an attachment to a file that the agent chose."""

        async def work() -> None:
            self._saved(await self._attachments.save(attachment.id, path), path)

        self._scope.start(f"save {path}", work)

    def _forget_others(self, own: set[int]) -> None:
        """Never of the open ticket, or they would be loaded again and again."""
        others = [known for known in self._thumbnails if known not in own]
        for known in others[: max(0, len(others) - MOST_THUMBNAILS)]:
            del self._thumbnails[known]

    async def _load_small(self, attachment_id: int) -> None:
        width, height = THUMBNAIL
        self._thumbnails[attachment_id] = await self._attachments.picture(attachment_id, width=width, height=height)
        self.changes.notify()

    async def _load_large(self, attachment: Attachment) -> None:
        width, height = LARGE
        large = await self._attachments.picture(attachment.id, width=width, height=height)
        if self.opened == attachment:
            self.large = large
            self.changes.notify()
