"""Which machine the figures are of."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import torch

from nec_engine.config import machine_ram_bytes, num_cores


def machine_facts(torch_threads: int) -> dict[str, Any]:
    """``machine`` of the report: cpu, cores, ram_gb, gpu (None without one), torch_threads."""
    return {
        "cpu": cpu_name(),
        "cores": num_cores(),
        "ram_gb": round(machine_ram_bytes() / 1e9, 1),
        "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None,
        "torch_threads": torch_threads,
    }


def cpu_name() -> str:
    """As the processor names itself."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
