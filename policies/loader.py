"""Loading a school's folder: profile, versions of the policy, all errors at once with file, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from ingest.wording import _
from policies.bundle import Bundle, Contradiction, InForce, Parameter, Policies, Regulation, SchoolProfile
from policies.judgement_loader import Placed, check_judgement, read_judgement
from policies.modelling import Reader
from policies.positions import Document, Path_, PolicyError, Problem, Value, read_document
from policies.register import ATTESTED
from policies.register_loader import Registered, read_register, unknown_clause
from policies.scoring import Scoring
from policies.translation import nearest
from rules.norm import Norm
from rules.registry import families
from rules.vocabulary import Readings, Vocabulary

COMMON = Path(__file__).resolve().parent
_KEYS = (
    "school", "regulation", "in_force", "extends", "vocabulary", "readings", "scoring", "parameters", "contradictions", "rules",
    "judgement",
)  # fmt: skip
_MERGED: dict[str, type[BaseModel]] = {"vocabulary": Vocabulary, "readings": Readings, "scoring": Scoring}
"""What a file takes over from those it extends, key by key."""
_INHERITED = ("extends", *_MERGED, "judgement")


@dataclass
class _Reader(Reader):
    """Collects the problems of one bundle while its parts are made."""

    root: Path = COMMON
    clauses: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)


def load_school(schools_dir: Path, slug: str) -> tuple[SchoolProfile, Policies]:
    """Give a school's profile and all versions of its policy; raises PolicyError with every problem found in its folder."""
    folder = schools_dir / slug
    if not (folder / "school.yaml").exists():
        known = sorted(path.parent.name for path in schools_dir.glob("*/school.yaml"))
        message = _("школы «{slug}» нет{near} Есть: {known}.").format(
            slug=slug, near=nearest(slug, known) or ".", known=", ".join(known) or "—"
        )
        raise PolicyError([Problem(str(schools_dir), 1, 1, message)])
    registered = read_register(folder, schools_dir.parent)
    reader = _Reader(list(registered.problems), schools_dir.parent, registered.known)
    document = read_document(folder / "school.yaml", _shown(folder / "school.yaml", schools_dir.parent))
    reader.problems.extend(document.problems)
    profile = reader.model(SchoolProfile, document, document.data, ())
    if profile and profile.school != slug:
        reader.problems.append(
            document.problem(("school",), _("здесь «{found}», а папка называется «{slug}»").format(found=profile.school, slug=slug))
        )
    bundles = []
    for path in sorted((folder / "policy").glob("*.yaml")):
        bundle, problems = _bundle(path, schools_dir.parent, reader.clauses)
        reader.problems.extend(problems)
        if bundle:
            bundles.append((_with_attestations(bundle, registered), path))
            reader.problems.extend(_misplaced(bundle, path, slug, schools_dir.parent))
    if not list((folder / "policy").glob("*.yaml")):
        reader.problems.append(
            Problem(_shown(folder / "policy", schools_dir.parent), 1, 1, _("нет ни одного файла положения вида 2024-09-01.yaml"))
        )
    bundles.sort(key=lambda pair: pair[0].in_force.from_)
    reader.problems.extend(_overlaps(bundles, schools_dir.parent))
    if reader.problems or profile is None:
        raise PolicyError(reader.problems)
    return profile, Policies([bundle for bundle, _path in bundles], registered.register)


def load_bundle(path: Path) -> Bundle:
    """Give one version from its file alone (clauses are not checked); raises PolicyError."""
    bundle, problems = _bundle(path, path.parent, frozenset())
    if problems or bundle is None:
        raise PolicyError(problems)
    return bundle


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _with_attestations(bundle: Bundle, registered: Registered) -> Bundle:
    """The bundle with a rule for each clause that a person confirms."""
    return bundle.model_copy(update={"rules": (*bundle.rules, *registered.register.attestations(bundle.in_force.from_))})


