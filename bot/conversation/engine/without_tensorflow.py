"""Leaves TensorFlow out of this process: Rasa imports it for components that our model does not have (ADR 16).

Modules and classes of TensorFlow are replaced by hollow ones: enough for Rasa's class definitions, nothing that could
compute. A model that needs the real thing is refused before it is loaded (`needed_by`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

LEFT_OUT = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})


def leave_out() -> None:
    """Give hollow modules to whoever imports TensorFlow from now on; nothing where the real one is there already."""
    if not LEFT_OUT & set(sys.modules):
        sys.meta_path.insert(0, _Finder())


def needed_by(components: Iterable[type]) -> list[str]:
    """Return the names of the components that would compute with what was left out."""
    return sorted({one.__name__ for one in components if any(_uses(parent.__module__) for parent in one.__mro__)})


def _uses(module: str) -> bool:
    return any(isinstance(value, (_HollowModule, _Hollow)) for value in vars(sys.modules[module]).values())


class _Hollow(type):
    """A class that has every attribute, can be derived from, and decorates without effect."""

    def __getattr__(cls, name: str) -> Any:
        return _hollow(name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and not kwargs and callable(args[0]) else cls

    def __getitem__(cls, _key: Any) -> Any:
        return cls


def _hollow(name: str) -> Any:
    if name.startswith("__"):  # those mean something to Python itself
        raise AttributeError(name)
    return _Hollow(name, (), {})


class _HollowModule(ModuleType):
    __path__: list[str] = []  # a package, whatever is imported from it

    def __getattr__(self, name: str) -> Any:
        return _hollow(name)


class _Finder(MetaPathFinder, Loader):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in LEFT_OUT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _HollowModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing in it."""
