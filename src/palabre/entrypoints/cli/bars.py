"""Progress bars for long work, on the error output so that results can be piped."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


class Bars:
    """One bar for each part of the work: `bars("posts", 50, 3000)`."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:>12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._shown = Progress(*columns, console=Console(stderr=True))
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, failure: object = None, *_: object) -> None:
        if failure is None:  # what was counted in whole MB, or not at all, ends full, too
            for task in self._shown.tasks:
                whole = max(task.total or 0, task.completed, 1)
                self._shown.update(task.id, completed=whole, total=whole)
        self._shown.stop()

    def __call__(self, part: str, done: int, total: int) -> None:
        if not self._bars:
            self._shown.start()
        if part not in self._bars:
            self._bars[part] = self._shown.add_task(part, total=total)
        self._shown.update(self._bars[part], completed=done, total=total)


class PassingBars:
    """The same for work that comes up now and then: shown only meanwhile."""

    def __init__(self) -> None:
        self._bars: Bars | None = None

    def __call__(self, part: str, done: int, total: int) -> None:
        if self._bars is None and done >= total:
            return
        if self._bars is None:
            self._bars = Bars().__enter__()
        self._bars(part, done, total)
        if done >= total:
            self.stop()

    def stop(self) -> None:
        if self._bars:
            self._bars.__exit__()
            self._bars = None
