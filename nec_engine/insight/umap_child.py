"""The child process that runs UMAP: ``python -m nec_engine.insight.umap_child FOLDER PID``.

Reads ``keys.npy`` float32[N, D] and ``begin.npy`` float32[N, 2] in FOLDER, where the entries are to
be at first, and writes ``places.npy`` float32[N, 2] (McInnes, Healy and Melville 2018). One thread,
idle class, the same result each time; it ends with its parent (PID). UMAP compiles itself at each
start, which takes some fifteen seconds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from nec_engine.parent import die_with, step_back

NUM_NEIGHBOURS: Final = 15  # umap-learn's own default
NUM_EPOCHS: Final = 200  # likewise for more than 10,000 points


def main() -> None:
    """Lay out what is in the folder."""
    folder = Path(sys.argv[1])
    die_with(int(sys.argv[2]))
    step_back()
    os.environ["NUMBA_NUM_THREADS"] = "1"
    import numpy as np
    import umap

    keys, begin = np.load(folder / "keys.npy"), np.load(folder / "begin.npy")
    places = umap.UMAP(
        n_neighbors=min(NUM_NEIGHBOURS, len(keys) - 1),
        n_epochs=NUM_EPOCHS,
        init=begin,
        random_state=1,
        n_jobs=1,
    ).fit_transform(keys)
    written = folder / "coming.npy"
    np.save(written, places.astype(np.float32))
    written.rename(folder / "places.npy")


if __name__ == "__main__":
    main()
