"""Absorption around the engine: which findings it needs to hear of, and what its answer makes of the rulings.

Which finding absorbs which is decided by the engine (`grounds.ABSORPTION`), never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.judge.casefile import STRENGTH, Ruling, Unit
from engine.judge.program import Program

Groups = dict[tuple[int, str, int], list[int]]
"""Findings that share act, rule and strength absorb and are absorbed alike: (act, rule, strength) → their numbers, ascending."""


def groups(program: Program, units: Mapping[int, Unit], found: Mapping[int, Ruling]) -> Groups:
    """Give the groups that can absorb or be absorbed: those whose act another rule shares. One fact for each keeps a crowded act linear."""
    taking_part = {rule for pair in program.pairs for rule in pair}
    found_groups: Groups = {}
    rules: dict[int, set[str]] = {}
    for n, ruling in sorted(found.items()):
        unit = units[n]
        if ruling.verdict in STRENGTH and unit.rule in taking_part:
            found_groups.setdefault((unit.act, unit.rule, STRENGTH[ruling.verdict]), []).append(n)
            rules.setdefault(unit.act, set()).add(unit.rule)
    return {key: members for key, members in found_groups.items() if len(rules[key[0]]) > 1}


def facts(program: Program, groups: Groups) -> Iterator[Mapping[str, int | str]]:
    """Give the facts of absorption, each group under its first number; pairs of rules that do not stand here are left out."""
    rules = {rule for _, rule, _ in groups}
    for winner, loser in program.pairs:
        if winner in rules and loser in rules:
            yield {"kind": "pair", "winner": winner, "loser": loser}
    for (act, rule, strength), members in groups.items():
        yield {"kind": "stands", "n": members[0], "act": act, "rule": rule, "strength": strength}


def resolved(
    units: Mapping[int, Unit], found: Mapping[int, Ruling], groups: Iterable[Sequence[int]], absorbed: Mapping[int, set[int]]
) -> list[Ruling]:
    """Give the rulings in the order of `n` with absorption written in.

    `absorbed`: a group's first number → those of the groups that can speak for it. Of several, the one that stands itself, with the lowest
    rule id and number, speaks.
    """
    by: dict[int, int] = {}
    spoken: dict[int, list[int]] = {}
    for members in groups:
        free = absorbed.get(members[0], set()) - absorbed.keys()
        if free:
            speaker = min(free, key=lambda n: (units[n].rule, n))
            by |= dict.fromkeys(members, speaker)
            spoken.setdefault(speaker, []).extend(members)
    rulings = []
    for n, ruling in sorted(found.items()):
        own = tuple(sorted(spoken.get(n, ())))
        rulings.append(replace(ruling, reasons=(*ruling.reasons, "absorb") if own else ruling.reasons, absorbed=own, absorbed_by=by.get(n)))
    return rulings
