"""Random programs and case files, small enough that their instants meet, and rich enough that every ground occurs."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.judge.casefile import CaseFile, Outage, Remark, Unit
from engine.judge.program import Program

RULES = ("a", "b", "c", "d")
instants = st.integers(1, 12)
maybe = st.one_of(st.just(0), instants)
answers = st.sampled_from(["violation", "violation", "notice", "review", "ignore"])
mostly = st.sampled_from([0, 0, 0, 1])
named = st.sampled_from([-1, 0, 1])


@st.composite
def units(draw: st.DrawFn, n: int) -> Unit:
    ban = draw(st.booleans())
    done = draw(instants if ban else maybe)
    limit = draw(st.sampled_from([0, 0, 2, 4, 8]) if ban else instants)
    return Unit(
        n=n,
        rule=draw(st.sampled_from(RULES)),
        ban=ban,
        act=draw(st.sampled_from([1, 1, 2])),
        opens=draw(maybe),
        limit=limit,
        due=draw(st.sampled_from([limit, max(limit - 1, 0)])),
        former=draw(maybe),
        done=done,
        low=draw(st.one_of(st.just(done), st.integers(1, done))) if done else 0,
        late=draw(answers),
        missing=draw(answers),
        early=draw(answers),
        status=draw(st.sampled_from(["late", "forbidden", "mismatch"])),
        lesson=draw(named),
        student=draw(named),
        person=draw(mostly),
        actor_known=draw(st.booleans()),
        edit=ban and draw(st.sampled_from([True, True, False])),
        assumed=draw(st.booleans()),
    )


@st.composite
def outages(draw: st.DrawFn) -> Outage:
    begins = draw(instants)
    ends = draw(st.integers(begins, 12))
    return Outage(begins, ends, draw(st.integers(ends, 14)))


@st.composite
def remarks(draw: st.DrawFn) -> Remark:
    issued = draw(st.integers(1, 6))
    return Remark(draw(mostly), draw(named), draw(named), issued, draw(st.sampled_from([issued, 9, 14])))


@st.composite
def case_files(draw: st.DrawFn) -> CaseFile:
    size = draw(st.integers(1, 10))
    return CaseFile(
        "t-1",
        "Q1",
        draw(instants),
        tuple(draw(units(n)) for n in range(size)),
        tuple(draw(st.lists(outages(), max_size=3))),
        tuple(draw(st.lists(remarks(), max_size=4))),
    )


@st.composite
def programs(draw: st.DrawFn) -> Program:
    # Only earlier rules of a random order absorb later ones, so that no rule absorbs itself; the whole chain often stands.
    order = draw(st.permutations(RULES))
    chain = draw(st.sampled_from([(), ((0, 1), (1, 2), (2, 3))]))
    more = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: pair[0] < pair[1])
    pairs = {*chain, *draw(st.sets(more, max_size=3))}
    return Program.of({rule: [order[loser] for winner, loser in sorted(pairs) if order[winner] == rule] for rule in RULES})
