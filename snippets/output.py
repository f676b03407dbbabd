"""What a block gives: the parts of its output in order, and what a page's run came to."""

from dataclasses import asdict, dataclass
from typing import Any

LIMIT = 100_000  # bytes of output a block may write


@dataclass(frozen=True)
class Part:
    """One piece of a block's output.

    `kind` is `text` (what was written), `value` (of a last bare expression), `figure`, `warning`, `error` or
    `data` (JSON for an explorable, neither shown nor recorded). `text` is what is shown, for a figure its
    alternative text. A figure also has its drawing (`svg`) and,
    for the record, its labels and plotted numbers (`data`).
    """

    kind: str
    text: str
    svg: str = ""
    data: str = ""


Output = tuple[Part, ...]


@dataclass(frozen=True)
class Failure:
    """Why a page's run ended early: the line in the page, the block's source and what to tell its author."""

    line: int
    source: str
    message: str

    def describe(self, name: str) -> str:
        """The report a person reads: place, source, error."""
        source = "\n".join(f"    {line}" for line in self.source.split("\n"))
        return f"{name}:{self.line}: this block failed\n\n{source}\n\n{self.message.rstrip()}\n"


@dataclass(frozen=True)
class Result:
    """The outputs of the blocks that ran, one each, the failure that ended the run if any, and its seconds."""

    outputs: tuple[Output, ...]
    failure: Failure | None = None
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Result":
        outputs = tuple(tuple(Part(**part) for part in output) for output in data["outputs"])
        failure = Failure(**data["failure"]) if data["failure"] else None
        return cls(outputs, failure, data["seconds"])
