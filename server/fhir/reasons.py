"""Why something from elsewhere cannot be taken over, and what of it is only kept in its source. All of it at once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """About which item (`""`: the questionnaire itself), and what."""

    link_id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.link_id or 'questionnaire'}: {self.reason}"


@dataclass
class Reasons:
    """`refused` keeps a questionnaire out; `kept` is in the source file beside it, and changes no question."""

    refused: list[Said] = field(default_factory=list)
    kept: list[Said] = field(default_factory=list)

    def refuse(self, link_id: str, reason: str) -> None:
        """This cannot be represented."""
        self._say(self.refused, Said(link_id, f"{reason}."))

    def keep(self, link_id: str, reason: str) -> None:
        """This is not lost, but nothing here goes by it."""
        self._say(self.kept, Said(link_id, f"{reason}."))

    @staticmethod
    def _say(where: list[Said], said: Said) -> None:
        if said not in where:
            where.append(said)
