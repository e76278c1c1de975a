"""The `zavuch` command line. Heavy imports wait until a command needs them, so that `--help` is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from engine.judge.casefile import JudgeFault
from ingest.errors import UserError, reason_of
from ingest.wording import _

app = typer.Typer(no_args_is_help=True, add_completion=False, help=_("Завуч: проверка электронного журнала по положению школы."))
policy_app = typer.Typer(no_args_is_help=True, help=_("Положения школ: схема для редактора, проверка файлов."))
app.add_typer(policy_app, name="policy")

ROOT = Path(__file__).resolve().parent.parent
SCHOOLS = ROOT / "schools"

School = Annotated[str, typer.Option("--school", help=_("Школа: имя папки в schools/"))]
# Whether a path may be read or written is said by us, in the user's language, not by the library of the command line.
Out = Annotated[Path, typer.Option("--out", readable=False, help=_("Папка для результатов"))]
SchoolsDir = Annotated[Path, typer.Option("--schools-dir", readable=False, help=_("Где лежат папки школ"))]


@app.command(help=_("Проверить журнал школы по её положению."))
def audit(
    exports: Annotated[
        list[Path], typer.Argument(readable=False, help=_("Файлы или папки с событиями журнала (JSON Lines, CSV, Parquet)"))
    ],
    school: School,
    out: Out,
    as_of: Annotated[Optional[str], typer.Option("--as-of", help=_("Момент, на который проверять (ISO); по умолчанию — сейчас"))] = None,
    first: Annotated[Optional[str], typer.Option("--from", help=_("Первый день, ГГГГ-ММ-ДД"))] = None,
    last: Annotated[Optional[str], typer.Option("--to", help=_("Последний день, ГГГГ-ММ-ДД"))] = None,
    schools_dir: SchoolsDir = SCHOOLS,
    workers: Annotated[int, typer.Option(help=_("Сколько процессов судьи; 0 — в этом же процессе"))] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", help=_("Без таблицы и хода работы"))] = False,  # noqa: FBT002  -- typer makes it an option
) -> None:
    """Audit a school's log and write findings, counts, rejects and the summary."""
    from service.auditing import AuditRequest, run_audit

    request = AuditRequest(exports, school, out, as_of, first, last, schools_dir, workers)
    run_audit(request, quiet=quiet)


@app.command(help=_("Объяснить одно нарушение: пункт, события, счёт дней, ход рассуждения."))
def explain(
    finding: Annotated[str, typer.Argument(help=_("Номер (id) из findings.jsonl"))], out: Out, schools_dir: SchoolsDir = SCHOOLS
) -> None:
    """Print the clause, the timeline, the arithmetic and the reasons behind one finding."""
    from reports.explained import explained

    typer.echo(explained(finding, out, schools_dir))


@app.command(help=_("Придумать учебный год школы с известными нарушениями."))
def simulate(
    school: School,
    out: Out,
    year: Annotated[int, typer.Option(help=_("Год начала учебного года"))] = 2024,
    size: Annotated[str, typer.Option(help="small | full")] = "small",
    seed: Annotated[int, typer.Option(help=_("Зерно: одинаковое даёт одинаковый год"))] = 1,
    formats: Annotated[str, typer.Option("--format", help="jsonl, parquet, csv")] = "jsonl",
) -> None:
    """Write a believable school-year in the contract's format, with injected breaches and `truth.jsonl`."""
    from service.simulating import run_simulation

    run_simulation(school, year, size, seed, out, tuple(part.strip() for part in formats.split(",")))


@app.command(help=_("Показать всё на деле: пять школ, придуманный год, проверка, одно объяснение."))
def demo(out: Out = Path("out"), seed: Annotated[int, typer.Option(help=_("Зерно"))] = 1) -> None:
    """Simulate a small year for each school, audit it, print one table and one explained finding."""
    from service.demo import run_demo

    run_demo(out, seed)


@policy_app.command("schema", help=_("JSON Schema файла положения — для подсказок в редакторе."))
def schema() -> None:
    """Print the JSON Schema of a policy file."""
    import json

    from policies.schema import schema as bundle_schema

    typer.echo(json.dumps(bundle_schema(), ensure_ascii=False, indent=2))


@policy_app.command("check", help=_("Проверить файлы положений: все ошибки с файлом, строкой и столбцом."))
def check(
    school: Annotated[Optional[str], typer.Option("--school", help=_("Только эта школа"))] = None, schools_dir: SchoolsDir = SCHOOLS
) -> None:
    """Load every bundle and print what each version holds; exits 2 with all errors when one does not load."""
    from policies.loader import load_school

    slugs = [school] if school else _schools_in(schools_dir)
    for slug in slugs:
        _profile, policies = load_school(schools_dir, slug)
        for starts, ends, bundle in policies.spans():
            until = ends.isoformat() if ends else "…"
            typer.echo(
                _("{slug}: с {starts} по {ends}, правил {n}, {hash}").format(
                    slug=slug, starts=starts, ends=until, n=len(bundle.rules), hash=bundle.hash[:12]
                )
            )


