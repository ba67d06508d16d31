"""Give the parts of an XForm document their meaning: groups, repeats, questions, choices, rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from forms.expressions import ExpressionError, compile, parse
from forms.expressions.graph import Cycle, Rule, ordered, references
from forms.kinds import kind_of
from forms.structure import DEFAULT_LEVEL, LEVELS, NOTHING, ChoiceList, Form, Formula, Group, Question, Repeat, Wording
from forms.wordings import Wordings, choices_of, instance_name, tree_of
from forms.xform import JR, RELAIS, XF, Document, local


@dataclass(frozen=True, slots=True)
class Fault:
    """An expression that cannot work: `aspect` is relevant, calculate, constraint, required, choices, label…"""

    path: str
    aspect: str
    error: ExpressionError
    text: str = ""


class Reader:
    """Reads one document; `faults` fills while it reads, an expression at fault is left out."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Fault] = []
        self.root_path = f"/{local(document.primary)}"
        self.instances = {name: tree_of(element) for name, element in document.secondary.items()}
        self.wordings = Wordings(document, self.formula)

    def form(self, xml: str, digest: str) -> Form:
        root = self.group(self.document.primary, self.root_path, "", DEFAULT_LEVEL, ())
        questions = {question.path: question for question in root.questions()}
        groups = {group.path: group for group in root.groups()}
        title = Wording({self.wordings.default: (self.document.title,)}, self.wordings.default)
        root = Group(root.path, root.name, title, root.children)
        return Form(
            form_id=self.document.primary.get("id", ""),
            version=self.document.primary.get("version", ""),
            title=self.document.title,
            languages=self.wordings.languages,
            default_language=self.wordings.default,
            root=root,
            questions=questions,
            groups=groups,
            hash=digest,
            instances=self.instances,
            wordings=self.wordings.by_id(),
            rules=self.rules(questions, groups),
            declared_levels={path: self.own(path, "level") for path in questions},
            xml=xml,
        )

    def formula(self, text: str | None, path: str, aspect: str) -> Formula | None:
        if text is None or not text.strip():
            return None
        try:
            tree = parse(text)
            return Formula(text.strip(), tree, compile(tree))
        except ExpressionError as error:
            self.faults.append(Fault(path, aspect, error, text))
            return None

    def bound(self, path: str, aspect: str, attribute: str | None = None) -> Formula | None:
        bind = self.document.binds.get(path)
        return None if bind is None else self.formula(bind.get(attribute or aspect), path, aspect)

    def group(self, element: etree._Element, path: str, page: str, level: str, purpose: tuple[str, ...]) -> Group:
        level, purpose = self.level(path, level), self.purpose(path, purpose)
        children = []
        for child in _members(element):
            below = f"{path}/{local(child)}"
            children.append(self.member(child, below, page or below, level, purpose))
        control = self.document.groups.get(path)
        common = {
            "path": path,
            "name": local(element),
            "label": NOTHING if control is None else self.wordings.label(control, path),
            "children": tuple(children),
            "relevant": self.bound(path, "relevant"),
            "appearance": "" if control is None else control.get("appearance", ""),
        }
        repeat = self.document.repeats.get(path)
        if repeat is None:
            return Group(**common)
        count = self.formula(repeat.get(f"{JR}count"), path, "repeat_count")
        rows = sum(1 for twin in element.getparent() if twin.tag == element.tag and not _is_template(twin))
        return Repeat(**common, count=count, rows=rows)

    def member(
        self, element: etree._Element, path: str, page: str, level: str, purpose: tuple[str, ...]
    ) -> Group | Question:
        if len(element) or path in self.document.groups or path in self.document.repeats:
            return self.group(element, path, page, level, purpose)
        return self.question(element, path, page if page != path else self.root_path, level, purpose)

    def level(self, path: str, inherited: str) -> str:
        found = self.own(path, "level")
        return found if found in LEVELS else inherited

    def purpose(self, path: str, inherited: tuple[str, ...]) -> tuple[str, ...]:
        found = self.own(path, "purpose")
        return tuple(found.split()) if found else inherited

    def own(self, path: str, name: str) -> str:
        """An attribute of our namespace."""
        bind = self.document.binds.get(path)
        return "" if bind is None else (bind.get(f"{RELAIS}{name}") or "").strip()

    def question(self, element: etree._Element, path: str, page: str, level: str, purpose: tuple[str, ...]) -> Question:
        bind, control = self.document.binds.get(path), self.document.controls.get(path)
        appearance = "" if control is None else control.get("appearance", "")
        validity = self.own(path, "validity")
        choices = self.choice_list(control, path)
        lender = self.lender(choices, path)
        level = max(self.level(path, level), self.inherited(lender, "level") or LEVELS[0])
        return Question(
            path=path,
            name=local(element),
            kind=kind_of(bind, control),
            page=page,
            label=NOTHING if control is None else self.wordings.label(control, path),
            hint=NOTHING if control is None else self.wordings.hint(control, path),
            guidance=NOTHING if control is None else self.wordings.guidance(control, path),
            relevant=self.bound(path, "relevant"),
            required=self.bound(path, "required"),
            required_message=self.wordings.message(bind, "requiredMsg", path),
            constraint=self.bound(path, "constraint"),
            constraint_message=self.wordings.message(bind, "constraintMsg", path),
            calculation=self.bound(path, "calculate"),
            readonly=self.bound(path, "readonly"),
            default=element.text or "",
            first_load=self.setvalue(path, "odk-instance-first-load"),
            new_row=self.setvalue(path, "odk-new-repeat"),
            choices=() if choices is None else choices_of(choices, self.instances, self.wordings),
            choice_filter=choices,
            appearance=appearance,
            level=level,
            level_declared=bool(self.inherited(path, "level")),
            borrowed_purpose=tuple(self.inherited(lender, "purpose").split()),
            purpose=self.purpose(path, purpose),
            validity=int(validity) if validity.isascii() and validity.isdigit() else None,
            section=self.own(path, "section") or None,
            keep=self.own(path, "keep") or None,
            index=self.own(path, "index").lower() in {"yes", "true", "true()", "1", "oui"},
            type="string" if bind is None else bind.get("type", "string").rpartition(":")[2],
            limits=_limits(control),
        )

    def lender(self, source: ChoiceList | None, path: str) -> str:
        """The question whose answers serve as choices (the names of the persons, for example); empty for a list."""
        if source is None or instance_name(source.formula.tree) is not None:
            return ""
        read = references(source.formula.tree, path, lambda _: ())
        repeats = [found.path for found in read if found.path in self.document.repeats]
        return f"{repeats[0]}/{source.label}" if repeats else ""

    def inherited(self, path: str, name: str) -> str:
        """An attribute of our namespace, from the question or the nearest group around it."""
        while path and not self.own(path, name):
            path = path.rpartition("/")[0]
        return self.own(path, name) if path else ""

    def setvalue(self, path: str, event: str) -> Formula | None:
        return self.formula(self.document.setvalues.get((path, event)), path, "default")

    def choice_list(self, control: etree._Element | None, path: str) -> ChoiceList | None:
        itemset = None if control is None else control.find(f"{XF}itemset")
        if itemset is None:
            return None
        source = itemset.get("nodeset", "")
        formula = self.formula(source, path, "choice_filter")
        value, label = itemset.find(f"{XF}value"), itemset.find(f"{XF}label")
        if formula is None or value is None or label is None:
            return None
        named = label.get("ref", "")
        return ChoiceList(formula, value.get("ref", ""), named, "[" in source or not source.startswith("instance("))

    def rules(self, questions: dict[str, Question], groups: dict[str, Group]) -> tuple[Rule, ...]:
        members = {path: tuple(child.path for child in group.children) for path, group in groups.items()}
        found = [self.rule(path, aspect, formula, members) for path, aspect, formula in _ruled(questions, groups)]
        try:
            return ordered(found)
        except Cycle as cycle:
            message = "These questions wait for each other: %(paths)s."
            error = ExpressionError(message, 0, "cycle", paths=" → ".join(cycle.paths))
            self.faults.append(Fault(cycle.paths[0], "calculation", error))
            return ()

    def rule(self, path: str, aspect: str, formula: Formula, members: dict[str, tuple[str, ...]]) -> Rule:
        read = references(formula.tree, path, lambda parent: members.get(parent, ()))
        loose = frozenset(reference.path for reference in read if reference.loose)
        reads = frozenset(reference.path for reference in read if not reference.loose)
        reads |= self.not_mine(loose, path) | self.rows_above(path, aspect)
        writes = frozenset({path} if aspect == "calculate" else _below(path, members))
        if aspect == "count":
            writes |= {_rows_of(path)}
        return Rule(path, aspect, formula, reads, loose, writes)

    def rows_above(self, path: str, aspect: str) -> frozenset[str]:
        """A rule inside a repeat runs after its rows have been counted."""
        above = (repeat for repeat in self.document.repeats if f"{path}/".startswith(f"{repeat}/"))
        return frozenset(_rows_of(repeat) for repeat in above if aspect != "count" or repeat != path)

    def not_mine(self, loose: frozenset[str], path: str) -> frozenset[str]:
        """Readings through a filter count for the order unless they may fall in another row of the own repeat."""
        mine = [repeat for repeat in self.document.repeats if path == repeat or path.startswith(f"{repeat}/")]
        return frozenset(read for read in loose if not any(read == own or read.startswith(f"{own}/") for own in mine))


