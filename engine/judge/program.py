"""What is compiled from a bundle for the judges: which rule speaks for which others when one act breaks them all.

Further reasoning of a bundle (what a judge concludes from several findings) joins `Program` as fields of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.errors import UserError
from ingest.wording import _


@dataclass(frozen=True)
class Program:
    """`pairs`: (winner, loser) rule ids, transitively closed and sorted; `rules`: the ids of all rules, sorted."""

    pairs: tuple[tuple[str, str], ...]
    rules: tuple[str, ...] = ()

    @staticmethod
    def of(absorbs: Mapping[str, Iterable[str]]) -> Program:
        """Give the program of `absorbs` (rule → rules it speaks for); raises UserError when a rule would speak for itself."""
        direct = {rule: tuple(sorted(set(losers))) for rule, losers in sorted(absorbs.items())}
        pairs = sorted((winner, loser) for winner in direct for loser in _below(winner, direct))
        named = {rule for losers in direct.values() for rule in losers}
        return Program(tuple(pairs), tuple(sorted(named | direct.keys())))

    @property
    def key(self) -> str:
        """The sha256 of the content, in hex: equal programs have equal keys in every process."""
        return hashlib.sha256(json.dumps([self.rules, self.pairs]).encode()).hexdigest()


def _below(winner: str, direct: Mapping[str, tuple[str, ...]]) -> set[str]:
    """All rules that `winner` speaks for, directly or through others; the way to each is kept for the error."""
    ways: dict[str, tuple[str, ...]] = {}
    open_ways: list[tuple[str, ...]] = [(winner,)]
    while open_ways:
        way = open_ways.pop()
        for loser in direct.get(way[-1], ()):
            if loser == winner:
                circle = " → ".join((*way, loser))
                raise UserError(_("Правила по кругу поглощают друг друга: {circle}").format(circle=circle))
            if loser not in ways:
                ways[loser] = (*way, loser)
                open_ways.append(ways[loser])
    return set(ways)
