"""Other seeds: every seed that a page sets is moved by the same amount, by whatever name it is set."""

import importlib
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEP = 1000  # between one run's seeds and the next one's, so that a page which counts its seeds meets none twice
BITS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64", "SeedSequence")  # NumPy's, which take seeds too
HAVE_ONE = ("bit_generator", "random_raw", "generate_state")  # what tells NumPy's generators, which had a seed before


class Shift:
    """Moves seeds by `by` in this process."""

    def __init__(self, by: int) -> None:
        self.by = by

    def seed(self, value: Any) -> Any:
        """The seed in place of `value`; raises TypeError for one that cannot be moved."""
        if value is None or any(hasattr(value, name) for name in HAVE_ONE):
            return value
        if hasattr(value, "__index__"):
            return int(value) + self.by
        if isinstance(value, list | tuple):
            return [*value, self.by]
        if isinstance(value, str):
            return value + str(self.by)
        raise TypeError(f"a seed that cannot be moved: {value!r}")

    def first(self, function: Callable) -> Callable:
        """The function, with its first argument, a seed, moved."""

        def moved(*values: Any, **named: Any) -> Any:
            if values:
                values = (self.seed(values[0]), *values[1:])
            return function(*values, **{name: self.seed(value) for name, value in named.items()})

        return moved

    def install(self, code: str) -> None:
        """Move what `code` sets from now on through `random`, NumPy, scikit-learn (which asks NumPy) and torch."""
        for name, patch, words in (
            ("random", self._python, ["random"]),
            ("numpy.random", self._numpy, ["numpy", "sklearn"]),
            ("torch", self._torch, ["torch"]),
        ):
            if not any(word in code for word in words):
                continue
            try:
                module = importlib.import_module(name)
            except ImportError:
                continue  # a page that imports it fails by itself
            patch(module)

    def _python(self, random: Any) -> None:
        shift = self

        class Random(random.Random):
            def seed(self, a: Any = None, version: int = 2) -> None:
                super().seed(shift.seed(a), version)

        def seed(a: Any = None, version: int = 2) -> None:
            set_seed(shift.seed(a), version)

        set_seed, random.seed, random.Random = random.seed, seed, Random

    def _numpy(self, random: Any) -> None:
        shift = self

        class RandomState(random.RandomState):
            def __init__(self, seed: Any = None) -> None:
                super().__init__(shift.seed(seed))

            def seed(self, seed: Any = None) -> None:
                super().seed(shift.seed(seed))

        random.RandomState = RandomState
        for name in ("seed", "default_rng", *BITS):
            setattr(random, name, self.first(getattr(random, name)))

    def _torch(self, torch: Any) -> None:
        shift = self

        class Generator(torch.Generator):
            def manual_seed(self, seed: int) -> "Generator":
                super().manual_seed(shift.seed(seed))
                return self

        torch.Generator = Generator
        torch.manual_seed = torch.random.manual_seed = self.first(torch.manual_seed)


def main() -> None:
    """Run the program named in the arguments with its seeds moved: so a page's programs are run under other seeds."""
    by, sys.argv = int(sys.argv[1]), sys.argv[2:]
    Shift(by).install(Path(sys.argv[0]).read_text(encoding="utf-8"))
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
