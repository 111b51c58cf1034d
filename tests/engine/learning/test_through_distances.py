import torch

from nec_engine.learning.learner import through_distances
from nec_engine.memory.kernel import squared_distances


def test_it_is_the_gradient_that_autograd_finds() -> None:
    generator = torch.Generator().manual_seed(3)
    queries = torch.randn(4, 8, generator=generator, requires_grad=True)
    stored = torch.randn(4, 2, 5, 8, generator=generator, requires_grad=True)
    slope = torch.randn(4, 2, 5, generator=generator)
    torch.autograd.backward(squared_distances(queries, stored), slope)
    of_stored = through_distances(slope, queries.detach(), stored.detach())
    assert stored.grad is not None
    assert queries.grad is not None
    torch.testing.assert_close(of_stored, stored.grad)
    torch.testing.assert_close(-of_stored.sum((1, 2)), queries.grad)
