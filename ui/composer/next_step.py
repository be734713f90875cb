"""The next best action for the open ticket, and doing it by one key. No Qt."""

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.next_action import NOTES, ActionKind, NextAction
from ui.composer.phases import Phase
from ui.composer.presenter import ComposerPresenter


class NextStep:
    """Looks at a `ComposerPresenter`; `looking` while a form is shown before it is kept."""

    def __init__(self, composer: ComposerPresenter) -> None:
        self._composer = composer
        self._looked_at: NextAction | None = None

    @property
    def action(self) -> NextAction | None:
        """What there is to do, None where a reply is enough or nothing is known yet."""
        suggestion = self._composer.suggestion
        action = suggestion.next_action if suggestion is not None else None
        shown = self._composer.phase in (Phase.READY, Phase.NONE, Phase.REJECTED)
        return action if shown and action is not None and action.kind is not ActionKind.NOTHING else None

    @property
    def looking(self) -> bool:
        """Whether the form is shown, and the key keeps it."""
        return self._looked_at is not None and self._looked_at is self.action and not self.done

    @property
    def done(self) -> bool:
        """Whether this ticket's note is kept already."""
        view, action = self._composer.view, self.action
        return (
            view is not None
            and action is not None
            and any(
                event.kind is FeedbackKind.NOTED
                and event.action is action.kind
                and event.ticket_version == view.ticket.version
                for event in view.events
            )
        )

    def follow(self) -> bool:
        """Do it: write its text into the empty editor, show the form, or keep the one that is shown; False where
        there is nothing to do or the editor has text."""
        action = self.action
        if action is None or self.done:
            return False
        if action.kind not in NOTES:
            return self._composer.write(action.text)
        if self.looking:
            self._looked_at = None
            self._composer.keep_note()
        else:
            self._looked_at = action
            self._composer.changes.notify()
        return True

    def leave(self) -> None:
        """Close the form; nothing is kept."""
        self._looked_at = None
        self._composer.changes.notify()
