"""Lists in files beside the form: two choices of one name, which answers could not tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forms.criticism.texts import list_of
from forms.criticism.written import Written
from forms.externals import lines_of
from forms.problems import Problem
from forms.structure import Form, Question


def list_problems(form: Form, media: Mapping[str, bytes], written: Written) -> Iterator[Problem]:
    """As for the choices sheet, unless the author says that names may come twice."""
    files = {file.rpartition(".")[0]: file for file in form.files}
    done: set[str] = set()
    for question in () if written.twins else form.questions.values():
        name = list_of(question)
        if name in files and name not in done and question.choices:
            done.add(name)
            yield from _twins(question, files[name], lines_of(files[name], media.get(files[name], b"")))


def _twins(question: Question, file: str, lines: Sequence[int]) -> Iterator[Problem]:
    """lines: where each choice stands in its file; without them, its place in the list."""
    seen: dict[str, int] = {}
    for number, choice in enumerate(question.choices):
        line = lines[number] if number < len(lines) else number + 1
        first = seen.setdefault(choice.value, line)
        if first != line:
            message = "The file %(file)s has the value “%(value)s” in line %(first)s and again in line %(row)s."
            hint = "Give every choice of a list its own name, or write yes into allow_choice_duplicates of settings."
            params = {"file": file, "value": choice.value, "first": first, "row": line}
            yield Problem("refused", "duplicate_choice", question.path, "type", message, params, hint)
