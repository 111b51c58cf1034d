"""Colours of the window, light and dark: colour-blind safe (after Okabe and Ito 2008)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Theme:
    """One palette; every colour is ``#rrggbb`` and safe to tell apart without red and green."""

    name: str
    is_dark: bool
    background: str  # of the window
    panel: str  # of panels and cards
    raised: str  # of a row under the pointer, a card, a field
    border: str
    text: str
    muted: str  # second-rank text, still readable
    accent: str  # what is selected, who plays
    on_accent: str  # text on accent
    positive: str  # contributions above zero
    negative: str  # contributions below zero
    warning: str
    unfamiliar: str  # the prior's hatching
    origins: tuple[str, str, str, str]  # by Origin: agent, person, imported, edited
    curves: tuple[str, ...]  # of plotted series, in order


DARK: Final = Theme(
    name="dark",
    is_dark=True,
    background="#16181d",
    panel="#1e2127",
    raised="#2a2e36",
    border="#3c424d",
    text="#e8eaee",
    muted="#a3aab8",
    accent="#f0c04a",
    on_accent="#1b1d22",
    positive="#56b4e9",
    negative="#e98b3a",
    warning="#f0a04a",
    unfamiliar="#8d95a5",
    origins=("#8fb8de", "#f0c04a", "#d79ac0", "#4cc3a0"),
    curves=("#56b4e9", "#f0c04a", "#e98b3a", "#4cc3a0", "#d79ac0", "#a3aab8"),
)

LIGHT: Final = Theme(
    name="light",
    is_dark=False,
    background="#eceef1",
    panel="#ffffff",
    raised="#f1f3f6",
    border="#c3c8d0",
    text="#1d2127",
    muted="#59616e",
    accent="#8a5a00",
    on_accent="#ffffff",
    positive="#0072b2",
    negative="#c25000",
    warning="#b34700",
    unfamiliar="#7b8392",
    origins=("#2f6fa8", "#8a5a00", "#a34a83", "#00775a"),
    curves=("#0072b2", "#a86d00", "#c25000", "#00805f", "#a34a83", "#59616e"),
)
