"""Sources from the command line, by the program itself, without models."""

from pathlib import Path

from tests.agent_assist.cli.test_commands import lines, run


def test_sources_are_listed_watched_and_removed(tmp_path: Path) -> None:
    profile, shelf = tmp_path / "profile", tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "a.md").write_text("alpha", encoding="utf-8")
    (shelf / "b.md").write_text("beta", encoding="utf-8")
    [watched] = lines(run(profile, "knowledge", "watch", str(shelf)))
    assert (watched["added"], watched["removed"], watched["kept"]) == (2, 0, [])
    [source] = lines(run(profile, "knowledge", "sources"))
    assert (source["path"], source["watched"], source["files"], source["articles"]) == (str(shelf), True, 2, 2)
    assert [file["state"] for file in lines(run(profile, "knowledge", "sources", "--files"))] == ["read", "read"]
    (shelf / "a.md").unlink()
    [again] = lines(run(profile, "knowledge", "reindex"))
    assert (again["removed"], again["unchanged"]) == (1, 1)
    [status] = lines(run(profile, "knowledge", "status"))
    assert (status["state"], status["articles_stored"], status["watched"]) == ("idle", 1, 1)
    assert run(profile, "knowledge", "unwatch", str(shelf)).returncode == 0
    [removed] = lines(run(profile, "knowledge", "remove", "--source", str(shelf)))
    assert removed == {"removed": 1, "kept": []}
    assert lines(run(profile, "knowledge", "list")) == []
    assert lines(run(profile, "knowledge", "sources")) == []


def test_an_article_is_removed_and_stays_so(tmp_path: Path) -> None:
    profile, path = tmp_path / "profile", tmp_path / "a.md"
    path.write_text("alpha", encoding="utf-8")
    run(profile, "knowledge", "add", str(path))
    assert lines(run(profile, "knowledge", "remove", "a")) == [{"removed": 1, "kept": []}]
    [again] = lines(run(profile, "knowledge", "reindex", "--all"))
    assert (again["added"], len(again["kept"])) == (0, 1)  # type: ignore[arg-type]


def test_pause_continue_cancel_and_errors(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    assert run(profile, "knowledge", "pause").returncode == 0
    assert run(profile, "knowledge", "status", as_json=False).returncode == 0
    assert lines(run(profile, "knowledge", "continue"))[0]["added"] == 0
    assert run(profile, "knowledge", "cancel").returncode == 0
    for arguments in (
        ("unwatch", "nowhere"),
        ("watch", "nowhere"),
        ("remove",),
        ("remove", "nobody"),
        ("reindex", "x"),
    ):
        result = run(profile, "knowledge", *arguments)
        assert result.returncode != 0
        assert result.stderr.strip()
        assert "Traceback" not in result.stderr
