"""Counting within windows, as columns before the engine: for every finding how many others like it a window that ends with it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from engine.judgement.dossier import Breach, field_of
from engine.judgement.law import Rule

Alike = dict[int, list[int]]
"""Finding of the study period → the findings that its window holds, itself among them."""


def alike(rule: Rule, breaches: Iterable[Breach], counts: Callable[[Breach], bool]) -> Alike:
    """Give the findings that each one's window holds; `counts` tells which findings are of the rule's subject."""
    assert rule.count is not None
    days, same = rule.count.within_days, rule.count.same
    groups: dict[tuple[str | int, ...], list[Breach]] = defaultdict(list)
    for breach in breaches:
        if (days or not breach.past) and counts(breach):
            groups[tuple(field_of(breach, name) for name in same)].append(breach)
    found: Alike = {}
    for members in groups.values():
        if not days:
            everyone = [breach.n for breach in members]
            found |= dict.fromkeys(everyone, everyone)
            continue
        members.sort(key=lambda breach: breach.day)
        first = last = 0
        for breach in members:
            while members[first].day <= breach.day - days:
                first += 1
            while last < len(members) and members[last].day <= breach.day:
                last += 1
            if not breach.past:
                found[breach.n] = [other.n for other in members[first:last]]
    return found
