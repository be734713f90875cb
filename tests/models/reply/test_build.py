"""Assembling the starter model: pinned parts only, whole or not at all, once."""

import hashlib
import json
from pathlib import Path

import pytest

from models.reply.build import ReplySource, build_reply_model, load_source
from models.sources import SourceMismatchError

PARTS = {"weights_a/data/part0": b"GGUF" + b"a" * 3_000_000, "weights_b/data/part1": b"b" * 10}


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReplySource:
    packages = tmp_path / "packages"
    for name, content in (PARTS | {"weights_a/data/NOTICE.md": b"terms"}).items():
        path = packages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent.parent / "__init__.py").touch()
        path.write_bytes(content)
    monkeypatch.syspath_prepend(packages)
    whole = b"".join(PARTS.values())
    return ReplySource(
        package="weights_a", version="1", name="toy", base="toy", license="none",
        files={name: sha(content) for name, content in PARTS.items()},
        notices={"weights_a/data/NOTICE.md": sha(b"terms")}, model_sha256=sha(whole), model_bytes=len(whole),
    )  # fmt: skip


def test_parts_become_one_model_with_its_card_and_notice(source: ReplySource, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    folder = build_reply_model(tmp_path / "models", lambda *step: seen.append(step), source=source)
    assert folder == tmp_path / "models" / "reply" / "toy"
    assert (folder / "model.gguf").read_bytes() == b"".join(PARTS.values())
    assert (folder / "NOTICE.md").read_bytes() == b"terms"
    card = json.loads((folder / "model.json").read_text())
    assert card["kind"] == "reply"
    assert card["files"]["model.gguf"] == source.model_sha256
    assert seen[-1] == ("reply", source.model_bytes, source.model_bytes)
    assert [step[1] for step in seen] == sorted(step[1] for step in seen)


def test_a_built_model_is_left_alone_and_a_spoilt_one_is_built_anew(source: ReplySource, tmp_path: Path) -> None:
    model = build_reply_model(tmp_path, lambda *_: None, source=source) / "model.gguf"
    before = model.stat().st_mtime_ns
    build_reply_model(tmp_path, lambda *_: None, source=source)
    assert model.stat().st_mtime_ns == before
    content = model.read_bytes()
    model.write_bytes(b"X" + content[1:])
    build_reply_model(tmp_path, lambda *_: None, source=source)
    assert model.read_bytes() == content


def test_a_part_with_another_hash_is_refused_and_leaves_nothing(source: ReplySource, tmp_path: Path) -> None:
    (tmp_path / "packages/weights_b/data/part1").write_bytes(b"evil")
    with pytest.raises(SourceMismatchError, match="part1"):
        build_reply_model(tmp_path / "models", lambda *_: None, source=source)
    assert list((tmp_path / "models/reply").iterdir()) == []


def test_a_missing_package_is_said_in_a_sentence(source: ReplySource, tmp_path: Path) -> None:
    import msgspec

    gone = msgspec.structs.replace(source, files={"no_such_weights/data/part0": "0"})
    with pytest.raises(FileNotFoundError, match="no_such_weights is not installed"):
        build_reply_model(tmp_path / "models", lambda *_: None, source=gone)


def test_the_shipped_pins_are_complete() -> None:
    pinned = load_source()
    assert len(pinned.files) == 4
    assert all(len(value) == 64 for value in (*pinned.files.values(), *pinned.notices.values(), pinned.model_sha256))
