"""`agent-assist recommend`, by the program itself and without a model."""

from pathlib import Path

import pytest

from agent_assist.composition import open_app
from agent_assist.engine.testing import ScriptedEngine
from tests.agent_assist.cli.test_commands import ROOT, lines, run

SAMPLES = ROOT / "resources" / "samples"


@pytest.fixture
async def profile(tmp_path: Path) -> Path:
    """The sample shop with its tickets."""
    app = await open_app(tmp_path / "profile", engine=ScriptedEngine())
    await app.tickets.import_shop(orders=SAMPLES / "orders.jsonl", products=SAMPLES / "products.jsonl")
    await app.tickets.import_paths([SAMPLES / "tickets.jsonl"])
    await app.close()
    return tmp_path / "profile"


def test_a_text_gives_one_object_with_reasons(profile: Path) -> None:
    [advice] = lines(run(profile, "recommend", "--text", "500 以内的降噪耳机"))
    assert set(advice) == {"language", "recommended", "nearest", "out_of_stock", "question", "text"}
    [product] = advice["recommended"]  # type: ignore[misc]
    assert product["sku"] == "GF-AUD-001"
    assert [reason["kind"] for reason in product["reasons"]] == ["fits", "in_budget"]
    assert "价格符合预算 500 元以内" in product["text"]


def test_a_ticket_and_a_number_of_products(profile: Path) -> None:
    [advice] = lines(run(profile, "recommend", "--ticket", "TK-1049", "-k", "1"))
    assert [one["sku"] for one in advice["recommended"]] == ["GF-AUD-003"]  # type: ignore[attr-defined]


def test_sentences_for_people(profile: Path) -> None:
    told = run(profile, "recommend", "--text", "canvas tote in navy", as_json=False)
    assert told.stdout.startswith("Toyard Canvas Tote ($25): ")


@pytest.mark.parametrize(
    "arguments",
    [(), ("--text", "a", "--ticket", "b"), ("--ticket", "nobody"), ("--text", " "), ("--text", "a", "-k", "0")],
)
def test_what_cannot_be_answered_is_an_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(tmp_path / "profile", "recommend", *arguments)
    assert (result.returncode != 0, result.stdout) == (True, "")
    assert "Traceback" not in result.stderr
