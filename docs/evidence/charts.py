"""The page's charts as PNG. What a chart draws is plain data, and its digest stands in the file."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image  # matplotlib needs it too
from PIL.PngImagePlugin import PngInfo

from docs.evidence.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, told apart with any kind of sight; markers say the same once more.
STYLES: Final = {"nec": ("#0072B2", "o"), "mfec": ("#D55E00", "s"), "dqn": ("#009E73", "^")}
GREY: Final = "#666666"
DIGEST_KEY: Final = "Description"
NUM_COLOURS: Final = 64  # a third of the bytes, and nobody sees it


@dataclass(frozen=True, slots=True)
class Curve:
    """An agent's test scores over frames: the mean over ``num_runs`` runs, with its interval."""

    agent: str
    num_runs: int
    points: tuple[tuple[float, Estimate], ...]  # millions of frames, score


@dataclass(frozen=True, slots=True)
class CurvePanel:
    """One game."""

    title: str
    random: float
    published: float  # NEC's score after 10 million frames, in the paper
    published_words: str
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class CurveChart:
    panels: tuple[CurvePanel, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Human-normalised scores by game, the best first."""

    title: str
    bars: tuple[tuple[str, Estimate], ...]


Chart = CurveChart | BarChart


def digest(chart: Chart) -> str:
    """Changes with anything that the chart draws, to six digits: machines differ in the last."""
    rounded = re.sub(r"\d+\.\d+(e[-+]\d+)?", lambda found: f"{float(found[0]):.6g}", repr(chart))
    return hashlib.sha256(rounded.encode()).hexdigest()[:32]


def draw(chart: Chart) -> bytes:
    """PNG of the chart, its digest in the text of the file."""
    from matplotlib.figure import Figure  # not pyplot: that one would look for a screen

    if isinstance(chart, BarChart):
        figure = Figure(figsize=(8, 0.8 + 0.25 * len(chart.bars)), dpi=100, layout="constrained")
        _draw_bars(figure.add_subplot(), chart)
    else:
        num_columns = min(2, len(chart.panels))
        num_rows = -(-len(chart.panels) // num_columns)
        figure = Figure(figsize=(5 * num_columns, 3.4 * num_rows), dpi=100, layout="constrained")
        for at, panel in enumerate(chart.panels):
            _draw_panel(figure.add_subplot(num_rows, num_columns, at + 1), panel)
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png")
    text = PngInfo()
    text.add_text(DIGEST_KEY, digest(chart))
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(NUM_COLOURS).save(
            small, format="png", optimize=True, pnginfo=text
        )
    return small.getvalue()


def _draw_panel(axes: Axes, panel: CurvePanel) -> None:
    for curve in panel.curves:
        colour, marker = STYLES[curve.agent]
        frames = [frames for frames, _ in curve.points]
        axes.plot(
            frames, [estimate.value for _, estimate in curve.points],
            color=colour, marker=marker, label=f"{curve.agent.upper()}, n = {curve.num_runs}",
        )  # fmt: skip
        band = [
            (frames, estimate.low, estimate.high)
            for frames, estimate in curve.points
            if estimate.low is not None and estimate.high is not None
        ]
        if band:
            x, low, high = zip(*band, strict=True)
            axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.axhline(panel.random, color=GREY, linestyle="--", label="random play")
    axes.set_title(panel.title)
    axes.set_xlabel("million frames")
    axes.set_ylabel("score")
    axes.set_xlim(left=0)
    axes.margins(y=0.25)  # room for the words above the curves
    limits = axes.get_ylim()
    axes.axhline(panel.published, color=GREY, linestyle=":")
    axes.set_ylim(limits)  # the curves stay readable where that line is far above them
    axes.grid(alpha=0.3)
    axes.text(
        0.5, 0.97, panel.published_words, ha="center", va="top", fontsize=8, color=GREY,
        transform=axes.transAxes,
    )  # fmt: skip
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(0, 0.92))


def _draw_bars(axes: Axes, chart: BarChart) -> None:
    estimates = [estimate for _, estimate in chart.bars]
    values = [estimate.value for estimate in estimates]
    errors = [
        [0.0 if e.low is None else e.value - e.low for e in estimates],
        [0.0 if e.high is None else e.high - e.value for e in estimates],
    ]
    names = [name for name, _ in chart.bars]
    axes.barh(names, values, xerr=errors, color=STYLES["mfec"][0], ecolor=GREY, capsize=2)
    axes.axvline(0, color=GREY, linestyle="--")
    axes.invert_yaxis()
    axes.set_xlabel("human-normalised score: 0 is random play, 1 a person")
    axes.set_title(chart.title)
    axes.grid(axis="x", alpha=0.3)
    axes.margins(y=0.01)
