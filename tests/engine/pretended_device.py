"""A device that is none: tensors that say they lie elsewhere, and refuse what CUDA refuses.

Their numbers lie on the host. Whatever mixes host and device, hands a device tensor to numpy or
draws on a device with a generator of the host raises, as it would on a GPU; everything else is
computed on the host. It holds for all threads, with autograd, views and changes in place.
What it does not show: kernels and their rounding, streams, speed, memory.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, NoReturn

import torch
from torch import Tensor
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME: Final = "pretended"

aten = torch.ops.aten
# Copies cross over.
CROSSING: Final = {aten._to_copy.default, aten.copy_.default}
# In brackets, indices may lie on the host.
IN_BRACKETS: Final = {
    aten.index.Tensor, aten.index_put.default, aten.index_put_.default,
    aten._index_put_impl_.default,
}  # fmt: skip
WAITING: Final = {aten._local_scalar_dense.default, aten.nonzero.default, aten.equal.default}


class HostReads:
    """Counts how often the host waited for numbers of the device."""

    def __init__(self) -> None:
        self.num = 0


_counters: list[HostReads] = []
operators_run: set[str] = set()  # on the device, by torch's name; in the whole process


@contextmanager
def host_reads() -> Iterator[HostReads]:
    """Counts the times that the host waits for the device meanwhile, in all threads."""
    counter = HostReads()
    _counters.append(counter)
    try:
        yield counter
    finally:
        _counters.remove(counter)


def _count() -> None:
    for counter in _counters:
        counter.num += 1


class OnDevice(Tensor):
    """A tensor of the pretended device; ``host`` has its numbers, and shares them with views."""

    host: Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]  # stub

    @staticmethod
    def __new__(cls, host: Tensor) -> OnDevice:
        made: OnDevice = Tensor._make_wrapper_subclass(
            cls,
            host.shape,
            strides=host.stride(),
            storage_offset=host.storage_offset(),
            dtype=host.dtype,
            layout=host.layout,
            device=DEVICE,
        )
        made.host = host
        return made

    def __repr__(self, **_: Any) -> str:  # type: ignore[override]  # torch's keywords
        return f"OnDevice({self.host!r})"

    def numpy(self, **_: Any) -> NoReturn:
        raise TypeError(
            f"can't convert {self.device} device type tensor to numpy. "
            "Use Tensor.cpu() to copy the tensor to host memory first."
        )

    def __array__(self, dtype: Any = None) -> NoReturn:
        self.numpy()

    def tolist(self) -> Any:
        """Waits, as on CUDA."""
        return self.cpu().tolist()

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]  # torch's stub lacks the operator
        cls,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        return _run(func, args, kwargs or {})


class _Operator(NamedTuple):
    """What is known of an operator."""

    is_made_of_others: bool
    is_pointwise: bool
    is_reshaping_in_place: bool


@functools.cache
def _known(func: Any) -> _Operator:
    name = func._schema.name
    return _Operator(
        func._can_decompose(),
        torch.Tag.pointwise in func.tags,
        name.startswith(("aten::resize_", "aten::set_")),
    )


def _run(func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What the host makes of an operator, as tensors of the device."""
    if _known(func).is_made_of_others:  # in inference mode they come whole
        return func.decompose(*args, **kwargs)
    operators_run.add(func._schema.name)
    tensors: list[Tensor] = []
    host_args = [_on_host(arg, tensors) for arg in args]
    host_kwargs = {name: _on_host(arg, tensors) for name, arg in kwargs.items()}
    _refuse(func, args, kwargs, tensors)
    wanted = kwargs.get("device")
    if wanted is not None:
        host_kwargs["device"] = torch.device("cpu")
    result = func(*host_args, **host_kwargs)
    if func is aten._to_copy.default and wanted is not None and wanted.type == "cpu":
        _count()
        return result
    if func is aten.copy_.default and not isinstance(args[0], OnDevice):
        _count()
        return args[0]
    if func in WAITING or (func is aten.index.Tensor and _is_masked(args[1])):
        _count()
    given = {id(leaf.host): leaf for leaf in tensors if isinstance(leaf, OnDevice)}
    if isinstance(result, list | tuple):
        return type(result)(_there(leaf, given) for leaf in result)
    return _there(result, given)


