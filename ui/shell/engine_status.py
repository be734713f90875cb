"""What the engine and its models are doing, for the status bar. No Qt."""

from agent_assist.domain.events import DraftsPrepared, EngineState, EngineStateChanged, WorkProgress
from ui.observable import Changes

MODELS = ("encoder", "reply")


class EngineStatus:
    """The newest state of each model, the progress of long work, and of what is prepared ahead."""

    def __init__(self) -> None:
        self.states: dict[str, EngineStateChanged] = {}
        self.progress: WorkProgress | None = None
        self.prepared = DraftsPrepared(ready=0, in_work=0)
        self.changes = Changes()

    def update(self, event: EngineStateChanged) -> None:
        """Note a change of state; when the engine itself goes, its models go with it."""
        self.states[event.model] = event
        if event.model == "engine" and event.state is not EngineState.READY:
            for model in MODELS:
                self.states.pop(model, None)
        self.changes.notify()

    def prepare(self, counts: DraftsPrepared) -> None:
        """Note how many tickets are prepared ahead."""
        self.prepared = counts
        self.changes.notify()

    def work(self, progress: WorkProgress) -> None:
        """Note the progress of work; finished work is shown no longer."""
        self.progress = None if progress.total and progress.done >= progress.total else progress
        self.changes.notify()

    def shown(self) -> list[EngineStateChanged]:
        """One line for the engine while its models are unknown, else one for each model."""
        models = [self.states[model] for model in MODELS if model in self.states]
        return models or [self.states.get("engine", EngineStateChanged(model="engine", state=EngineState.STARTING))]
