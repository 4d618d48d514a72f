"""What only the operator can mend: said in words, without a traceback."""

from __future__ import annotations

from collections.abc import Sequence


class OperatorError(Exception):
    """Stops a command; `title` says what is wrong, `faults` each thing to mend."""

    title = "Loket cannot go on:"

    @property
    def faults(self) -> Sequence[object]:
        return (self,)
