"""Give the parts of an XForm document their meaning: groups, repeats, questions, choices, rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from forms.consequences import UNKNOWN, named
from forms.expressions import ExpressionError, compile, parse
from forms.expressions.graph import Cycle, Order, references
from forms.expressions.nodes import Expression
from forms.kinds import MOVED_LABEL, kind_of
from forms.listing import SEARCH, Lists
from forms.ruling import rules_of
from forms.structure import (
    DEFAULT_LEVEL,
    LEVELS,
    NOTHING,
    ChoiceList,
    Form,
    Formula,
    Group,
    Question,
    Repeat,
    Trigger,
    Wording,
)
from forms.wordings import SPECIFY, Wordings, instance_name
from forms.xform import JR, LOADED, NEW_ROW, RELAIS, XF, Document, files_of, local

_HANDED_ON = frozenset({"level", "purpose", "validity", "section", "keep"})
# What telephones fill in by themselves when a form is opened: (preload, parameter) → the same as an expression. What
# only a telephone knows (its number, its user) stays empty.
_PRELOADED = {("timestamp", "start"): "now()", ("date", "today"): "today()"}

# How many circles are named at once, and where the author wrote the rules of each kind.
_MOST_CYCLES = 10
_COLUMN_OF = {"calculate": "calculation", "count": "repeat_count"}


@dataclass(frozen=True, slots=True)
class Fault:
    """An expression that cannot work: `aspect` is relevant, calculate, constraint, required, choices, label…"""

    path: str
    aspect: str
    error: ExpressionError
    text: str = ""


class Reader:
    """Reads one document; `faults` fills while it reads, an expression at fault is left out."""

    def __init__(self, document: Document, media: Mapping[str, bytes]) -> None:
        self.document = document
        self.faults: list[Fault] = []
        self.root_path = f"/{local(document.primary)}"
        self.lists = Lists(document, media)
        self.told_broken: set[str] = set()
        self.wordings = Wordings(document, self.formula)

    def form(self, xml: str, digest: str) -> Form:
        root = self.group(self.document.primary, self.root_path, "", DEFAULT_LEVEL, ())
        questions = {question.path: question for question in root.questions()}
        groups = {group.path: group for group in root.groups()}
        title = Wording({self.wordings.default: (self.document.title,)}, self.wordings.default)
        root = Group(root.path, root.name, title, root.children)
        rules, triggers = self.rules(questions, groups), self.triggers()
        self.unread_lists()
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
            instances=self.lists.trees,
            wordings=self.wordings.by_id(),
            rules=rules,
            declared_levels={path: self.own(path, "level") for path in questions},
            xml=xml,
            files=files_of(self.document),
            triggers=triggers,
            worked_out=tuple(path for path, question in questions.items() if question.first_load or question.new_row),
        )

    def formula(self, text: str | None, path: str, aspect: str) -> Formula | None:
        if text is None or not text.strip():
            return None
        try:
            tree = parse(text)
            self.read_lists(tree, path, aspect)
            return Formula(text.strip(), tree, compile(tree))
        except ExpressionError as error:
            self.faults.append(Fault(path, aspect, error, text))
            return None

    def read_lists(self, tree: Expression, path: str, aspect: str) -> None:
        """A list that cannot be read is told where it is first used."""
        for name in self.lists.broken_in(tree):
            if name not in self.told_broken:
                self.told_broken.add(name)
                where = "type" if aspect == "choice_filter" else aspect
                self.faults.append(Fault(path, where, self.lists.broken[name]))

    def unread_lists(self) -> None:
        """Lists that cannot be read, and that no expression has named: `csv-external` without use."""
        for name in sorted(self.lists.broken.keys() - self.told_broken):
            self.faults.append(Fault(f"{self.root_path}/{name}", "type", self.lists.broken[name]))

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
            "label": (NOTHING if control is None else self.wordings.label(control, path)) or _moved_label(children),
            "children": tuple(children),
            "relevant": self.bound(path, "relevant"),
            "appearance": "" if control is None else control.get("appearance", ""),
        }
        repeat = self.document.repeats.get(path)
        if repeat is None:
            return Group(**common)
        count = self.formula(repeat.get(f"{JR}count"), path, "repeat_count")
        # Counted rows are all made by their count: the first one works out its defaults when the others do.
        rows = 0 if count else sum(1 for twin in element.getparent() if twin.tag == element.tag and _is_row(twin))
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
        """An attribute of our namespace; the text that `or_other` adds is read by those who read its question."""
        bind = self.document.binds.get(path)
        found = "" if bind is None else (bind.get(f"{RELAIS}{name}") or "").strip()
        asked = path.removesuffix("_other")
        return self.own(asked, name) if name in _HANDED_ON and asked != path and self.added(path) else found

    def added(self, path: str) -> bool:
        """Whether pyxform made this question, for `or_other`."""
        control = self.document.controls.get(path)
        return control is not None and control.findtext(f"{XF}label") == SPECIFY

    def ticked(self, path: str, name: str) -> bool:
        """Whether an attribute of our namespace says yes."""
        return self.own(path, name).lower() in {"yes", "true", "true()", "1", "oui"}

    def question(self, element: etree._Element, path: str, page: str, level: str, purpose: tuple[str, ...]) -> Question:
        bind, control = self.document.binds.get(path), self.document.controls.get(path)
        appearance = "" if control is None else control.get("appearance", "")
        validity = self.inherited(path, "validity")
        source = self.source(control, path)
        choices, source = ((), None) if source is None else self.lists.choices(source, self.wordings)
        lender = self.lender(source, path)
        lent = self.inherited(lender, "level") or (DEFAULT_LEVEL if lender else LEVELS[0])
        level = max(self.level(path, level), lent)
        return Question(
            path=path,
            name=local(element),
            kind=kind_of(bind, control, self.answered(path, element)),
            page=page,
            label=NOTHING if control is None else self.label(control, path),
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
            first_load=self.setvalue(path, LOADED) or self.preloaded(path),
            new_row=self.setvalue(path, NEW_ROW),
            choices=choices,
            choice_filter=source,
            appearance=appearance,
            level=level,
            level_declared=bool(self.inherited(path, "level")),
            borrowed_purpose=tuple(self.inherited(lender, "purpose").split()),
            borrowed_page="/".join(lender.split("/")[:3]),
            borrowed_level=lent,
            purpose=self.purpose(path, purpose),
            validity=int(validity) if validity.isascii() and validity.isdigit() else None,
            section=self.own(path, "section") or None,
            keep=self.own(path, "keep") or None,
            index=self.ticked(path, "index"),
            document=self.ticked(path, "document"),
            type="string" if bind is None else bind.get("type", "string").rpartition(":")[2],
            limits=_limits(control),
            causes=self.causes(path),
            media={} if control is None else self.wordings.media(control, path),
        )

    def lender(self, source: ChoiceList | None, path: str) -> str:
        """The question whose answers serve as choices (the names of the persons, for example); empty for a list."""
        if source is None or instance_name(source.formula.tree) is not None:
            return ""
        read = references(source.formula.tree, path, lambda _: ())
        repeats = [found.path for found in read if found.path in self.document.repeats]
        return f"{repeats[0]}/{source.label}" if repeats else ""

    def causes(self, path: str) -> tuple[str, ...]:
        """The confidential questions that this one stands for."""
        found, unknown = named(self.own(path, "consequence"), path, self.document.controls)
        for name in unknown:
            self.faults.append(Fault(path, "consequence", ExpressionError(UNKNOWN, 0, "unknown_cause", name=name)))
        return found

    def answered(self, path: str, element: etree._Element) -> bool:
        """Whether the form itself writes an answer there: at the beginning, or when another answer changes."""
        written = any((path, event) in self.document.setvalues for event in (LOADED, NEW_ROW))
        return bool(element.text) or written or any(change.target == path for change in self.document.changes)

    def inherited(self, path: str, name: str) -> str:
        """An attribute of our namespace, from the question or the nearest group around it."""
        while path and not self.own(path, name):
            path = path.rpartition("/")[0]
        return self.own(path, name) if path else ""

    def setvalue(self, path: str, event: str) -> Formula | None:
        return self.formula(self.document.setvalues.get((path, event)), path, "default")

    def preloaded(self, path: str) -> Formula | None:
        bind = self.document.binds.get(path)
        asked = ("", "") if bind is None else (bind.get(f"{JR}preload", ""), bind.get(f"{JR}preloadParams", ""))
        return self.formula(_PRELOADED.get(asked), path, "default")

    def triggers(self) -> dict[str, tuple[Trigger, ...]]:
        """What each answer sets off, in the order of the form."""
        found: dict[str, tuple[Trigger, ...]] = {}
        for change in self.document.changes:
            value = self.formula(change.value, change.target, "calculate")
            if value is not None:
                found[change.source] = (*found.get(change.source, ()), Trigger(change.target, value))
        return found

    def label(self, control: etree._Element, path: str) -> Wording:
        """The wording; that of `or_other`, which pyxform writes in English, in the languages of the form."""
        found = self.wordings.label(control, path)
        generated = path.endswith("_other") and control.findtext(f"{XF}label") == SPECIFY
        return self.wordings.generated(SPECIFY) if generated else found

    def source(self, control: etree._Element | None, path: str) -> ChoiceList | None:
        """Where the choices of a question come from."""
        if control is None:
            return None
        if control.get("appearance", "").lstrip().startswith("search("):
            self.faults.append(Fault(path, "appearance", ExpressionError(SEARCH, 0, "search")))
            return None
        source = self.lists.source(control, path, self.formula)
        if source is not None:
            try:
                self.lists.check(source, local(control) != "select1")
            except ExpressionError as error:
                self.faults.append(Fault(path, "type", error))
        return source

    def rules(self, questions: dict[str, Question], groups: dict[str, Group]) -> Order:
        path = f"{self.root_path}/meta/instanceName"
        name = self.bound(path, "calculate")
        without: set[tuple[str, str]] = set()
        for _ in range(_MOST_CYCLES):
            try:
                return rules_of(questions, groups, {} if name is None else {path: name}, without)
            except Cycle as cycle:
                self.faults.append(_going_round(cycle))
                without.update((rule.path, rule.aspect) for rule in cycle.rules)
        return Order()


def _going_round(cycle: Cycle) -> Fault:
    message = "These questions wait for each other: %(paths)s."
    error = ExpressionError(message, 0, "cycle", paths=" → ".join(cycle.paths))
    first = cycle.rules[0]
    return Fault(first.path, _COLUMN_OF.get(first.aspect, first.aspect), error)


def _is_row(element: etree._Element) -> bool:
    return not _is_template(element)


def _is_template(element: etree._Element) -> bool:
    return element.get(f"{JR}template") is not None


def _moved_label(children: list[Group | Question]) -> Wording:
    """Of a group drawn as a table (`table-list`), whose label pyxform makes a note inside it."""
    first = children[0] if children else None
    return first.label if first is not None and first.name.startswith(MOVED_LABEL) else NOTHING


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
