"""What was expected beside what was seen, printed line by line."""

from dataclasses import dataclass, field


@dataclass
class Table:
    """Counts lines that are not as expected."""

    differences: int = field(default=0)
    lines: int = field(default=0)

    def title(self, text: str) -> None:
        """Begin a part."""
        print(f"\n{text}", flush=True)

    def line(self, what: str, expected: object, seen: object, seconds: float | None = None) -> None:
        """Print one comparison. ``seconds``: from the request to this effect."""
        same = expected == seen
        self.lines += 1
        self.differences += not same
        after = "" if seconds is None else f"{seconds:8.2f} s"
        print(
            f"  {'ok ' if same else 'NOT'} {what:<52} {str(expected):<24} {str(seen):<24}{after}", flush=True
        )

    def verdict(self) -> int:
        """Print the result; return the exit code."""
        said = f"{self.differences} differ" if self.differences else "all as expected"
        print(f"\n{self.lines} lines, {said}.", flush=True)
        return 1 if self.differences else 0
