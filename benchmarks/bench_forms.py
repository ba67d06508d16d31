"""How fast a long questionnaire answers: a thousand expressions run again, one answer changed, a workbook checked.

The peers of the same run are rxeval (an engine of the same dialect in Rust, which must give the same values or there is
no table) and elementpath (XPath in Python). Then what the server does for one changed answer of the real questionnaire,
and the memory of many fills.
"""

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import click
import questionnaire
import rxeval
from measuring import Figure, around, percentile, show
from pyxform.xls2xform import convert
from xpath_peer import XPathPeer

from forms.answering import apply
from forms.definition import Form, load
from forms.growing import address, leaves
from forms.instance import Instance, Now
from forms.pages import name_of, page
from forms.structure import Question
from forms.xlsform import compile_xlsform

TODAY = date(2026, 11, 23)
NOW = Now(TODAY, datetime(2026, 11, 23, tzinfo=UTC), lambda: 0.5, lambda: "00000000-0000-4000-8000-000000000000")
REAL = Path(__file__).parents[1] / "templates" / "procedures" / "diagnostic-social" / "form.md"
RULES = ("relevant", "calculation", "constraint", "required")
ROUNDS = 40
TURN = 5


def times(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of each round."""
    found = []
    for _ in range(rounds):
        began = time.thread_time()
        work()
        found.append(time.thread_time() - began)
    return found


def side_by_side(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The median of each in milliseconds. They take turns of five, so that what else goes on falls on all alike."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(-(-rounds // TURN)):
        for seconds, work in zip(found, works, strict=True):
            seconds.extend(times(work, min(rounds, TURN)))
    return [1000 * statistics.median(seconds) for seconds in found]


def filled(form: Form) -> Instance:
    instance = Instance.new(form, NOW)
    for person in range(1, questionnaire.PERSONS + 1):
        if person > 1:
            instance.add_row("/data/home/person")
        for _ in range(1, questionnaire.STAYS):
            instance.add_row(f"/data/home/person[{person}]/stay")
    for path, answer in questionnaire.answers(form):
        instance.set(path, answer)
    instance.recompute()
    return instance


def expressions(form: Form) -> Iterator[tuple[str, str]]:
    """Path and text of every rule, in the order in which they run here; then those that only judge."""
    parts = {**form.groups, **form.questions}
    for rule in form.rules:
        yield rule.path, getattr(parts[rule.path], "calculation" if rule.aspect == "calculate" else rule.aspect).text
    for question in form.questions.values():
        for formula in filter(None, (question.constraint, question.required)):
            yield question.path, formula.text


def agreeing(instance: Instance) -> rxeval.Session:
    """The Rust engine over the same answers. Ends the run when a single value differs."""
    session = rxeval.Session(instance.form.xml, instance.to_xml(), today=f"{TODAY}", now=f"{TODAY}T00:00:00")
    session.recompute()
    for node, _question in leaves(instance.root, instance.form):
        theirs = session.get(address(node, instance.form))
        if node.text != theirs:
            raise SystemExit(f"{address(node, instance.form)}: {node.text!r} here, {theirs!r} there")
    return session


def everything(instance: Instance) -> None:
    """All rules anew, whatever has changed; then all constraints and what is missing."""
    instance.engine.run_all()
    instance.errors()


def recalculation(form: Form) -> tuple[list[Figure], list[str]]:
    instance = filled(form)
    session = agreeing(instance)
    peer = XPathPeer(instance.to_xml(), list(expressions(form)))
    ran, raised = peer.recompute()
    path = "/data/s2/s2_a"

    def ours() -> None:
        instance.set(path, "no" if instance.get(path) == "yes" else "yes")
        instance.recompute()

    def theirs() -> None:
        session.set(path, "no" if session.get(path) == "yes" else "yes")
        session.recompute()

    here, rust, python = side_by_side(lambda: everything(instance), session.recompute, peer.recompute)
    one, rust_one = side_by_side(ours, theirs)
    worst = max(changes(instance))
    read, rust_read = side_by_side(lambda: load(form.xml), lambda: rxeval.Session(form.xml), rounds=5)
    figures = [
        Figure("all rules again (peer: rxeval)", here, "ms", rust),
        Figure("all rules again (peer: elementpath)", here, "ms", python),
        Figure("one changed answer (peer: rxeval)", one, "ms", rust_one),
        Figure("the change that moves most", 1000 * worst, "ms"),
        Figure("XForm read (peer: rxeval)", read, "ms", rust_read),
    ]
    rules = sum(1 for _ in expressions(form))
    return figures, [
        f"{len(form.questions)} questions, {rules} expressions, {ran} runs; elementpath raised {raised} times"
    ]


def changes(instance: Instance) -> list[float]:
    """Seconds for emptying and giving back every answer in turn; the better of two tries."""
    found = []
    for node, question in leaves(instance.root, instance.form):
        if node.text and not question.computed:
            found.append(min(times(lambda node=node: _emptied(instance, address(node, instance.form)), 2)) / 2)
    return found


def _emptied(instance: Instance, path: str) -> None:
    answer = instance.get(path)
    for text in ("", answer):
        instance.set(path, text)
        instance.recompute()


def checking() -> list[Figure]:
    """Compiled and criticised, from a workbook in memory; beside it the bare compiler of the community."""
    figures = []
    for told, count in (("300 rows", 400), ("900 questions", 1290)):
        text = questionnaire.table(count)
        check, bare = side_by_side(
            lambda text=text: compile_xlsform(text.encode(), "form.md"),
            lambda text=text: convert(text, file_type=".md", form_name="data"),
            rounds=3,
        )
        rows = text.partition("| choices |")[0].count("\n") - 2
        figures.append(Figure(f"{told} checked ({rows} rows; peer: pyxform alone)", check, "ms", bare))
    return figures


# -- the real questionnaire


def answered(form: Form) -> Instance:
    """Something in every question that is asked, page by page, a household of three."""
    instance = Instance.new(form, NOW)
    for repeat in [path for path, group in form.groups.items() if hasattr(group, "rows")]:
        for _ in range(2):
            if repeat.count("/") <= 3:
                instance.add_row(repeat)
    for _ in range(3):
        for node, question in list(leaves(instance.root, form)):
            if node.relevant and not node.text and question.asked:
                path = address(node, form)
                instance.set(path, _something(instance, path, question))
    return instance


def _something(instance: Instance, path: str, question: Question) -> str:
    if question.choice_filter is not None:
        offered = instance.choices(path)
        return offered[0].value if offered else ""
    return {"int": "3", "decimal": "420.5", "date": "2026-03-02", "time": "10:30:00.000"}.get(
        question.type, "Texte court"
    )


def one_answer(form: Form) -> list[Figure]:
    """What the server does in the engine when somebody changes one answer of a page."""
    instance = answered(form)
    stored = instance.to_xml()
    steps: dict[str, list[float]] = {
        "stored answers read": [],
        "page written into them": [],
        "page drawn": [],
        "stored": [],
    }
    whole: list[float] = []
    for _ in range(5):
        for section in form.sections:
            whole.append(_one_page(form, stored, section.path, steps))
    figures = [Figure(f"  {told}, p50", 1000 * percentile(seconds, 50), "ms") for told, seconds in steps.items()]
    total = [
        Figure(f"diagnosis: one changed answer, p{rank}", 1000 * percentile(whole, rank), "ms") for rank in (50, 95)
    ]
    return [*total, *figures]


def _one_page(form: Form, stored: str, path: str, steps: dict[str, list[float]]) -> float:
    marks = [time.thread_time()]
    instance = Instance.from_xml(form, stored, NOW)
    instance.recompute()
    marks.append(time.thread_time())
    asked = [(node, question) for node, question in leaves(instance.root, form) if question.page == path]
    sent = {name_of(address(node, form)): node.text for node, question in asked if question.asked and node.relevant}
    marks.append(time.thread_time())
    errors = apply(instance, sent, path)
    marks.append(time.thread_time())
    page(instance, path, "fr", errors)
    marks.append(time.thread_time())
    instance.to_xml()
    marks.append(time.thread_time())
    took = [end - begin for begin, end in pairwise(marks)]
    del took[1]  # what the browser does
    for seconds, one in zip(steps.values(), took, strict=True):
        seconds.append(one)
    return sum(took)


# -- memory


def resident() -> float:
    """Megabytes this process holds now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory(form: Form, fills: int) -> list[Figure]:
    """A new set of answers, changed, judged, stored and forgotten, again and again."""
    held, answers = {}, answered(form).answers()
    for number in range(1, fills + 1):
        instance = Instance.from_answers(form, answers, NOW)
        instance.errors()
        instance.to_xml()
        if number in (fills // 10, fills):
            gc.collect()
            held[number] = resident()
    first, last = held.values()
    return [Figure(f"memory after {fills} fills (peer: after {fills // 10})", last, "MB", first)]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@click.option("--fills", default=10_000, show_default=True, help="Sets of answers for the figure of memory; 0: none.")
def main(as_json: bool, fills: int) -> None:
    note = around()
    form = load(compile_xlsform(questionnaire.table().encode(), "form.md").xml)
    real = load(compile_xlsform(REAL.read_bytes(), "form.md").xml)
    figures, notes = recalculation(form)
    notes += [f"the diagnosis: {len(real.questions)} questions, without database and template", note]
    more = one_answer(real) + (memory(real, fills) if fills else [])
    title = "Forms: a questionnaire of a thousand expressions, then the diagnosis of a household (processor time)"
    show(title, [*figures, *checking(), *more], notes, as_json=as_json)


if __name__ == "__main__":
    main()
