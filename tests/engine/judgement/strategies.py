"""Random laws and dossiers, small enough that their facts meet, and rich enough that every kind of condition occurs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from engine.judgement.dossier import DEEDS, Breach, Cover, Decided, Deed, Dossier, History, Warned
from engine.judgement.law import ADVERSE, LEVELS, OF_FINDINGS, SHARED, Comparison, Count, Law, Pattern, Rule, Tie

STATES = ("open", "notified", "explained", "disputed", "upheld", "excused", "withdrawn", "remedied")
TEXTS: dict[str, dict[str, tuple[str, ...]]] = {
    "finding": {
        "rule": ("a", "b"), "verdict": ("violation", "notice"), "state": STATES, "severity": LEVELS, "status": ("late", "missing"),
        "waived": ("yes", "no"), "class": ("8А", "9Б", ""), "role": ("teacher",),
    },
    "remark": {"state": ("open", "met", "late", "unmet")},
    "decision": {"kind": ("bonus", "discipline"), "measure": ("reprimand", "")},
    "conclusion": {"concludes": tuple(sorted(ADVERSE | OF_FINDINGS)), "judgement": ("r0", "r1", "r2")},
    "totals": {},
}  # fmt: skip
NUMBERS = {"finding": ("days_late", "days_ago"), "remark": ("days_open", "days_overdue"), "totals": ("obligations",)}
small = st.integers(0, 4)
CONCLUDES = ("repetition", "systematic", "severity", "severity", "exempt", "eligible", "ineligible", "candidate")


@st.composite
def tests(draw: st.DrawFn, kind: str) -> Comparison:
    numeric = NUMBERS.get(kind, ())
    field = draw(st.sampled_from([*TEXTS[kind], *numeric]))
    if field in numeric:
        return Comparison(field, draw(st.sampled_from(["is", "is_not", "at_least", "at_most"])), (draw(small),))
    operator = draw(st.sampled_from(["is", "is_not", "one_of"]))
    values = draw(st.lists(st.sampled_from(TEXTS[kind][field]), min_size=1, max_size=3 if operator == "one_of" else 1))
    return Comparison(field, operator, tuple(values))


@st.composite
def patterns(draw: st.DrawFn, kind: str) -> Pattern:
    against = kind == "finding" and draw(st.booleans())
    return Pattern(kind, tuple(draw(st.lists(tests(kind), max_size=2))), against)


@st.composite
def ties(draw: st.DrawFn, subject: str, *, first: bool) -> Tie:
    kind = draw(st.sampled_from(["finding", "remark", "decision", "totals", *([] if first else ["conclusion", "conclusion"])]))
    common = [field for field in SHARED[subject] if field in SHARED[kind]]
    fields = draw(st.lists(st.sampled_from(common), max_size=2, unique=True)) if common else []
    split = draw(st.integers(0, len(fields)))
    return Tie(draw(patterns(kind)), tuple(fields[:split]), tuple(fields[split:]), draw(st.booleans()))


@st.composite
def rules(draw: st.DrawFn, place: int) -> Rule:
    concludes = draw(st.sampled_from(CONCLUDES))
    single = concludes in OF_FINDINGS
    kinds = ["finding"] if single else ["finding", "finding", "remark", "totals", *(["conclusion"] if place else [])]
    kind = draw(st.sampled_from(kinds))
    shared = st.lists(st.sampled_from(["rule", "class", "severity"]), max_size=2, unique=True).map(tuple)
    count = st.none() | st.builds(Count, st.integers(1, 3), st.sampled_from([0, 1, 3, 5]), shared)
    return Rule(
        f"r{place}",
        concludes,
        draw(patterns(kind)),
        draw(st.sampled_from(["raise", "lower", *LEVELS])) if concludes == "severity" else "",
        draw(count) if kind == "finding" else None,
        tuple(draw(st.lists(ties(kind, first=not place), max_size=2))),
    )


@st.composite
def laws(draw: st.DrawFn) -> Law:
    made = [draw(rules(place)) for place in range(draw(st.integers(0, 4)))]
    last = max((place for place, rule in enumerate(made) if rule.concludes in OF_FINDINGS), default=-1)
    return Law.of(tuple(replace(rule, late=place > last) for place, rule in enumerate(made)))


@st.composite
def breaches(draw: st.DrawFn, n: int, *, past: bool) -> Breach:
    names = ("rule", "verdict", "status", "severity", "role", "class")
    texts = {field: draw(st.sampled_from(TEXTS["finding"][field])) for field in names}
    return Breach(
        n=n, past=past, day=draw(st.integers(-3, 0) if past else st.integers(1, 6)), done=draw(small), clause="1",
        class_=texts.pop("class"), subject="", lesson=draw(st.sampled_from(["", "L-1", "L-2"])),
        days_late=draw(small), days_ago=draw(small), **texts,
    )  # fmt: skip


OWN = st.sampled_from([False, False, True])


@st.composite
def dossiers(draw: st.DrawFn, *, first: int = 0, past: Sequence[Breach] = (), period: str = "0") -> Dossier:
    own = [draw(breaches(n, past=False)) for n in range(first, first + draw(st.integers(0, 6)))]
    which = st.sampled_from([breach.n for breach in own] or [0])
    about = st.one_of(which, st.just(-1))
    acts, waivers = (draw(st.integers(0, 6)), draw(st.integers(0, 2))) if own else (0, 0)
    states, lessons = st.sampled_from(TEXTS["remark"]["state"]), st.sampled_from(["", "L-1"])
    kinds, measures = (st.sampled_from(TEXTS["decision"][name]) for name in ("kind", "measure"))
    spans = [(draw(st.integers(0, 3)), draw(st.integers(2, 6))) for _ in range(waivers)]
    return Dossier(
        person=draw(st.sampled_from(["t-1", "t-1", "t-1", ""])),
        period=period,
        breaches=(*own, *past),
        deeds=tuple(Deed(draw(which), draw(st.sampled_from(DEEDS)), draw(small), order, draw(OWN)) for order in range(acts)),
        covers=tuple(Cover(draw(which), draw(small), starts, ends, draw(OWN)) for starts, ends in spans),
        remarks=tuple(
            Warned(n, draw(states), draw(small), draw(small), draw(about), draw(lessons)) for n in range(draw(st.integers(0, 2)))
        ),
        decisions=tuple(Decided(n, draw(kinds), draw(measures), draw(about)) for n in range(draw(st.integers(0, 2)))),
        obligations=draw(small),
    )


@st.composite
def histories(draw: st.DrawFn) -> History:
    """One or two dossiers of one person; the second counts the findings of the first."""
    first = draw(dossiers())
    if draw(st.booleans()):
        return History(first.person, (first,))
    past = [replace(breach, past=True, day=breach.day - 6) for breach in first.breaches]
    second = replace(draw(dossiers(first=len(past), past=past, period="1")), person=first.person)
    return History(first.person, (first, second))
