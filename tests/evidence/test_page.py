"""The page is what the kept CSVs make of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_runs import keep_made
from PIL import Image

from docs.evidence.charts import DIGEST_KEY, CurveChart, digest, draw
from docs.evidence.kept import KEPT, kept_paths
from docs.evidence.page import CHARTS, PAGE, Page, make_page
from docs.evidence.plan import Group, load_groups
from nec_engine.run.scores import human_normalised_percent


@pytest.fixture(scope="module")
def groups() -> list[Group]:
    return load_groups()


@pytest.fixture(scope="module")
def page(groups: list[Group]) -> Page:
    return make_page(groups, KEPT)


def test_the_page_in_the_repository_is_made_from_its_csvs(page: Page) -> None:
    assert PAGE.read_text(encoding="utf-8") == page.text, "run python -m docs.evidence.page"


def test_the_charts_in_the_repository_show_the_csvs(page: Page) -> None:
    assert {path.name for path in CHARTS.glob("*.png")} == page.charts.keys()
    for name, chart in page.charts.items():
        with Image.open(CHARTS / name) as picture:
            assert picture.info[DIGEST_KEY] == digest(chart), "run python -m docs.evidence.page"
        assert f"evidence/charts/{name}" in page.text


def test_every_kept_file_is_of_a_run_in_the_lists(groups: list[Group]) -> None:
    named = {path for group in groups for run in group.runs for path in kept_paths(KEPT, run)}
    assert {path for path in KEPT.rglob("*.*") if path.is_file()} <= named


def test_without_runs_every_section_says_so(groups: list[Group], tmp_path: Path) -> None:
    made = make_page(groups, tmp_path)
    assert made.charts == {}
    for group in groups:
        num = len(group.runs)
        section = made.text.partition(f"## {group.title}\n")[2].partition("\n## ")[0]
        assert f"Not reached: {num} of {num} runs" in section


@pytest.fixture
def partly(groups: list[Group], tmp_path: Path) -> Page:
    """All of seed 1 and a few of seed 2, each run 10 better than the one of the seed before."""
    for group in groups:
        for run in group.runs:
            if run.seed == 1 or (run.seed == 2 and run.game in ("alien", "ms_pacman")):
                keep_made(tmp_path, run, [50.0 + 10 * run.seed, 500.0 + 10 * run.seed])
    return make_page(groups, tmp_path)


def test_a_table_has_mean_intervals_and_n(partly: Page) -> None:
    normalised = (human_normalised_percent("alien", 515.0) or 0) / 100
    row = f"| alien | 228 | 7,128 | 515 | 510 to 520 | 514 to 516 | 2 | 510 | {normalised:.3f} |"
    assert row in partly.text
    assert "| amidar | 5.8 | 1,720 | 510 | – | 509 to 511 | 1 |" in partly.text


def test_the_set_is_measured_on_the_seeds_that_every_game_has(partly: Page) -> None:
    assert "this program, 26 of 26 games, n = 1" in partly.text
    assert "**Not reached: 50 of 78 runs** (ec seed 2: amidar, assault" in partly.text


def test_what_is_missing_is_named_in_few_words(partly: Page) -> None:
    assert "**Not reached: 19 of 57 runs** (nec base seed 3; nec prior-1 seed 3;" in partly.text
    assert "nec seed 2: frostbite, hero; mfec seed 2: frostbite, hero;" in partly.text
    assert "nec seed 3: all games" in partly.text


def test_a_choice_names_what_differs(partly: Page) -> None:
    section = partly.text.partition("### Learning rate")[2].partition("###")[0]
    assert "| `learning_rate=7.9e-06` | 515 |" in section
    assert "| `learning_rate=3e-05` | 515 |" in section


def test_curves_have_n_and_the_papers_value_that_cannot_be_compared(partly: Page) -> None:
    chart = partly.charts["paper-games.png"]
    assert isinstance(chart, CurveChart)
    panel = chart.panels[0]
    assert panel.title == "Ms. Pac-Man"
    assert "4,143, not comparable" in panel.published_words
    assert [(curve.agent, curve.num_runs) for curve in panel.curves] == [
        ("nec", 2), ("mfec", 2), ("dqn", 1),
    ]  # fmt: skip
    millions, estimate = panel.curves[0].points[-1]
    assert (millions, estimate.value, estimate.low, estimate.high) == (0.4, 515, 510, 520)


def test_only_a_group_that_says_so_shows_runs_short_of_their_frames(
    groups: list[Group], tmp_path: Path
) -> None:
    for group in groups:
        run = group.runs[0]
        keep_made(tmp_path, run, [1.0, 2.0])
        path, _ = kept_paths(tmp_path, run)
        path.write_text("\n".join(path.read_text().splitlines()[:-2]) + "\n")
    made = make_page(groups, tmp_path)
    assert "| pong, NEC | 2,000,000 of 4,000,000 | 1.0 |" in made.text
    assert set(made.charts) == {"pong.png"}


def test_a_chart_carries_its_data_s_digest_and_changes_with_it(
    partly: Page, tmp_path: Path
) -> None:
    chart = partly.charts["atari-100k.png"]
    path = tmp_path / "chart.png"
    path.write_bytes(draw(chart))
    with Image.open(path) as picture:
        assert picture.info[DIGEST_KEY] == digest(chart)
        assert picture.size[0] == 800
        colours = picture.convert("RGB").getcolors()
        assert colours is not None
        assert len(colours) > 10  # bars, not an empty sheet
    assert draw(chart) == path.read_bytes()
    assert digest(chart) != digest(partly.charts["paper-games.png"])
    assert draw(partly.charts["paper-games.png"]) != path.read_bytes()
