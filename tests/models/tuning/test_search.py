"""Searches: they find what is better, give up what is worse, and go on after a kill as if nothing had been."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

import models.tuning.searching.search as searching
from models.training.errors import UnusableError
from models.tuning.searching.search import Found, Plan, search
from models.tuning.searching.space import Range, Space
from models.tuning.searching.trials import Trials
from models.tuning.searching.tuned import search_and_train
from tests.models.training.conftest import intent_rows
from tests.models.tuning.conftest import quick, silent

SPACE: Space = {"rate": Range(low=1e-6, high=1.0, log=True), "epochs": (1, 2, 3)}
FULL = quick(trunk="full", rate=1e-4)


@pytest.fixture
def landscape(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Scores by a formula in place of trainings, highest at a rate of 1e-3; keeps what was tried."""
    tried: list[dict[str, Any]] = []

    def score(self: Trials, config: Any, *, told: Any, report: Any) -> float:
        tried.append({"rate": config.rate, "epochs": config.epochs})
        value = 1.0 - 0.1 * abs(math.log10(config.rate) + 3) + 0.01 * config.epochs
        for number in range(len(self.folds)):
            told(value, 4 * (number + 1))
        return value

    monkeypatch.setattr(searching.Trials, "score", score)
    return tried


def go(folder: Path, method: Any, *, events: list[dict[str, Any]] | None = None, **plan: Any) -> Found:
    heard = events if events is not None else []
    told = Plan(method=method, **({"space": SPACE, "folds": 2} | plan))
    return search("intent", intent_rows(4), FULL, told, models=folder, folder=folder / "s", report=heard.append)


def test_the_bayesian_search_homes_in_and_gives_up_what_is_worse(
    tmp_path: Path, landscape: list[dict[str, Any]]
) -> None:
    events: list[dict[str, Any]] = []
    found = go(tmp_path, "bayes", trials=18, events=events)
    assert [event["number"] for event in events if event["event"] == "trial"] == list(range(19))
    assert found.score > 0.9
    assert found.score == max(row.score for row in found.trials if row.score is not None)
    assert found.config.rate == found.values["rate"]
    states = {row.state for row in found.trials}
    assert states == {"complete", "pruned"}
    late = [tried["rate"] for tried in landscape[-6:]]
    assert sum(1e-5 < rate < 1e-1 for rate in late) >= 4
    assert all(row.score is None and len(row.folds) < 2 for row in found.trials if row.state == "pruned")


def test_a_grid_tries_every_point_once_and_a_part_of_it_where_told(
    tmp_path: Path, landscape: list[dict[str, Any]]
) -> None:
    space: Space = {"rate": (1e-4, 1e-3), "epochs": (1, 2, 3)}
    found = go(tmp_path, "grid", space=space)
    assert len(landscape) == 1 + 6
    assert found.values == {"rate": 1e-3, "epochs": 3}
    assert len(go(tmp_path / "less", "grid", space=space, trials=4).trials) == 5


@pytest.mark.parametrize("method", ["random", "bayes"])
def test_no_configuration_is_tried_twice_and_a_small_space_ends_the_search(
    tmp_path: Path, landscape: list[dict[str, Any]], method: Any
) -> None:
    space: Space = {"trunk": ("frozen", "full"), "rate": (1e-4, 1e-2), "epochs": (1, 2)}
    base = quick(rate=1e-4)  # frozen, so that the frozen point is the one that was given
    plan = Plan(method=method, trials=30, folds=2, space=space)
    found = search("intent", intent_rows(4), base, plan, models=tmp_path, folder=tmp_path, report=silent)
    assert len(found.trials) == 1 + 4
    assert len({json.dumps(row.values, sort_keys=True) for row in found.trials}) == 5


def test_the_configuration_that_was_given_stays_where_nothing_is_better(
    tmp_path: Path, landscape: list[dict[str, Any]]
) -> None:
    found = go(tmp_path, "random", trials=3, space={"rate": (1.0, 0.5), "epochs": (1,)})
    assert found.values == {}
    assert found.config == FULL


@pytest.mark.parametrize("method", ["random", "bayes", "grid"])
def test_a_killed_search_goes_on_to_the_same_end(
    tmp_path: Path, landscape: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, method: Any
) -> None:
    whole = go(tmp_path / "whole", method, trials=5)
    score, count = searching.Trials.score, len(landscape)

    def killed(self: Trials, config: Any, *, told: Any, report: Any) -> float:
        if len(landscape) == count + 3:
            raise KeyboardInterrupt
        return score(self, config, told=told, report=report)

    with monkeypatch.context() as patch:
        patch.setattr(searching.Trials, "score", killed)
        with pytest.raises(KeyboardInterrupt):
            go(tmp_path / "part", method, trials=5)
    again = go(tmp_path / "part", method, trials=5)
    assert len(landscape) == count + 3 + 3

    def told(found: Found) -> list[Any]:
        return [(row.values, row.state, row.score) for row in found.trials]

    assert told(again) == told(whole)


def test_where_every_configuration_fails_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Trials, config: Any, *, told: Any, report: Any) -> float:
        told(float("nan"), 4)
        raise ValueError("infinite weights")

    monkeypatch.setattr(searching.Trials, "score", broken)
    with pytest.raises(UnusableError, match="Every trial failed"):
        go(tmp_path, "random", trials=2)


def test_more_processes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="one process"):
        search(
            "intent", intent_rows(4), quick(processes=2), Plan(method="random"),
            models=tmp_path, folder=tmp_path, report=silent,
        )  # fmt: skip


def test_the_best_configuration_trains_what_is_kept(models_dir: Path, tmp_path: Path) -> None:
    rows = intent_rows(5)
    plan = Plan(method="grid", folds=2, space={"trunk": ("frozen", "full"), "rate": (1e-4,), "epochs": (1,)})
    events: list[dict[str, Any]] = []
    folder = models_dir / "heads" / "searched"
    arguments = ("intent", rows, quick(), plan, folder)
    options = {"models": models_dir, "validation": rows, "work": tmp_path}
    outcome = search_and_train(*arguments, **options, report=events.append)
    trials = [json.loads(line) for line in (folder / "trials.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["number"] for one in trials] == [0, 1, 2]
    assert all(len(one["folds"]) == 2 for one in trials if one["state"] == "complete")
    assert trials[0]["score"] == pytest.approx(trials[1]["score"])  # both are frozen
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert card == outcome.card
    assert card["search"]["score"] == max(one["score"] for one in trials)
    assert {name: card["config"][name] for name in card["search"]["best"]} == card["search"]["best"]
    assert "trials.jsonl" in card["files"]
    text = (folder / "card.md").read_text(encoding="utf-8")
    assert text.count("## Search") == 1
    again = search_and_train(*arguments, **options, report=silent)
    assert again.card == card
    assert (folder / "card.md").read_text(encoding="utf-8") == text
    assert not list((tmp_path / "search").rglob("*.safetensors"))
