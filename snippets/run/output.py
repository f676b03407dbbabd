"""What a block gives: the parts of its output in order, and what a page's run came to."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

LIMIT = 100_000  # bytes of output a block may write


class Kind(StrEnum):
    """What a part of an output is; DATA is JSON for an explorable, published and not shown.

    CLAIM and BROKEN are an assertion of a claim that held or did not, with the values it compared in `words`.
    """

    TEXT = "text"
    VALUE = "value"
    FIGURE = "figure"
    WARNING = "warning"
    ERROR = "error"
    DATA = "data"
    CLAIM = "claim"
    BROKEN = "broken claim"


@dataclass(frozen=True)
class Part:
    """One piece of a block's output.

    `text` is what is shown, for a figure its alternative text. A figure also has its drawing (`svg`). `words` is what
    the record has of a figure (its labels and plotted numbers) and of data.
    """

    kind: Kind
    text: str
    svg: str = ""
    words: str = ""


Output = tuple[Part, ...]


def output_of(parts: list[dict[str, str]]) -> Output:
    """An output from the JSON that `asdict` makes of its parts."""
    return tuple(Part(Kind(part.pop("kind")), **part) for part in map(dict, parts))


@dataclass(frozen=True)
class Failure:
    """Why a page's run ended early: the line in the page, the block's source and what to tell its author."""

    line: int
    source: str
    message: str

    def describe(self, name: str, where: str = "") -> str:
        """The report a person reads: place, source, error; `where` is said of a run that is not the usual one."""
        source = "\n".join(f"    {line}" for line in self.source.split("\n"))
        return f"{name}:{self.line}: this block failed{where}\n\n{source}\n\n{self.message.rstrip()}\n"


@dataclass(frozen=True)
class Result:
    """The outputs of the blocks that ran, one each, and the failure that ended the run if any.

    `seconds` is the processor time that the blocks took, `made` when (UTC, ISO 8601), `versions` with which packages.
    """

    outputs: tuple[Output, ...]
    failure: Failure | None = None
    seconds: float = 0.0
    made: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Result":
        outputs = tuple(output_of(output) for output in data["outputs"])
        failure = Failure(**data["failure"]) if data["failure"] else None
        return cls(outputs, failure, data["seconds"], data["made"], data["versions"])