def _bundle(path: Path, root: Path, clauses: frozenset[str]) -> tuple[Bundle | None, list[Problem]]:
    reader = _Reader([], root, clauses)
    try:
        document = read_document(path, _shown(path, root))
    except PolicyError as error:
        return None, error.problems
    reader.problems.extend(document.problems)
    data = document.data
    if not isinstance(data, dict):
        return None, [document.problem((), _("наверху файла должны стоять ключи: {keys}").format(keys=", ".join(_KEYS)))]
    for key in data:
        if key not in _KEYS:
            message = _("неизвестный ключ «{key}»{near} Здесь бывают: {keys}.").format(
                key=key, near=nearest(key, _KEYS) or ".", keys=", ".join(_KEYS)
            )
            reader.problems.append(document.problem((key,), message, key=True))
    for key in ("school", "regulation", "in_force", "rules"):
        if key not in data:
            reader.problems.append(document.problem((), _("нет обязательного ключа «{key}»").format(key=key)))
    inherited, reasoning = _inherited(reader, document, data, path, [])
    vocabulary = reader.model(Vocabulary, document, _merged(inherited.get("vocabulary"), data.get("vocabulary")), ("vocabulary",))
    readings = reader.model(Readings, document, _merged(inherited.get("readings"), data.get("readings")), ("readings",))
    scoring = reader.model(Scoring, document, _merged(inherited.get("scoring"), data.get("scoring")), ("scoring",))
    parameters = _parameters(reader, document, data.get("parameters"))
    rules = _rules(reader, document, data.get("rules"), parameters)
    judgement = read_judgement(
        reader, document, _filled(reader, document, data.get("judgement"), ("judgement",), parameters, []), reasoning
    )
    check_judgement(reader, judgement, {norm.id for norm in rules} if not reader.problems else ())
    contradictions = _contradictions(reader, document, data.get("contradictions"))
    regulation = reader.model(Regulation, document, data.get("regulation"), ("regulation",)) if "regulation" in data else None
    in_force = reader.model(InForce, document, data.get("in_force"), ("in_force",)) if "in_force" in data else None
    _check_period(reader, document, in_force)
    for name in sorted(set(parameters) - reader.used):
        reader.problems.append(
            document.problem(("parameters", name), _("параметр «{name}» ни в одном правиле не назван").format(name=name), key=True)
        )
    if reader.problems or vocabulary is None or readings is None or scoring is None or regulation is None or in_force is None:
        return None, reader.problems
    school = document.raw.get(("school",), str(data.get("school")))
    return Bundle(
        school=school,
        regulation=regulation,
        in_force=in_force,
        vocabulary=vocabulary,
        readings=readings,
        scoring=scoring,
        judgement=tuple(placed.rule for placed in judgement),
        parameters=parameters,
        rules=tuple(rules),
        contradictions=tuple(contradictions),
    ), []


def _contradictions(reader: _Reader, document: Document, data: Value) -> list[Contradiction]:
    found = []
    if data is not None and not isinstance(data, list):
        reader.problems.append(document.problem(("contradictions",), _("«contradictions»: нужен список")))
    for place, item in enumerate(data if isinstance(data, list) else []):
        path: Path_ = ("contradictions", place)
        contradiction = reader.model(Contradiction, document, item, path)
        if contradiction:
            found.append(contradiction)
            for at, clause in enumerate(contradiction.clauses):
                _check_clause(reader, document, clause, (*path, "clauses", at))
    return found


def _check_clause(reader: _Reader, document: Document, clause: str, path: Path_) -> None:
    if reader.clauses and clause not in reader.clauses:
        message = _("пункта «{clause}» в списке пунктов школы нет{near}").format(clause=clause, near=nearest(clause, reader.clauses))
        reader.problems.append(document.problem(path, message))


def _check_period(reader: _Reader, document: Document, in_force: InForce | None) -> None:
    if in_force and in_force.to and in_force.to < in_force.from_:
        message = _("положение кончает действовать ({to}) раньше, чем начинает ({starts})").format(to=in_force.to, starts=in_force.from_)
        reader.problems.append(document.problem(("in_force", "to"), message))


