"""What the engine and its models are doing, for the status bar. No Qt."""

from agent_assist.domain.events import EngineState, EngineStateChanged, WorkProgress
from ui.observable import Changes

MODELS = ("encoder", "reply")


class EngineStatus:
    """The newest state of each model, and the progress of long work."""

    def __init__(self) -> None:
        self.states: dict[str, EngineStateChanged] = {}
        self.progress: WorkProgress | None = None
        self.changes = Changes()

    def update(self, event: EngineStateChanged) -> None:
        """Note a change of state; when the engine itself goes, its models go with it."""
        self.states[event.model] = event
        if event.model == "engine" and event.state is not EngineState.READY:
            for model in MODELS:
                self.states.pop(model, None)
        self.changes.notify()

    def work(self, progress: WorkProgress) -> None:
        """Note the progress of work; finished work is shown no longer."""
        self.progress = None if progress.total and progress.done >= progress.total else progress
        self.changes.notify()

    def shown(self) -> list[EngineStateChanged]:
        """One line for the engine while its models are unknown, else one for each model."""
        models = [self.states[model] for model in MODELS if model in self.states]
        return models or [self.states.get("engine", EngineStateChanged(model="engine", state=EngineState.STARTING))]