def _ruled(questions: dict[str, Question], groups: dict[str, Group]) -> Iterator[tuple[str, str, Formula]]:
    for group in groups.values():
        if isinstance(group, Repeat) and group.count is not None:
            yield group.path, "count", group.count
    for part in (*groups.values(), *questions.values()):
        if part.relevant is not None:
            yield part.path, "relevant", part.relevant
    for question in questions.values():
        if question.calculation is not None:
            yield question.path, "calculate", question.calculation


def _below(path: str, members: dict[str, tuple[str, ...]]) -> Iterator[str]:
    yield path
    for child in members.get(path, ()):
        yield from _below(child, members)


def _rows_of(repeat: str) -> str:
    """What a count writes besides the answers: the existence of the rows."""
    return f"{repeat}/#rows"


def _is_template(element: etree._Element) -> bool:
    return element.get(f"{JR}template") is not None


def _members(element: etree._Element) -> Iterator[etree._Element]:
    """One element per name, without the `meta` block; of a repeat its first row rather than its template, because
    only the row says how many rows the repeats inside it have at first.
    """
    chosen: dict[str, etree._Element] = {}
    for child in element:
        name = local(child)
        if name != "meta" and (name not in chosen or _is_template(chosen[name])):
            chosen[name] = child
    return iter(chosen.values())


def _limits(control: etree._Element | None) -> dict[str, float]:
    if control is None or local(control) != "range":
        return {}
    return {name: float(control.get(name, "0")) for name in ("start", "end", "step") if control.get(name)}