def _inherited(
    reader: _Reader, document: Document, data: Mapping[str, Value], path: Path, chain: list[Path]
) -> tuple[dict[str, Value], list[Placed]]:
    """What the extended files give: words, readings, scoring and rules of judgement, the later file over the earlier; never norms."""
    found: dict[str, Value] = {}
    reasoning: list[Placed] = []
    names = data.get("extends") or []
    if not isinstance(names, list):
        reader.problems.append(document.problem(("extends",), _("«extends»: нужен список в квадратных скобках")))
        return found, reasoning
    for place, name in enumerate(names):
        file = (COMMON / f"{name}.yaml").resolve()
        if not file.exists():
            file = (path.parent / f"{name}.yaml").resolve()
        if file in [*chain, path.resolve()]:
            circle = " → ".join(p.name for p in [*chain, path, file])
            reader.problems.append(document.problem(("extends", place), _("наследование по кругу: {circle}").format(circle=circle)))
            continue
        try:
            parent = read_document(file, _shown(file, reader.root))
        except PolicyError as error:
            message = _("файл наследования «{name}» не читается: {reason}").format(name=name, reason=error.problems[0].message)
            reader.problems.append(document.problem(("extends", place), message))
            continue
        reader.problems.extend(parent.problems)
        if not isinstance(parent.data, dict):
            reader.problems.append(parent.problem((), _("наверху файла должны стоять ключи: {keys}").format(keys=", ".join(_INHERITED))))
            continue
        for key in parent.data:
            if key not in _INHERITED:
                reader.problems.append(
                    parent.problem(
                        (key,),
                        _("«{key}» не наследуется: нормы у каждой школы свои, общими бывают слова, баллы и выводы").format(key=key),
                        key=True,
                    )
                )
        above, rules_above = _inherited(reader, parent, parent.data, file, [*chain, path.resolve()])
        for key, model in _MERGED.items():
            if key in parent.data:
                reader.model(model, parent, parent.data[key], (key,))
            found[key] = _merged(found.get(key), _merged(above.get(key), parent.data.get(key)))
        rules_here = read_judgement(reader, parent, parent.data.get("judgement"), rules_above)
        given = {placed.rule.id for placed in rules_here}
        reasoning = [*(placed for placed in reasoning if placed.rule.id not in given), *rules_here]
    return found, reasoning


def _merged(below: Value, above: Value) -> Value:
    """Mappings are merged key by key, anything else is replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: _merged(below.get(key), value) for key, value in above.items()}}
    if above is not None:
        return above
    return below if below is not None else {}


def _parameters(reader: _Reader, document: Document, data: Value) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    if data is None:
        return found
    if not isinstance(data, dict):
        reader.problems.append(document.problem(("parameters",), _("«parameters»: нужны вложенные ключи")))
        return found
    for name, value in data.items():
        parameter = reader.model(Parameter, document, value, ("parameters", name))
        if parameter:
            found[name] = parameter
            if parameter.assumed and not parameter.why:
                message = _("параметр «{name}» допущен (assumed), но не сказано, почему (why)").format(name=name)
                reader.problems.append(document.problem(("parameters", name), message, key=True))
    return found


def _rules(reader: _Reader, document: Document, data: Value, parameters: Mapping[str, Parameter]) -> list[Norm]:
    found: list[Norm] = []
    if data is None:
        return found
    if not isinstance(data, list):
        reader.problems.append(document.problem(("rules",), _("«rules»: нужен список правил")))
        return found
    places: dict[str, int] = {}
    for place, item in enumerate(data):
        norm = _rule(reader, document, item, ("rules", place), parameters)
        if norm is None:
            continue
        if norm.id in places:
            first = document.values["rules", places[norm.id]][0]
            reader.problems.append(
                document.problem(("rules", place, "id"), _("правило «{id}» уже есть в строке {line}").format(id=norm.id, line=first))
            )
        places.setdefault(norm.id, place)
        found.append(norm)
    _check_references(reader, document, found, places)
    return found


def _rule(reader: _Reader, document: Document, item: Value, path: Path_, parameters: Mapping[str, Parameter]) -> Norm | None:
    if not isinstance(item, dict):
        reader.problems.append(document.problem(path, _("правило записывается ключами (id, title, clause, family, …)")))
        return None
    name = str(item.get("family", ""))
    if name not in families():
        known = ", ".join(sorted(families()))
        message = _("семейства правил «{name}» нет{near} Есть: {known}.").format(
            name=name, near=nearest(name, families()) or ".", known=known
        )
        reader.problems.append(document.problem((*path, "family"), message))
        return None
    if "assumed" in item:
        message = _("«assumed» пишется у параметра, а не у правила")
        reader.problems.append(document.problem((*path, "assumed"), message, key=True))
        return None
    assumed: list[str] = []
    filled = _filled(reader, document, item, path, parameters, assumed)
    norm = reader.model(families()[name], document, filled, path)
    if norm is None:
        return None
    if norm.id.startswith(ATTESTED):
        message = _("имена на «{prefix}» заняты: такие правила даёт список пунктов (attested)").format(prefix=ATTESTED)
        reader.problems.append(document.problem((*path, "id"), message))
    for clause_path, clause in _clauses(norm):
        if reader.clauses and clause not in reader.clauses:
            reader.problems.append(document.problem((*path, *clause_path), unknown_clause(clause, reader.clauses)))
    assumed += [norm.assumed_because] if norm.assumed_because else []
    return norm.model_copy(update={"assumed": tuple(assumed)}) if assumed else norm


def _clauses(norm: Norm) -> list[tuple[Path_, str]]:
    lists = [(key, getattr(norm, key)) for key in ("also", "also_late", "applies")]
    return [(("clause",), norm.clause), *(((key, place), clause) for key, clauses in lists for place, clause in enumerate(clauses))]


def _filled(
    reader: _Reader, document: Document, data: Value, path: Path_, parameters: Mapping[str, Parameter], assumed: list[str]
) -> Value:
    """The data with every `{parameter: NAME}` replaced by the parameter's value."""
    if isinstance(data, dict):
        if set(data) == {"parameter"}:
            name = str(data["parameter"])
            reader.used.add(name)
            if name not in parameters:
                message = _("параметра «{name}» нет{near}").format(name=name, near=nearest(name, parameters))
                reader.problems.append(document.problem((*path, "parameter"), message))
                return 1
            parameter = parameters[name]
            if parameter.assumed:
                assumed.append(f"{parameter.value} {parameter.unit} — {parameter.why}")
            return parameter.value
        return {key: _filled(reader, document, value, (*path, key), parameters, assumed) for key, value in data.items()}
    if isinstance(data, list):
        return [_filled(reader, document, value, (*path, place), parameters, assumed) for place, value in enumerate(data)]
    return data


