"""What the demonstration shows: a line a step, a bar a cycle, a table at the end; a terminal is optional."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo.leavers import Group

NAMES_SHOWN = 2
PROBLEMS_SHOWN = 12


class Screen:
    """Writes to the terminal; everything from outside is escaped, display names included."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)

    def title(self, text: str) -> None:
        self._console.print(f"\n[bold]{escape(text)}[/]")

    def done(self, text: str) -> None:
        self._console.print(f"  [green]✓[/] {escape(text)}", soft_wrap=True)

    def error(self, text: str) -> None:
        self._console.print(f"  [red]✗ {escape(text)}[/]", soft_wrap=True)

    def check(self, text: str, wrong: Sequence[str]) -> None:
        """Print `text` with a tick, or with a cross and what is wrong."""
        if not wrong:
            self.done(text)
            return
        self.error(text)
        for problem in wrong[:PROBLEMS_SHOWN]:
            self._console.print(f"      [red]{escape(problem)}[/]", soft_wrap=True)
        if len(wrong) > PROBLEMS_SHOWN:
            self._console.print(f"      [red]… and {len(wrong) - PROBLEMS_SHOWN} more[/]")

    @contextmanager
    def bar(self, text: str) -> Iterator[Callable[[int, int], None]]:
        """Show a progress bar; yields the function to call with (done, total)."""
        columns = (
            TextColumn("    {task.description:<20}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(text, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """Show ``text`` for as long as something takes, on a terminal only."""
        with self._console.status(f"  {escape(text)}"):
            yield

    def table(self, title: str, rows: Sequence[tuple[str, list[tuple[str, int, int]]]]) -> None:
        """Print counts, if there are any: a row an organization, each cell what was got and expected."""
        if not rows:
            return
        table = Table(title=f"{title} (got/expected)", title_justify="left", box=SIMPLE_HEAD)
        table.add_column("Organization")
        for column, _got, _expected in rows[0][1]:
            table.add_column(column.capitalize(), justify="right")
        for name, cells in rows:
            table.add_row(escape(name), *(cell(got, expected) for _, got, expected in cells))
        self._console.print()
        self._console.print(table)

    def leavers(self, organization: str, groups: Sequence[Group]) -> None:
        """Print an organization's runs, those that stand alike in one line, cut at the screen's width."""
        self._console.print(f"  [bold]{escape(organization)}[/]")
        for group in groups:
            due = f"next step due {group.due}" if group.due else "nothing left to do"
            names = ", ".join(name.partition("@")[0] for name in group.people[:NAMES_SHOWN])
            more = ", …" if len(group.people) > NAMES_SHOWN else ""
            facts = f"{len(group.people):>6} {group.trigger:<10} {f'{group.state}, {due}':<36}"
            line = f"{escape(facts)} [dim]{escape(names + more)}[/]"
            self._console.print(line, no_wrap=True, overflow="ellipsis")

    def address(self, label: str, url: str) -> None:
        """Print a URL on a line of its own, never wrapped, so that it can be copied."""
        self._console.print(f"  {escape(label):<28} {escape(url)}", soft_wrap=True)

    def line(self, text: str) -> None:
        self._console.print(f"\n{escape(text)}", soft_wrap=True)


def cell(got: int, expected: int) -> str:
    """Return a table cell: green `got/expected`, red where the two differ."""
    return f"[{'green' if got == expected else 'bold red'}]{got}/{expected}[/]"
