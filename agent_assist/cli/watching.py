"""Shows how long work on models gets on: bars on a screen, lines where there is none, records for programs."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from rich.progress import Progress as Bar
from rich.progress import TaskID

from agent_assist.cli.output import Output
from agent_assist.cli.rejections import tell
from agent_assist.errors import EngineError
from agent_assist.services.evaluation import Figure
from agent_assist.services.training import Epoch, Planned, Progress, Rejected, Step, Trained
from agent_assist.services.tuning import Comparison, Trial, TuningEvent

_MODES = {"frozen": "The encoder stays as it is", "full": "The encoder is tuned", "lora": "The encoder gets adapters"}
_SHOWN = ("accuracy", "macro_f1", "oos_auroc", "span_f1", "sentiment_macro_f1", "urgency_macro_f1")


async def watch(events: AsyncGenerator[TuningEvent, None], output: Output) -> Trained:
    """Show the events; returns the last one, the model that was made."""
    with output.progress() as bar:
        shown: dict[str, TaskID] = {}
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Rejected):
                    for row in event.rows:
                        tell(output, row)
                elif output.as_json:
                    output.record(event)
                elif isinstance(event, Trial):
                    output.note(_trial(event))
                elif isinstance(event, Comparison):
                    _show_comparison(output, event)
                elif bar is not None:
                    _advance(bar, shown, event)
                else:
                    _say(output, event)
                if isinstance(event, Trained):
                    return event
    raise EngineError("The work ended without a model.")


def _advance(bar: Bar, shown: dict[str, TaskID], event: TuningEvent) -> None:
    if isinstance(event, Progress):
        name = f"{event.stage} {event.part}".strip()
        if name not in shown:
            shown[name] = bar.add_task(name, total=event.total or None)
        bar.update(shown[name], completed=event.done, total=event.total or None)
    elif isinstance(event, Step) and f"tune {event.part}" in shown:
        bar.update(shown[f"tune {event.part}"], description=f"tune {event.part} (loss {event.loss:.3f})")


def _say(output: Output, event: TuningEvent) -> None:
    """Without a screen: the plan and an epoch a line, on standard error."""
    if isinstance(event, Planned):
        output.note(f"{_MODES.get(event.mode, event.mode)}: {event.reason}.")
    elif isinstance(event, Epoch):
        told = ", ".join(f"{name} {value:.3f}" for name, value in event.scores.items())
        output.note(f"{event.part}: epoch {event.epoch} of {event.epochs}{': ' + told if told else ''}")


def _trial(trial: Trial) -> str:
    values = ", ".join(f"{name} {_value(value)}" for name, value in trial.values.items())
    score = "" if trial.score is None else f" {trial.score:.3f}"
    reason = f" ({trial.reason})" if trial.reason else ""
    return f"trial {trial.number} of {trial.total}: {trial.state}{score}: {values or 'as given'}{reason}"


def _value(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _show_comparison(output: Output, told: Comparison) -> None:
    """A column a model, since terminals are narrow and there are more figures than models."""
    rows = told.rows
    lines = [("made by", *(row.what for row in rows))]
    lines += [(name, *(_figure(row.figures.get(name)) for row in rows)) for name in _SHOWN]
    lines += [
        ("same intent", *(_optional(row.agreement, 3) for row in rows)),
        ("same spans", *(_optional(row.span_agreement, 3) for row in rows)),
        ("layers", *(str(row.layers) for row in rows)),
        ("attention heads", *(str(row.heads) for row in rows)),
        ("MB int8", *(_optional(row.mb_int8, 1) for row in rows)),
        ("MB fp32", *(_optional(row.mb_fp32, 1) for row in rows)),
        ("ms a message", *(f"{row.ms:.1f}" for row in rows)),
        ("messages a second", *(f"{row.per_second:.0f}" for row in rows)),
    ]
    known = [line for line in lines if any(line[1:])]
    output.table(told.note, ("", *(row.name for row in rows)), known)


def _figure(one: Figure | None) -> str:
    if one is None:
        return ""
    if one.low is None or one.high is None:
        return f"{one.value:.3f}"
    return f"{one.value:.3f} ({one.low:.3f}–{one.high:.3f})"


def _optional(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