def _check_references(reader: _Reader, document: Document, rules: list[Norm], places: Mapping[str, int]) -> None:
    absorbs = {norm.id: norm.absorbs for norm in rules}
    for norm in rules:
        for key in ("absorbs", "terms_of"):
            for place, name in enumerate(getattr(norm, key, ())):
                if name not in places:
                    message = _("«{key}»: правила «{name}» нет{near}").format(key=key, name=name, near=nearest(name, places))
                    reader.problems.append(document.problem(("rules", places[norm.id], key, place), message))
        if _reaches(norm.id, norm.id, absorbs, set()):
            message = _("«absorbs»: правило «{id}» по кругу поглощает само себя").format(id=norm.id)
            reader.problems.append(document.problem(("rules", places[norm.id], "absorbs"), message))


def _reaches(start: str, goal: str, absorbs: Mapping[str, tuple[str, ...]], seen: set[str]) -> bool:
    for following in absorbs.get(start, ()):
        if following == goal:
            return True
        if following not in seen:
            seen.add(following)
            if _reaches(following, goal, absorbs, seen):
                return True
    return False


def _misplaced(bundle: Bundle, path: Path, slug: str, root: Path) -> list[Problem]:
    document = read_document(path, _shown(path, root))
    problems = []
    if bundle.school != slug:
        message = _("здесь школа «{found}», а папка называется «{slug}»").format(found=bundle.school, slug=slug)
        problems.append(document.problem(("school",), message))
    if path.stem != bundle.version:
        message = _("файл называется {name}, а действует положение с {version}: они должны совпадать").format(
            name=path.name, version=bundle.version
        )
        problems.append(document.problem(("in_force", "from"), message))
    return problems


def _overlaps(bundles: list[tuple[Bundle, Path]], root: Path) -> list[Problem]:
    """Two versions in force on one day: an earlier one that names a last day on or after the next one's first."""
    problems = []
    for (earlier, _first), (later, path) in zip(bundles, bundles[1:], strict=False):
        ends: date | None = earlier.in_force.to
        if earlier.in_force.from_ == later.in_force.from_ or (ends is not None and ends >= later.in_force.from_):
            document = read_document(path, _shown(path, root))
            message = _("{day} действуют сразу два положения: с {first} и с {second}").format(
                day=later.version, first=earlier.version, second=later.version
            )
            problems.append(document.problem(("in_force", "from"), message))
    return problems
