"""How much memory is free here: the machine's, and that of its graphics cards."""

import ctypes
import logging
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
_GPU_TYPES = (1, 2)  # GGML_BACKEND_DEVICE_TYPE_GPU and _IGPU, which shares the machine's memory
_INTEGRATED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Free bytes. `ram` is None where the system does not say; `gpu` is 0 without a card that llama.cpp can use.

    `shared`: the card has no memory of its own, so what it takes is missing from `ram`.
    """

    ram: int | None
    gpu: int = 0
    gpu_total: int = 0
    shared: bool = False


def free_memory() -> Memory:
    """What is free now. Never raises: what cannot be found out counts as unknown."""
    free, total, shared = _gpu()
    return Memory(ram=free_ram(), gpu=free, gpu_total=total, shared=shared)


def free_ram() -> int | None:
    """Bytes that programs may still take, a container's limit included; None where the system does not say."""
    try:
        if sys.platform == "win32":
            return _windows()
        if sys.platform == "darwin":
            return _macos()
        return _linux(Path("/"))
    except (OSError, ValueError, AttributeError, IndexError, subprocess.SubprocessError) as error:
        logger.info("free memory is not known: %s", error)
        return None


def _linux(root: Path) -> int:
    """MemAvailable, less where a cgroup (version 2) allows less."""
    found = re.search(r"^MemAvailable:\s+(\d+) kB", (root / "proc/meminfo").read_text(encoding="ascii"), re.MULTILINE)
    if found is None:
        raise ValueError("no MemAvailable")
    free = int(found[1]) * 1024
    group = root / "sys/fs/cgroup"
    try:
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        used = int((group / "memory.current").read_text(encoding="ascii"))
        reclaimable = re.search(r"^inactive_file (\d+)", (group / "memory.stat").read_text(encoding="ascii"), re.M)
    except (OSError, ValueError):
        return free
    if limit == "max":
        return free
    return max(0, min(free, int(limit) - used + int(reclaimable[1] if reclaimable else 0)))


def _macos() -> int:
    told = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, check=True, timeout=5).stdout
    page = int(re.findall(r"page size of (\d+) bytes", told)[0])
    pages = sum(int(n) for n in re.findall(r"Pages (?:free|inactive|speculative|purgeable):\s+(\d+)", told))
    return pages * page


def _windows() -> int:
    class Status(ctypes.Structure):
        """MEMORYSTATUSEX."""

        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong)
            for name in ("total", "free", "page_total", "page_free", "virtual_total", "virtual_free", "extended")
        ]

    status = Status()
    status.length = ctypes.sizeof(Status)
    windll = ctypes.windll  # type: ignore[attr-defined,unused-ignore]
    if not windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        raise OSError("GlobalMemoryStatusEx failed")
    return int(status.free)


def _gpu() -> tuple[int, int, bool]:
    """Free and whole bytes of all cards, and whether they share the machine's; zeros where there is none."""
    try:
        count, get = _function("ggml_backend_dev_count"), _function("ggml_backend_dev_get")
        kind, memory = _function("ggml_backend_dev_type"), _function("ggml_backend_dev_memory")
        count.restype, get.restype, get.argtypes = ctypes.c_size_t, ctypes.c_void_p, [ctypes.c_size_t]
        kind.restype, kind.argtypes = ctypes.c_int, [ctypes.c_void_p]
        memory.restype, memory.argtypes = None, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
        free_all = total_all = 0
        shared = False
        for index in range(count()):
            device = get(index)
            found = kind(device)
            if found in _GPU_TYPES:
                free, total = ctypes.c_size_t(), ctypes.c_size_t()
                memory(device, ctypes.byref(free), ctypes.byref(total))
                free_all, total_all = free_all + free.value, total_all + total.value
                shared = shared or found == _INTEGRATED
    except (ImportError, OSError, AttributeError) as error:
        logger.info("the memory of graphics cards is not known: %s", error)
        return 0, 0, False
    return free_all, total_all, shared or sys.platform == "darwin"


def _function(name: str) -> Any:
    """A function of ggml, which lies in one library or the other, depending on build and system."""
    from llama_cpp._ctypes_extensions import load_shared_library
    from llama_cpp._ggml import libggml, libggml_base_path

    try:
        return getattr(libggml, name)
    except AttributeError:
        return getattr(load_shared_library("ggml-base", libggml_base_path), name)
