"""What is never asked and never offered; files that are not there; what cannot be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forms.appearances import IGNORED, REFUSED, effects
from forms.criticism.texts import list_of
from forms.expressions.nodes import Binary, Expression, Path, Text
from forms.problems import Problem
from forms.structure import Form, Formula, Question, Repeat

_NEVER = frozenset({"false()", "0", "''"})
_NO = frozenset({"false()", "no"})


def offer_problems(form: Form, media: Mapping[str, bytes]) -> Iterator[Problem]:
    for group in form.groups.values():
        yield from _never(form, group.path, group.relevant)
        yield from _appearance(group.path, "group", group.appearance)
    for question in form.questions.values():
        yield from _never(form, question.path, question.relevant)
        yield from _appearance(question.path, question.kind, question.appearance)
        yield from _required(question)
    yield from _never_offered(form)
    yield from _files(form, media)


def _never(form: Form, path: str, relevant: Formula | None) -> Iterator[Problem]:
    if relevant is None:
        return
    single = not any(isinstance(group, Repeat) for group in form.groups.values())
    if relevant.text in _NEVER or (single and _contradicts(relevant.tree)):
        message = "This condition never holds: what it guards is never shown."
        yield Problem("warning", "never_shown", path, "relevant", message, {}, "Correct the condition.")


def _contradicts(tree: Expression) -> bool:
    """Whether a chain of "and" wants one answer to be two values."""
    wanted: dict[tuple[str, ...], str] = {}
    for part in _conjuncts(tree):
        if isinstance(part, Binary) and part.operator == "=" and isinstance(part.left, Path):
            value = part.right.value if isinstance(part.right, Text) else None
            place = tuple(f"{step.axis}:{step.name}" for step in part.left.steps)
            plain = part.left.base is None and not any(step.predicates for step in part.left.steps)
            if plain and value is not None and wanted.setdefault(place, value) != value:
                return True
    return False


def _conjuncts(tree: Expression) -> Iterator[Expression]:
    if isinstance(tree, Binary) and tree.operator == "and":
        yield from _conjuncts(tree.left)
        yield from _conjuncts(tree.right)
    else:
        yield tree


def _appearance(path: str, kind: str, appearance: str) -> Iterator[Problem]:
    for word, effect in effects(kind, appearance):
        params = {"word": word}
        if effect is None:
            message = "The appearance %(word)s is not known for this question: it changes nothing."
            yield Problem("warning", "unknown_appearance", path, "appearance", message, params, "Check its spelling.")
        elif effect.verdict == REFUSED:
            message = "The appearance %(word)s cannot be used here."
            yield Problem("refused", "unsupported_appearance", path, "appearance", message, params, effect.note)
        elif effect.verdict == IGNORED:
            message = "The appearance %(word)s has no effect here."
            yield Problem("warning", "ignored_appearance", path, "appearance", message, params, effect.note)


def _required(question: Question) -> Iterator[Problem]:
    if question.required is None or question.required.text in _NO:
        return
    if question.computed:
        message = "A calculated question cannot be required: nobody can answer it."
        yield Problem("warning", "required_calculation", question.path, "required", message)
    elif question.kind == "note":
        message = "A note cannot be required: nobody can answer it."
        yield Problem("warning", "required_note", question.path, "required", message)


# -- choices that nobody can choose -------------------------------------------------------------------------------


def _never_offered(form: Form) -> Iterator[Problem]:
    """Choices that every question using their list filters out whatever was answered."""
    offered: dict[str, set[str]] = {}
    whole: set[str] = set()
    listed: dict[str, list[str]] = {}
    for question in form.questions.values():
        name = list_of(question)
        wanted = _wanted(form, question) if name else None
        if not name or name in whole:
            continue
        if wanted is None:
            whole.add(name)
            continue
        listed.setdefault(name, [choice.value for choice in question.choices])
        possible = (choice.value for choice in question.choices if choice.attributes.get(wanted[0], "") in wanted[1])
        offered.setdefault(name, set()).update(possible)
    for name in listed.keys() - whole:
        for value in listed[name]:
            if value not in offered[name]:
                message = "This choice is never offered: no answer lets it through the filter."
                yield Problem("warning", "never_offered", f"choices/{name}/{value}", "name", message)


def _wanted(form: Form, question: Question) -> tuple[str, set[str]] | None:
    """(column, values) that a filter of the form `column = ${question}` may let through; none when all may pass."""
    source = question.choice_filter
    compared = _equality(source.formula.tree) if source is not None and source.filtered else None
    asked = None if compared is None else _asked(form, compared[1])
    return None if compared is None or asked is None else (compared[0], asked)


def _equality(tree: Expression) -> tuple[str, Path] | None:
    """(column, path of the answer) of `…/item[column = path]`."""
    steps = tree.steps if isinstance(tree, Path) else ()
    predicates = steps[-1].predicates if steps else ()
    if len(predicates) != 1 or not isinstance(predicates[0], Binary) or predicates[0].operator != "=":
        return None
    sides = (predicates[0].left, predicates[0].right)
    column = next((side for side in sides if isinstance(side, Path) and _is_column(side)), None)
    answer = next((side for side in sides if isinstance(side, Path) and not _is_column(side)), None)
    return (column.steps[0].name, answer) if column is not None and answer is not None else None


def _is_column(path: Path) -> bool:
    return path.base is None and not path.absolute and len(path.steps) == 1 and path.steps[0].axis == "child"


def _asked(form: Form, path: Path) -> set[str] | None:
    """The values that the answer at a path may have, when it is itself one choice of a list without "other"."""
    name = path.steps[-1].name
    found = [other for other in form.questions.values() if other.name == name]
    if len(found) != 1 or found[0].kind != "select_one" or not found[0].choices:
        return None
    return {choice.value for choice in found[0].choices}


# -- files --------------------------------------------------------------------------------------------------------


def _files(form: Form, media: Mapping[str, bytes]) -> Iterator[Problem]:
    """Pictures and sounds that are not there; lists are read, and told, when the form is."""
    done: set[str] = set()
    for question in form.questions.values():
        yield from _media(question.path, question.media, media)
        name = list_of(question)
        for choice in () if name in done else question.choices:
            yield from _media(f"choices/{name}/{choice.value}", choice.media, media)
        done.add(name)


def _media(path: str, named: Mapping[str, Mapping[str, str]], media: Mapping[str, bytes]) -> Iterator[Problem]:
    for medium, wording in named.items():
        for lang in wording:
            file = wording[lang]
            if file and file not in media:
                message = "The form needs the file %(file)s, which is not there."
                hint = "Put it beside the form, with the same name."
                yield Problem("refused", "missing_file", path, medium, message, {"file": file}, hint, lang)
