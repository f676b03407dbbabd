"""The claims of a page as they were held under other seeds, and how that is said."""

Runs = dict[str, str]  # what a claim compared, by the name of the run; the first is the page as written
Claimed = list[tuple[str, Runs]]  # the wording and the runs of each claim of a block
Claims = dict[int, Claimed]  # by the index of the block


def runs_of(claims: Claims) -> list[Runs]:
    """The runs of each claim of a page."""
    return [runs for claimed in claims.values() for _, runs in claimed]


def other_seeds(runs: Runs) -> int:
    """Under how many other seeds a claim was held."""
    return len(runs) - 1


def held_under(runs: Runs) -> str:
    """The same in words."""
    seeds = other_seeds(runs)
    return f"held under {seeds} other seed{'s' * (seeds != 1)}"