def _on_host(arg: Any, tensors: list[Tensor]) -> Any:
    """What the host is handed for an argument; its tensors, as they came, join ``tensors``."""
    if isinstance(arg, list | tuple):
        return [_on_host(leaf, tensors) for leaf in arg]
    if not isinstance(arg, Tensor):
        return arg
    tensors.append(arg)
    return arg.host if isinstance(arg, OnDevice) else arg


def _there(leaf: Any, given: Mapping[int, OnDevice]) -> Any:
    if not isinstance(leaf, Tensor):
        return leaf
    known = given.get(id(leaf))  # what was changed in place is still the same tensor
    return OnDevice(leaf) if known is None else known


def _refuse(
    func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], tensors: list[Tensor]
) -> None:
    """Raise where CUDA would."""
    known = _known(func)
    if isinstance(kwargs.get("generator"), torch.Generator):
        raise RuntimeError("Expected a 'cuda' device type for generator but found 'cpu'")
    if known.is_reshaping_in_place:
        raise NotImplementedError(f"{func} cannot be pretended")
    if func in CROSSING:
        return
    is_in_brackets = func in IN_BRACKETS
    if is_in_brackets:
        tensors = [leaf for leaf in (args[0], *args[2:3]) if isinstance(leaf, Tensor)]
    for leaf in tensors:
        may_be_of_host = (
            leaf.dim() == 0 and leaf is not args[0] and (known.is_pointwise or is_in_brackets)
        )
        if not (isinstance(leaf, OnDevice) or may_be_of_host):
            raise RuntimeError(
                "Expected all tensors to be on the same device, but found at least two devices, "
                f"{DEVICE} and cpu! (in {func})"
            )


def _is_masked(indices: list[Tensor | None]) -> bool:
    """Whether the shape of what they choose depends on numbers."""
    return any(index is not None and index.dtype == torch.bool for index in indices)


def _empty(size: Any, *, dtype: Any = None, memory_format: Any = None, **_: Any) -> Tensor:
    return OnDevice(torch.empty(size, dtype=dtype, memory_format=memory_format))


def _empty_strided(size: Any, stride: Any, *, dtype: Any = None, **_: Any) -> Tensor:
    return OnDevice(torch.empty_strided(size, stride, dtype=dtype))


def _copy_from(source: Tensor, to: Tensor, non_blocking: bool = False) -> Tensor:
    """What torch's own code calls below the level of subclasses, as torch.tensor() does."""
    host_source, host_to = _on_host([source, to], [])
    host_to.copy_(host_source)
    return to


def _register() -> Any:
    """Once a process, before its first backward pass: autograd counts the devices there."""
    _setup_privateuseone_for_python_backend(NAME)
    library: Any = torch.library.Library("aten", "IMPL")  # type: ignore[no-untyped-call]  # torch's
    library.impl("empty.memory_format", _empty, "PrivateUse1")
    library.impl("empty_strided", _empty_strided, "PrivateUse1")
    library.impl("_copy_from", _copy_from, "PrivateUse1")
    return library


def _begin() -> None:
    """WORKAROUND(torch 2.13): at the first operator on a tensor of another class torch imports its
    distributed tensors, a second or more, to see whether it is one of them."""
    name = "torch.distributed.tensor"
    if name not in sys.modules:
        sys.modules[name] = types.ModuleType(name)
        setattr(sys.modules[name], "DTensor", type("DTensor", (), {}))  # noqa: B010 - untyped
        torch.zeros(1, device=DEVICE).add_(1)
        del sys.modules[name]


_LIBRARY: Final = _register()  # its operators go when it does
DEVICE: Final = torch.device(NAME, 0)
_begin()
