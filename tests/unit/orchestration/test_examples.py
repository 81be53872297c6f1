"""The examples in the docstrings of the plain modules hold."""

import doctest
from types import ModuleType

import pytest

from orchestration import directory, instance, steps, trigger


@pytest.mark.parametrize("module", [directory, instance, steps, trigger])
def test_examples_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
