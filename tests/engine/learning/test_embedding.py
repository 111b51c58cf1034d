"""Every part that can make keys: what it keeps of the screens, and that it is repeatable."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.learning.cosine import CosineTransform
from nec_engine.learning.embedding import embed, embed_each, make_embedding
from nec_engine.learning.network import to_unit_range

CPU = torch.device("cpu")
WITHOUT_NETWORK = ("projection", "dct")
EVERY = ("learned", "fixed", *WITHOUT_NETWORK)


def random_play(num: int) -> np.ndarray:
    """uint8[num, 4, 84, 84] of Ms. Pac-Man."""
    emulator = Emulator(find_rom("ms_pacman"), Settings(), seed=1, colour=False)
    rng = np.random.default_rng(0)
    seen = []
    for _ in range(num):
        emulator.step(int(rng.integers(emulator.num_actions)))
        seen.append(emulator.observation())
    return np.stack(seen)


def test_screens_become_the_same_numbers_whatever_they_were() -> None:
    screens = torch.from_numpy(random_play(3))
    screens[0, :, 0] = torch.arange(84, dtype=torch.uint8) * 3
    floats = screens.float().requires_grad_()
    of_bytes, of_floats = to_unit_range(screens), to_unit_range(floats)
    assert torch.equal(of_bytes, screens.double().div(255.0).float())
    assert torch.equal(of_bytes, of_floats)
    assert of_bytes.is_contiguous(memory_format=torch.channels_last)
    (gradient,) = torch.autograd.grad(of_floats.sum(), floats)
    assert torch.equal(gradient, torch.full_like(floats, 1 / 255))


@pytest.mark.parametrize("name", EVERY)
def test_a_key_comes_from_the_seed_and_the_screens_alone(name: str) -> None:
    observations = random_play(12)
    keys, again = (
        embed(make_embedding(Settings(embedding=name, key_size=50)), observations, CPU)
        for _ in range(2)
    )
    assert keys.shape == (12, 50)
    assert keys.dtype == torch.float32
    assert torch.equal(keys, again)
    assert len({key.numpy().tobytes() for key in keys}) == len(
        {observation.tobytes() for observation in observations}
    )
    other = embed(make_embedding(Settings(embedding=name, key_size=50, seed=2)), observations, CPU)
    assert torch.equal(keys, other) == (name == "dct")


@pytest.mark.parametrize("name", WITHOUT_NETWORK)
def test_without_a_network_a_key_does_not_depend_on_the_batch(name: str) -> None:
    observations = random_play(40)
    embedding = make_embedding(Settings(embedding=name))
    alone = embed_each(embedding, observations, CPU)
    for size in (2, 7, 40):
        parts = np.split(observations, range(size, len(observations), size))
        assert torch.equal(torch.cat([embed(embedding, part, CPU) for part in parts]), alone)


def test_a_projection_keeps_distances() -> None:
    observations = random_play(60)[::6]
    keys = embed(make_embedding(Settings(embedding="projection", key_size=1024)), observations, CPU)
    screens = torch.from_numpy(observations).flatten(1).double() / 255
    of_screens = torch.cdist(screens, screens)
    of_keys = torch.cdist(keys.double(), keys.double())
    different = of_screens > 0
    ratio = of_keys[different] / of_screens[different]
    assert different.sum() >= 40
    assert ratio.min() > 0.8
    assert ratio.max() < 1.2


def test_cosines_are_the_low_frequencies_of_each_screen() -> None:
    observation = random_play(30)[-1]
    (key,) = CosineTransform(key_size=2 * 9)(torch.from_numpy(observation[None]))
    newest, before = observation[-1] / 255.0, observation[-2] / 255.0
    for number, picture in enumerate((newest, newest - before)):
        spectrum = cv2.dct(picture)
        block = sorted(((u, v) for u in range(3) for v in range(3)), key=lambda uv: (max(uv), uv))
        lowest = [spectrum[uv] for uv in block]
        np.testing.assert_allclose(key[number::2].numpy(), lowest, rtol=2e-3, atol=2e-2)


@pytest.mark.parametrize("name", EVERY)
def test_the_gradient_reaches_the_screens(name: str) -> None:
    embedding = make_embedding(Settings(embedding=name))
    screens = torch.from_numpy(random_play(3)).float().requires_grad_()
    (gradient,) = torch.autograd.grad(embedding(screens).square().sum(), screens)
    assert gradient.shape == screens.shape
    seen = slice(-2, None) if name == "dct" else slice(None)  # coarse shapes: of two screens
    assert (gradient[:, seen].flatten(2).abs().amax(-1) > 0).all()


def test_only_a_learned_network_has_parameters_to_learn() -> None:
    for name in EVERY:
        parameters = make_embedding(Settings(embedding=name)).parameters()
        assert any(p.requires_grad for p in parameters) == (name == "learned")
