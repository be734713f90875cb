"""The text in the editor, looked over while it is written. No Qt."""

from agent_assist.domain.suggestion import ReplyCheck, Suggestion
from ui.observable import Changes
from ui.ports import ReplyChecks
from ui.tasks import Scope

CHECK = "check"


class ReplyWatch:
    """`check` is what was found in `text`; for any other text it says nothing."""

    def __init__(self, checks: ReplyChecks, scope: Scope, changes: Changes) -> None:
        self._checks = checks
        self._scope = scope
        self._changes = changes
        self.text = ""
        self.check = ReplyCheck()

    def found_in(self, text: str) -> ReplyCheck:
        """What is known of `text`, nothing where it was not looked over."""
        return self.check if text and text == self.text else ReplyCheck()

    def look_over(self, ticket_id: str, text: str, suggestion: Suggestion | None, said: tuple[str, ...] = ()) -> None:
        """Look `text` over behind the typing, and tell when that is done; the newest text counts."""
        if text == self.text:
            return

        async def work() -> None:
            await self.look_now(ticket_id, text, suggestion, said)

        self._scope.restart(CHECK, work)

    async def look_now(
        self, ticket_id: str, text: str, suggestion: Suggestion | None, said: tuple[str, ...] = ()
    ) -> ReplyCheck:
        """What is the matter with `text`, before it goes out; what was `said` counts as true."""
        check = await self._checks.check(ticket_id, text, suggestion=suggestion, said=said)
        self.text, self.check = text, check
        self._changes.notify()
        return check

    def forget(self) -> None:
        """Another ticket or another suggestion: what was found no longer holds."""
        self._scope.cancel(CHECK)
        self.text, self.check = "", ReplyCheck()
