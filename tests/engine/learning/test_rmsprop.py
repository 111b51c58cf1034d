"""RMSProp against torch's own, number by number."""

from __future__ import annotations

import torch

from nec_engine.learning.rmsprop import RMSProp


def test_every_step_is_the_one_that_torch_makes() -> None:
    torch.manual_seed(0)
    ours = [torch.randn(7, 5, requires_grad=True), torch.randn(3, requires_grad=True)]
    theirs = [parameter.detach().clone().requires_grad_() for parameter in ours]
    own = RMSProp(ours, 0.01, 0.95, 0.01)
    reference = torch.optim.RMSprop(theirs, lr=0.01, alpha=0.95, eps=0.01)
    for step in range(20):
        for parameters in (ours, theirs):
            loss = sum(((parameter - step) ** 3).sum() for parameter in parameters)
            assert isinstance(loss, torch.Tensor)
            loss.backward()  # type: ignore[no-untyped-call]  # torch's
        own.step()
        reference.step()
        reference.zero_grad()
        for mine, their in zip(ours, theirs, strict=True):
            assert torch.equal(mine, their)


def test_its_state_goes_on_where_it_was() -> None:
    first = torch.ones(4, requires_grad=True)
    optimiser = RMSProp([first], 0.1, 0.9, 0.01)
    (first**2).sum().backward()  # type: ignore[no-untyped-call]  # torch's
    optimiser.step()
    second = first.detach().clone().requires_grad_()
    again = RMSProp([second], 0.1, 0.9, 0.01)
    again.load_state_dict(optimiser.state_dict())
    for parameter, one in ((first, optimiser), (second, again)):
        (parameter**2).sum().backward()  # type: ignore[no-untyped-call]  # torch's
        one.step()
    assert torch.equal(first, second)
