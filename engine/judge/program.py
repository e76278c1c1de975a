"""What is compiled from a bundle for the judges: which rule speaks for which others when one act breaks them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.judge.casefile import STRENGTH, JudgeFault, Ruling

if TYPE_CHECKING:
    from engine.judge.casefile import CaseFile


@dataclass(frozen=True)
class Program:
    """`pairs`: (winner, loser) rule ids, transitively closed and sorted."""

    pairs: tuple[tuple[str, str], ...]

    @staticmethod
    def of(absorbs: Mapping[str, Iterable[str]]) -> Program:
        """Give the program of `absorbs` (rule → rules it speaks for); raises JudgeFault when a rule would speak for itself."""
        closed = {rule: set(losers) for rule, losers in absorbs.items()}
        changed = True
        while changed:
            changed = False
            for losers in closed.values():
                more = {further for loser in losers for further in closed.get(loser, ())} - losers
                if more:
                    losers.update(more)
                    changed = True
        for rule, losers in closed.items():
            if rule in losers:
                raise JudgeFault(f"rule {rule} absorbs itself")
        return Program(tuple(sorted((winner, loser) for winner, losers in closed.items() for loser in losers)))

    @property
    def rules(self) -> frozenset[str]:
        """The rules that take part in any absorption."""
        return frozenset(rule for pair in self.pairs for rule in pair)


def resolved(file: CaseFile, found: Mapping[int, Ruling], absorbed: Mapping[int, set[int]]) -> list[Ruling]:
    """Give the rulings in the order of `n` with absorption written in; `absorbed`: loser → the units that can speak for it.

    Of several, the one that stands itself, with the lowest rule id and number, speaks.
    """
    rule_of = {unit.n: unit.rule for unit in file.units}
    spoken: dict[int, list[int]] = {}
    by: dict[int, int] = {}
    for loser, winners in absorbed.items():
        by[loser] = min((n for n in winners if n not in absorbed), key=lambda n: (rule_of[n], n))
        spoken.setdefault(by[loser], []).append(loser)
    rulings = []
    for n in sorted(found):
        ruling = found[n]
        own = tuple(sorted(spoken.get(n, ())))
        reasons = (*ruling.reasons, "absorb") if own else ruling.reasons
        rulings.append(Ruling(n, ruling.verdict, ruling.status, ruling.due, reasons, own, by.get(n)))
    return rulings


def shared_acts(file: CaseFile, found: Mapping[int, Ruling], program: Program) -> list[Ruling]:
    """Give the findings whose act another rule's finding shares, and which therefore can absorb or be absorbed, in the order of `n`."""
    unit = {item.n: item for item in file.units}
    rules: dict[int, set[str]] = {}
    standing = [ruling for n, ruling in sorted(found.items()) if ruling.verdict in STRENGTH and unit[n].rule in program.rules]
    for ruling in standing:
        rules.setdefault(unit[ruling.n].act, set()).add(unit[ruling.n].rule)
    return [ruling for ruling in standing if len(rules[unit[ruling.n].act]) > 1]
