"""Which machine the figures are of."""

from __future__ import annotations

from typing import Any

import torch

from nec_engine.machine import cpu_name, machine_ram_bytes, num_cores


def machine_facts(torch_threads: int) -> dict[str, Any]:
    """``machine`` of the report: cpu, cores, ram_gb, gpu (None without one), torch_threads."""
    return {
        "cpu": cpu_name(),
        "cores": num_cores(),
        "ram_gb": round(machine_ram_bytes() / 1e9, 1),
        "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None,
        "torch_threads": torch_threads,
    }
