"""The suggestion card: what kind of suggestion it is, the text, its doubts, its sources, and what can be done."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from agent_assist.domain.suggestion import NoneReason, SuggestionKind
from ui.actions import Actions
from ui.composer.doubts import UNSUPPORTED_KEYS, doubt_lines
from ui.composer.draft_text import DraftText, Mark
from ui.composer.next_bar import NextBar
from ui.composer.next_step import NextStep
from ui.composer.presenter import ComposerPresenter, Confirm, Phase
from ui.composer.reasons import REASON_KEYS, ReasonBar
from ui.composer.renewal_bar import RenewalBar
from ui.composer.sources import SourceList
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.text_keys import Key
from ui.widgets.basics import button, label, set_property
from ui.widgets.fit_scroll import FitScroll
from ui.widgets.flow import FlowLayout

NONE_KEYS = {
    NoneReason.OUT_OF_SCOPE: Key.SUGGESTION_NONE_OUT_OF_SCOPE,
    NoneReason.NOTHING_FOUND: Key.SUGGESTION_NONE_NOTHING_FOUND,
    NoneReason.NOT_ANSWERED: Key.SUGGESTION_NONE_NOT_ANSWERED,
    NoneReason.ENGINE_UNAVAILABLE: Key.SUGGESTION_NONE_ENGINE_UNAVAILABLE,
}
MISSING = frozenset({NoneReason.NOTHING_FOUND, NoneReason.NOT_ANSWERED})  # an article about it would help
KIND_LOOKS = {
    SuggestionKind.APPROVED: (Key.SUGGESTION_KIND_APPROVED, "seal", "good"),
    SuggestionKind.GENERATED: (Key.SUGGESTION_KIND_GENERATED, "spark", "accent_text"),
    SuggestionKind.NONE: (Key.SUGGESTION_KIND_NONE, "ring", "text_muted"),
}


class SuggestionCard(QFrame):
    """Shows the suggestion half of a `ComposerPresenter`; `closed` when the reason bar was left with the keyboard."""

    closed = Signal()

    def __init__(self, presenter: ComposerPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("suggestionCard")
        self._presenter, self._look, self._i18n, self._actions = presenter, look, i18n, actions
        self._texts = Texts(i18n)
        self._beside = False
        self._texts.bind(self.setAccessibleName, Key.SUGGESTION_CARD)
        self.draft = DraftText()
        self._texts.bind(self.draft.setAccessibleName, Key.SUGGESTION_CARD)
        self.draft.pointed.connect(presenter.point)
        self.bare = label("faint")
        self.advice = label("muted", wrap=True)
        self.doubt = label("warn", wrap=True)
        self.sources = SourceList(presenter, look, i18n)
        self.reasons = ReasonBar(i18n)
        self.reasons.chosen.connect(self._reject)
        self.reasons.dismissed.connect(self._close_reasons)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.advice, self.draft, self.bare, self.sources):
            column.addWidget(part)
        self.room = FitScroll(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(self._make_head())
        self.renewal = RenewalBar(presenter, i18n, actions)
        layout.addWidget(self.renewal)
        layout.addWidget(self.room, 1)
        self.next_step = NextStep(presenter)
        self.next = NextBar(self.next_step, i18n, actions)
        for below in (self.next, self.doubt, self.reasons, self._make_buttons()):
            layout.addWidget(below)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        presenter.changes.subscribe(self.render_card)
        i18n.changes.subscribe(self._anew)
        look.changed.connect(self._anew)
        self._anew()

    @property
    def shows_draft(self) -> bool:
        """Whether any of the draft is before the agent's eyes: neither put away nor pushed out of the window."""
        return self.draft.isVisible() and not self.draft.visibleRegion().isEmpty()

    def ask_reason(self) -> None:
        """Put the suggestion away and ask why, if there is one; the bar takes the keyboard."""
        self._presenter.dismiss()
        if self._presenter.dismissed:
            self.reasons.setFocus()

    def make_room(self, beside: bool) -> None:
        """A text worded anew stands below: what to do next can wait until that is looked at."""
        if beside != self._beside:
            self._beside = beside
            self.render_card()

    def unfold_next(self) -> None:
        """Show the next source in its place, scrolled to."""
        number = self._presenter.unfold_next()
        row = self.sources.row(number) if number is not None else None
        if row is not None:
            # The row takes its height only when it is laid out.
            QTimer.singleShot(0, row, lambda: self.room.ensureWidgetVisible(row))

    def render_card(self) -> None:
        """Show the presenter's state."""
        phase = self._presenter.phase
        self.setVisible(phase is not Phase.IDLE)
        self._render_badge(phase)
        self.renewal.render_bar()
        self.next.render_bar()
        if self._beside:
            self.next.hide()
        self._render_text(phase)
        self._render_doubt()
        self.sources.render_sources()
        ready = phase is Phase.READY
        asks = phase is Phase.NONE and bool(self._presenter.draft)
        for made in (self.accept, self.reject):
            made.setVisible(ready)
        self.take.setVisible(ready or asks)
        self.take.setText(self._i18n(Key.SUGGESTION_ASK_BACK if asks else Key.SUGGESTION_TAKE))
        self.take.setAccessibleName(self.take.text())
        # Beside the three others its icon must do.
        self.again.setText("" if ready else self._i18n(Key.SUGGESTION_AGAIN))
        self.again.setVisible(phase in (Phase.READY, Phase.NONE, Phase.REJECTED, Phase.ANSWERED, Phase.STOPPED))
        reason = self._presenter.suggestion.reason if self._presenter.suggestion else None
        self.add.setVisible(phase is Phase.NONE and reason in MISSING)
        self._render_reasons()

    def _make_head(self) -> QHBoxLayout:
        self._badge_icon, self._badge, self._took = label(), label(), label("faint")
        badge = QFrame()
        badge.setObjectName("badge")
        inside = QHBoxLayout(badge)
        inside.setContentsMargins(8, 2, 10, 2)
        inside.setSpacing(5)
        inside.addWidget(self._badge_icon)
        inside.addWidget(self._badge)
        self._badge_frame = badge
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(badge)
        head.addStretch()
        head.addWidget(self._took)
        self._head = head
        return head

    def add_to_head(self, widget: QWidget) -> None:
        """Put something between what kind of suggestion it is and how long it took, in place of the gap."""
        self._head.takeAt(1)
        self._head.insertWidget(1, widget, 1)

    def _make_buttons(self) -> QWidget:
        self.accept = button("primary", lambda: self._actions.trigger("accept"))
        self.take = button("", lambda: self._actions.trigger("take"))
        self.reject = button("", lambda: self._actions.trigger("reject"))
        self.again = button("quiet", lambda: self._actions.trigger("suggest"))
        self.add = button("", lambda: self._actions.trigger("add_knowledge"))
        named = (
            (self.accept, Key.SUGGESTION_ACCEPT, "accept"),
            (self.take, Key.SUGGESTION_TAKE, "take"),
            (self.reject, Key.SUGGESTION_REJECT, "reject"),
            (self.again, Key.SUGGESTION_AGAIN, "suggest"),
            (self.add, Key.SUGGESTION_ADD_KNOWLEDGE, "add_knowledge"),
        )
        self._buttons = QWidget()
        row = FlowLayout(self._buttons, spacing=8)
        for made, key, action in named:
            self._texts.bind(made.setText, key)
            self._texts.bind(made.setAccessibleName, key)
            self._texts.bind_call(partial(self._set_tooltip, made, action))
            row.addWidget(made)
        return self._buttons

    def _set_tooltip(self, made: QPushButton, action: str) -> None:
        made.setToolTip(self._actions.tooltip(action))

    def _anew(self) -> None:
        for made, icon in ((self.take, "edit"), (self.reject, "close"), (self.again, "refresh"), (self.add, "book")):
            made.setIcon(self._look.icon(icon))
        self.accept.setIcon(self._look.icon("check", "on_accent"))
        self.sources.render_sources(anew=True)
        self.render_card()

    def _render_badge(self, phase: Phase) -> None:
        text, icon, token = self._badge_of(phase)
        self._badge.setText(text)
        self._badge_icon.setPixmap(self._look.pixmap(icon, token))
        shown = self._presenter.suggestion if phase is Phase.READY and not self._presenter.dismissed else None
        kind = shown.kind.value if shown else "none"
        if phase in (Phase.SEARCHING, Phase.WRITING):
            kind = SuggestionKind.GENERATED.value
        set_property(self._badge_frame, "kind", kind)
        set_property(self._badge, "kind", kind)
        suggestion = self._presenter.suggestion if phase is Phase.READY else None
        took = self._i18n(Key.SUGGESTION_TOOK, seconds=f"{suggestion.total_ms / 1000:.1f}") if suggestion else ""
        self._took.setText(took)
        self._took.setToolTip(suggestion.model_version if suggestion else "")

    def _badge_of(self, phase: Phase) -> tuple[str, str, str]:
        match phase:
            case Phase.SEARCHING:
                return self._i18n(Key.SUGGESTION_KIND_SEARCHING), "search", "accent_text"
            case Phase.WRITING:
                return self._i18n(Key.SUGGESTION_KIND_WRITING), "spark", "accent_text"
            case Phase.AWAY:
                return self._i18n(Key.SUGGESTION_KIND_AWAY), "alert", "warn"
            case Phase.ANSWERED:
                return self._i18n(Key.SUGGESTION_KIND_ANSWERED), "check", "good"
            case Phase.STOPPED:
                return self._i18n(Key.SUGGESTION_KIND_STOPPED), "close", "text_muted"
            case Phase.READY if self._presenter.dismissed:
                return self._i18n(Key.SUGGESTION_KIND_DISMISSED), "close", "text_muted"
            case Phase.REJECTED:
                reason = self._presenter.rejected_as
                name = self._i18n(REASON_KEYS[reason]) if reason else ""
                return self._i18n(Key.SUGGESTION_KIND_REJECTED, reason=name), "close", "text_muted"
            case _:
                suggestion = self._presenter.suggestion
                if suggestion is not None and suggestion.reason is NoneReason.NOT_ANSWERED:
                    return self._i18n(Key.SUGGESTION_KIND_NOT_ANSWERED), "alert", "warn"
                if suggestion is not None and suggestion.quoted:
                    return self._i18n(Key.SUGGESTION_KIND_QUOTED), "book", "accent_text"
                key, icon, token = KIND_LOOKS[suggestion.kind if suggestion else SuggestionKind.NONE]
                return self._i18n(key), icon, token

    def _render_text(self, phase: Phase) -> None:
        suggestion = self._presenter.suggestion
        unsupported = suggestion.unsupported if suggestion and phase in (Phase.READY, Phase.NONE) else ()
        sentences = suggestion.sentences if suggestion and phase is Phase.READY else ()
        marks = [Mark(one.start, one.end, self._i18n(UNSUPPORTED_KEYS[one.reason])) for one in unsupported]
        bare = [one for one in sentences if one.source is None and not one.free]
        reason = self._i18n(Key.SUGGESTION_BARE, n=1)
        marks += [Mark(one.start, one.end, reason, faint=True) for one in bare]
        self.bare.setText(self._i18n(Key.SUGGESTION_BARE, n=len(bare)) if bare else "")
        away = self._presenter.dismissed
        self.bare.setVisible(bool(bare) and not away)
        self.sources.setVisible(not away)
        self.draft.set_draft(self._presenter.draft, marks, self._look.colour("warn_soft"), self._look.colour("warn"))
        told = phase in (Phase.READY, Phase.WRITING, Phase.NONE) and not away
        self.draft.setVisible(bool(self._presenter.draft) and told)
        advice = self._advice(phase)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))

    def _advice(self, phase: Phase) -> str:
        match phase:
            case Phase.NONE:
                suggestion = self._presenter.suggestion
                reason = suggestion.reason if suggestion else None
                return self._i18n(NONE_KEYS[reason or NoneReason.NOTHING_FOUND])
            case Phase.AWAY:
                return self._i18n(Key.SUGGESTION_NONE_ENGINE_UNAVAILABLE)
            case Phase.ANSWERED:
                return self._i18n(Key.SUGGESTION_ANSWERED)
            case Phase.REJECTED:
                return self._i18n(Key.SUGGESTION_REJECTED_HINT)
            case Phase.STOPPED:
                return self._i18n(Key.SUGGESTION_STOPPED_HINT)
            case _:
                return ""

    def _render_doubt(self) -> None:
        suggestion = self._presenter.suggestion
        count = len(suggestion.unsupported) if suggestion and self._presenter.phase is Phase.READY else 0
        match self._presenter.confirming:
            case Confirm.UNSUPPORTED if suggestion is not None:
                text = self._i18n(Key.SUGGESTION_CONFIRM_UNSUPPORTED, n=count)
                text += "\n" + doubt_lines(self._i18n, suggestion.draft, suggestion.unsupported)
            case Confirm.OWN_TEXT:
                text = self._i18n(Key.SUGGESTION_CONFIRM_TEXT)
            case _:
                text = (
                    self._i18n(Key.SUGGESTION_UNSUPPORTED, n=count) if count and not self._presenter.dismissed else ""
                )
        self.doubt.setText(text)
        self.doubt.setVisible(bool(text))
        self._keep_doubt_whole()
        # With a text of the agent's own the main thing to do is to send that.
        asked = self._presenter.confirming in (Confirm.UNSUPPORTED, Confirm.OWN_TEXT)
        kind = "warn" if asked else "" if self._presenter.text.strip() else "primary"
        set_property(self.accept, "kind", kind)
        self.accept.setIcon(self._look.icon("check", {"warn": "warn", "primary": "on_accent"}.get(kind, "text_muted")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_doubt_whole()

    def _keep_doubt_whole(self) -> None:
        """A wrapped label says nothing of its least height; in a low window the text above it gives way, not this."""
        width = self.width() - 28 if self.doubt.isHidden() else self.doubt.width()
        self.doubt.setMinimumHeight(max(0, self.doubt.heightForWidth(width)) if self.doubt.text() else 0)

    def _reject(self, reason: object) -> None:
        for known in REASON_KEYS:
            if known is reason:
                self._presenter.reject(known)
        self.closed.emit()

    def _close_reasons(self) -> None:
        self._presenter.restore()
        self.closed.emit()

    def _render_reasons(self) -> None:
        """The reason bar stands in the buttons' place; while a draft comes in there is nothing to do with it."""
        asks = self._presenter.dismissed
        left = self.reasons.hasFocus() and not asks
        self.reasons.setVisible(asks)
        if left:
            self.closed.emit()
        busy = self._presenter.phase in (Phase.SEARCHING, Phase.WRITING, Phase.AWAY)
        self._buttons.setVisible(not busy and not asks)