@policy_app.command("test", help=_("Прогнать случаи школы: найдено должно быть ровно то, что в них сказано."))
def run_the_cases(
    words: Annotated[str, typer.Argument(help=_("Только случаи, в имени которых есть эти слова"))] = "",
    school: Annotated[Optional[str], typer.Option("--school", help=_("Только эта школа"))] = None,
    schools_dir: SchoolsDir = SCHOOLS,
) -> None:
    """Run the cases beside each bundle; exits 1 when one fails, 2 when a file cannot be used."""
    from service.testing import run_cases

    slugs = [school] if school else _schools_in(schools_dir)
    lines, failed = run_cases(schools_dir, slugs, words)
    typer.echo("\n".join(lines))
    if failed:
        raise typer.Exit(1)


@policy_app.command("lint", help=_("Замечания к положению: противоречия, повторы, сроки без числа, допущения, пробелы."))
def lint(
    school: Annotated[Optional[str], typer.Option("--school", help=_("Только эта школа"))] = None, schools_dir: SchoolsDir = SCHOOLS
) -> None:
    """Print the remarks on each policy; exits 1 when one of them needs somebody's decision."""
    from service.linting import lint_schools

    everyone = _schools_in(schools_dir)
    lines, problems = lint_schools(schools_dir, [school] if school else everyone, everyone)
    typer.echo("\n".join(lines))
    if problems:
        raise typer.Exit(1)


@policy_app.command("coverage", help=_("Учтён ли каждый пункт положения: чем он решается, и чего не хватает."))
def coverage(
    school: Annotated[Optional[str], typer.Option("--school", help=_("Только эта школа"))] = None, schools_dir: SchoolsDir = SCHOOLS
) -> None:
    """Print how every clause is accounted for; exits 1 when something is missing."""
    from policies.coverage import coverage as covered
    from reports.coverage import show_coverage

    slugs = [school] if school else _schools_in(schools_dir)
    schools = [covered(schools_dir, slug) for slug in slugs]
    show_coverage(schools)
    if any(found.problems for found in schools):
        raise typer.Exit(1)


def _schools_in(schools_dir: Path) -> list[str]:
    found = sorted(path.parent.name for path in schools_dir.glob("*/school.yaml"))
    if not found:
        raise UserError(
            _("В папке {folder} нет ни одной школы (файлов */school.yaml). Проверьте --schools-dir.").format(folder=schools_dir)
        )
    return found


@policy_app.command("show", help=_("Положение страницей: правила, сроки словами, пункты, которые решает не машина."))
def show(
    school: School,
    form: Annotated[str, typer.Option("--format", help="html | md")] = "md",
    out: Annotated[Optional[Path], typer.Option("--out", help=_("Файл; без него — на экран"))] = None,
    on: Annotated[Optional[str], typer.Option("--on", help=_("Редакция, действующая в этот день, ГГГГ-ММ-ДД; обычно последняя"))] = None,
    schools_dir: SchoolsDir = SCHOOLS,
) -> None:
    """Give the bundle of a school as a readable page."""
    from service.showing import show_policy

    text = show_policy(schools_dir, school, form, on, out)
    if out is None:
        typer.echo(text, nl=False)


def main() -> None:
    """Run the command line: 0 done, 2 the input or the bundle cannot be used, 1 a fault of the program; one message on stderr."""
    try:
        app(standalone_mode=True)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except JudgeFault as fault:
        sys.stderr.write(
            _("Судья не смог рассмотреть дело, выводов нет: {fault}. Сообщите об этом разработчикам.").format(fault=fault) + "\n"
        )
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        about = error.filename or ""
        sys.stderr.write(_("Не удалось прочитать или записать {path}: {reason}").format(path=about, reason=reason_of(error)) + "\n")
        sys.exit(2)
    except MemoryError:
        sys.stderr.write(_("Не хватило памяти: проверьте журнал по частям или на машине, где её больше.") + "\n")
        sys.exit(2)
    except Exception as fault:
        if "ZAVUCH_DEBUG" in os.environ:
            raise
        text = _("Ошибка в самой программе ({kind}: {fault}), результатов нет. Сообщите разработчикам; подробности покажет ZAVUCH_DEBUG=1.")
        sys.stderr.write(text.format(kind=type(fault).__name__, fault=fault) + "\n")
        sys.exit(1)
