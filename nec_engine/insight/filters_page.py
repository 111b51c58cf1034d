"""The filters as one HTML page that needs no other file: two pictures for each of them."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from nec_engine.insight.filters import LAYERS, FilterView
from nec_engine.messages import F32, U8

PICTURE: Final = 168  # pixels across; two to each of the agent's
AMBER: Final = (255, 176, 0)
STYLE: Final = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 1320px; margin: 2rem auto; padding: 0 1rem; }
p { max-width: 46rem; }
.filters { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, 342px); }
figure { margin: 0; }
figure img { width: 168px; height: 168px; image-rendering: pixelated; }
figcaption { font-size: 12px; }
"""


def filters_page(title: str, views: Sequence[FilterView], facts: str) -> str:
    """The page; ``facts``: a sentence on where the screens come from."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>Filters: {html.escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>What the filters of {html.escape(title)} answer to</h1>",
        f"<p>{html.escape(facts)}</p>",
        "<p>Left: the moment that excites the filter most. The agent sees four grey screens; the"
        " newest three are the colours here: red two steps ago, green one step ago, blue now. What"
        " stands still is grey, what moves leaves a trail from red to blue. The frame is what the"
        " unit sees. Right: that frame's inside by guided backpropagation (Springenberg et al."
        " 2014) from the unit, the same screens as colours: lighter than the ground is where more"
        " light excites it, darker where less does. Exploratory: a strong answer to one"
        " screen is not all that a filter does.</p>",
    ]
    for layer in LAYERS:
        of_layer = [view for view in views if view.layer == layer]
        size = of_layer[0].field.width
        num_silent = sum(view.activation == 0 for view in of_layer)
        silent = f"; {num_silent} were silent all the time" if num_silent else ""
        parts.append(
            f"<h2>{layer}: {len(of_layer)} filters, each unit sees {size} × {size} of 84 × 84"
            f" pixels{silent}</h2>"
        )
        parts.append('<div class="filters">')
        parts += [_figure(view) for view in of_layer]
        parts.append("</div>")
    parts.append("</body></html>\n")
    return "\n".join(parts)


def _figure(view: FilterView) -> str:
    name = f"{view.layer} filter {view.number}"
    strength = f"answer {view.activation:.3g}" if view.activation > 0 else "never excited"
    screen, guided = _source(_screen(view)), _source(_guided(view))
    return (
        f'<figure><img alt="{name}: the screen that excites it most" src="{screen}">'
        f' <img alt="{name}: guided backpropagation" src="{guided}">'
        f"<figcaption>{name} · {strength}</figcaption></figure>"
    )


def _screen(view: FilterView) -> U8:
    """uint8[168, 168, 3]: the newest three screens as colours, the unit's field framed."""
    rgb = np.ascontiguousarray(view.observation[1:].transpose(1, 2, 0))
    rgb = np.asarray(cv2.resize(rgb, (PICTURE, PICTURE), interpolation=cv2.INTER_NEAREST), np.uint8)
    if view.activation > 0:
        times, field = PICTURE // view.observation.shape[1], view.field
        first = (times * field.left, times * field.top)
        last = (first[0] + times * field.width - 1, first[1] + times * field.height - 1)
        cv2.rectangle(rgb, first, last, AMBER, 1)
    return rgb


def _guided(view: FilterView) -> U8:
    """uint8[size, size, 3]: what excites the unit in its field, grey where nothing does."""
    field = view.field
    rows = slice(field.top, field.top + field.height)
    columns = slice(field.left, field.left + field.width)
    part: F32 = view.guided[1:, rows, columns].transpose(1, 2, 0)
    strongest = float(np.abs(part).max()) or 1.0
    return (127.5 + 127.5 * part / strongest).astype(np.uint8)


def _source(rgb: U8) -> str:
    _, png = cv2.imencode(".png", rgb[:, :, ::-1])
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode("ascii")
