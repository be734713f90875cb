"""What the models read in a message, beneath it: labels to correct, and what the model had said before that."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.understanding import OUT_OF_SCOPE, Entity, ScoredLabel, Understanding
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key
from ui.thread.presenter import Bubble
from ui.widgets.basics import button, chip
from ui.widgets.flow import FlowLayout
from ui.words import percent

MOOD_TONES = {"very_negative": "bad", "negative": "bad", "positive": "good", "very_positive": "good"}
URGENCY_TONES = {"critical": "bad", "high": "warn"}
MOST_ENTITIES = 3


class LabelRow(QWidget):
    """Chips of a `Bubble`. Signals ask for the picker of intents, sentiment or urgency, for an entity to be marked, or
    for the translation."""

    intents_asked = Signal()
    sentiment_asked = Signal()
    urgency_asked = Signal()
    entity_asked = Signal()
    translation_asked = Signal()

    def __init__(self, look: Look, i18n: I18n) -> None:
        super().__init__()
        self._look, self._i18n = look, i18n
        self._flow = FlowLayout(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_labels(self, bubble: Bubble, *, translated: bool) -> None:
        """Show what is known of a message; `translated` tells whether its translation is on the screen."""
        keyboard = self._place_of_focus()
        self._flow.clear()
        if bubble.reading:
            self._flow.addWidget(chip(self._i18n(Key.THREAD_READING), "plain"))
        elif bubble.understanding is not None:
            self._add_labels(bubble, bubble.understanding)
        if bubble.language is not self._i18n.language:
            key = Key.TRANSLATION_HIDE if translated else Key.TRANSLATION_ASK
            self._add_button(Key.ACTION_TRANSLATE_MESSAGE, "globe", self.translation_asked.emit, text=self._i18n(key))
        self.setVisible(self._flow.count() > 0)
        self.updateGeometry()
        buttons = self._buttons()
        if keyboard is not None and buttons:
            made = buttons[min(keyboard, len(buttons) - 1)]
            made.show()  # the layout would, a moment too late for the keyboard
            made.setFocus()

    def _buttons(self) -> list[QPushButton]:
        items = (self._flow.itemAt(place) for place in range(self._flow.count()))
        return [one for item in items if item is not None and isinstance(one := item.widget(), QPushButton)]

    def _place_of_focus(self) -> int | None:
        """Which button has the keyboard, so that a newer label does not take it away."""
        return next((place for place, one in enumerate(self._buttons()) if one.hasFocus()), None)

    def _add_labels(self, bubble: Bubble, read: Understanding) -> None:
        by_you = FeedbackKind.INTENTS_CORRECTED in bubble.corrected
        for name, tip in self._intents(read, by_you=by_you):
            self._flow.addWidget(chip(name, "accent", tooltip=tip))
        self._add_grade(
            self._i18n.sentiment(read.sentiment.label),
            Key.THREAD_SENTIMENT,
            MOOD_TONES.get(read.sentiment.label, "plain"),
            read.sentiment.score,
            Key.ACTION_SENTIMENT,
            self.sentiment_asked.emit,
            by_you=FeedbackKind.SENTIMENT_CORRECTED in bubble.corrected,
            bare=True,
        )
        self._add_grade(
            self._i18n.urgency(read.urgency.label),
            Key.THREAD_URGENCY,
            URGENCY_TONES.get(read.urgency.label, "plain"),
            read.urgency.score,
            Key.ACTION_URGENCY,
            self.urgency_asked.emit,
            by_you=FeedbackKind.URGENCY_CORRECTED in bubble.corrected,
        )
        self._add_button(Key.ACTION_INTENTS, "edit", self.intents_asked.emit, text=self._i18n(Key.THREAD_CORRECT))
        self._add_button(Key.ACTION_ENTITY, "pen", self.entity_asked.emit, text=self._i18n(Key.THREAD_MARK))
        for said in model_said(self._i18n, bubble):
            text = self._i18n(Key.THREAD_BY_MODEL, said=said)
            self._flow.addWidget(chip(text, "said", tooltip=f"{self._i18n(Key.THREAD_BY_MODEL_TIP)}: {said}"))

    def _add_grade(
        self,
        name: str,
        whole: Key,
        tone: str,
        score: float,
        action: Key,
        asked: Callable[[], object],
        *,
        by_you: bool,
        bare: bool = False,
    ) -> None:
        """A label that is a button: a click corrects it, as its key does."""
        text = self._i18n(whole, name=name)
        made = self._add_button(action, "", asked, text=name if bare else text)
        made.setProperty("tone", tone)
        tip = self._i18n(Key.THREAD_SET_BY_YOU, name=name) if by_you else f"{text} {percent(score)}"
        made.setToolTip(f"{tip}\n{self._i18n(action)}")
        made.setAccessibleName(f"{text}. {self._i18n(action)}")

    def _add_button(self, action: Key, icon: str, asked: Callable[[], object], *, text: str) -> QPushButton:
        made = button("", asked)
        made.setObjectName("chip")
        made.setProperty("tone", "plain")
        made.setText(text)
        if icon:
            made.setIcon(self._look.icon(icon, "text_muted", 12))
        made.setToolTip(self._i18n(action))
        self._flow.addWidget(made)
        return made

    def _intents(self, read: Understanding, *, by_you: bool) -> Iterator[tuple[str, str]]:
        """Name with score, and tooltip, of each intent."""
        intents = read.intents if read.in_scope else (ScoredLabel(label=OUT_OF_SCOPE, score=1.0),)
        for intent in intents:
            name = self._i18n.intent(intent.label)
            if by_you:
                yield name, self._i18n(Key.THREAD_INTENT_BY_YOU, name=name)
            elif not read.in_scope:
                yield name, name
            else:
                score = percent(intent.score)
                yield f"{name}  {score}", self._i18n(Key.THREAD_INTENT_TIP, name=name, score=score)


def model_said(i18n: I18n, bubble: Bubble) -> Iterator[str]:
    """What the model had said where the agent said otherwise: one text a kind of label."""
    said, now = bubble.predicted, bubble.understanding
    if said is None or now is None:
        return
    if FeedbackKind.INTENTS_CORRECTED in bubble.corrected:
        if said.in_scope:
            yield ", ".join(f"{i18n.intent(one.label)} {percent(one.score)}" for one in said.intents)
        else:
            yield i18n.intent(OUT_OF_SCOPE)
    if FeedbackKind.SENTIMENT_CORRECTED in bubble.corrected and said.sentiment.label != now.sentiment.label:
        yield f"{i18n.sentiment(said.sentiment.label)} {percent(said.sentiment.score)}"
    if FeedbackKind.URGENCY_CORRECTED in bubble.corrected and said.urgency.label != now.urgency.label:
        name = i18n.urgency(said.urgency.label)
        yield f"{i18n(Key.THREAD_URGENCY, name=name)} {percent(said.urgency.score)}"
    if FeedbackKind.ENTITIES_CORRECTED in bubble.corrected:
        places, before = {_place(one) for one in now.entities}, {_place(one) for one in said.entities}
        gone = [f"{i18n.entity(one.type)} “{one.text}”" for one in said.entities if _place(one) not in places]
        made = [f"“{one.text}” {i18n(Key.THREAD_NOT_MARKED)}" for one in now.entities if _place(one) not in before]
        yield from (*gone, *made)[:MOST_ENTITIES]


def _place(entity: Entity) -> tuple[int, int, str]:
    return entity.start, entity.end, entity.type
