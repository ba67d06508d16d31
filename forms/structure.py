"""What a form is made of: frozen data, read from the XForm once per version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.expressions import Context
from forms.expressions.closures import Evaluate
from forms.expressions.graph import Order
from forms.expressions.nodes import Expression
from forms.expressions.values import Value
from forms.tree import Node

LEVELS = ("V0", "V1", "V2", "V3", "V4")
DEFAULT_LEVEL = "V2"


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """An expression of the form: its text as compiled by pyxform, its syntax tree and its closure."""

    text: str
    tree: Expression
    evaluate: Evaluate

    def __call__(self, context: Context) -> Value:
        return self.evaluate(context)


class Wording(Mapping[str, str]):
    """A text in several languages. `wording[lang]` is plain text, with `…` where an answer will stand.

    `parts(lang)` keeps the answers as formulas. A language that is missing falls back on the default language of the
    form, then on any other; a wording without any text is false.
    """

    __slots__ = ("_default", "_plain", "_texts")

    def __init__(self, texts: Mapping[str, tuple[str | Formula, ...]], default: str) -> None:
        self._texts = dict(texts)
        self._default = default
        self._plain: dict[str, str] = {}

    def parts(self, lang: str) -> tuple[str | Formula, ...]:
        found = self._texts.get(lang) or self._texts.get(self._default)
        return found or next(iter(self._texts.values()), ())

    def has(self, lang: str) -> bool:
        """Whether this very language is written, without falling back."""
        return bool(self._texts.get(lang))

    def __getitem__(self, lang: str) -> str:
        found = self._plain.get(lang)
        if found is None:
            written = "".join(part if isinstance(part, str) else "…" for part in self.parts(lang))
            found = self._plain[lang] = written.strip()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash((self._default, tuple(self._texts)))

    def formulas(self) -> Iterator[Formula]:
        for parts in self._texts.values():
            yield from (part for part in parts if isinstance(part, Formula))


NOTHING = Wording({}, "")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list; `attributes` are the further columns of the sheet of choices, `media` the names of its
    files by medium ("image", "big-image", "audio", "video") and language.
    """

    value: str
    label: Wording
    attributes: Mapping[str, str] = field(default_factory=dict)
    media: Mapping[str, Wording] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """Where the choices of a question come from: `formula` gives the nodes, `value` and `label` name their children.
    `by_item` finds the choice of a node of a list by the `id` of that node; empty when answers serve as choices.
    """

    formula: Formula
    value: str
    label: str
    filtered: bool
    by_item: Mapping[int, Choice] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind` is text, multiline, integer, decimal, range, date, time, datetime, select_one,
    select_multiple, rank, note, acknowledge, calculate, hidden, file, image, audio, video, geopoint, geotrace, geoshape
    or barcode; `validity` counts days; `section` is the author's own grouping, `page` the path of its page.
    `borrowed_purpose`, `borrowed_level` and `borrowed_page` are those of the answers that serve as its choices: who may
    not see those may not see this question either. `media` are the names of the files shown with it, as for a choice.
    `causes` are the paths of the confidential questions it stands for (see `forms.consequences`). `document` tells that
    the officer may mark the answer as seen on a document.
    """

    path: str
    name: str
    kind: str
    page: str = ""
    label: Wording = NOTHING
    hint: Wording = NOTHING
    guidance: Wording = NOTHING
    relevant: Formula | None = None
    required: Formula | None = None
    required_message: Wording = NOTHING
    constraint: Formula | None = None
    constraint_message: Wording = NOTHING
    calculation: Formula | None = None
    readonly: Formula | None = None
    default: str = ""
    first_load: Formula | None = None
    new_row: Formula | None = None
    choices: tuple[Choice, ...] = ()
    choice_filter: ChoiceList | None = None
    appearance: str = ""
    level: str = DEFAULT_LEVEL
    level_declared: bool = False
    purpose: tuple[str, ...] = ()
    validity: int | None = None
    section: str | None = None
    keep: str | None = None
    index: bool = False
    type: str = "string"
    limits: Mapping[str, float] = field(default_factory=dict)
    borrowed_purpose: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    borrowed_page: str = ""
    borrowed_level: str = ""
    media: Mapping[str, Wording] = field(default_factory=dict)
    document: bool = False

    @property
    def computed(self) -> bool:
        """Nobody types it: a calculation does."""
        return self.calculation is not None

    @property
    def asked(self) -> bool:
        """Whether a page shows it as something to answer."""
        return self.kind not in {"note", "calculate", "hidden"} and not self.computed


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together. The groups at the top are the pages of the form."""

    path: str
    name: str
    label: Wording = NOTHING
    children: tuple[Group | Question, ...] = ()
    relevant: Formula | None = None
    appearance: str = ""

    def questions(self) -> Iterator[Question]:
        """All questions inside, in the order of the sheet."""
        for child in self.children:
            if isinstance(child, Question):
                yield child
            else:
                yield from child.questions()

    def groups(self) -> Iterator[Group]:
        """This group and all groups and repeats inside."""
        yield self
        for child in self.children:
            if isinstance(child, Group):
                yield from child.groups()


@dataclass(frozen=True, slots=True)
class Repeat(Group):
    """A group that is answered once per row; `count` gives the number of rows, `rows` how many there are at first."""

    count: Formula | None = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Trigger:
    """What happens to another question when somebody changes an answer: `value` is written at `target`."""

    target: str
    value: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One version of one questionnaire. Two forms are the same when their hash is the same.

    `files` names the lists, pictures and sounds it needs beside itself; `triggers` are found by the path of the
    question whose answer sets them off; `worked_out` are the questions whose default is an expression; `read`
    remembers which questions a formula reads that stands at a path.
    """

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    default_language: str
    root: Group
    questions: Mapping[str, Question]
    groups: Mapping[str, Group]
    hash: str
    instances: Mapping[str, Node]
    wordings: Mapping[str, Wording]
    rules: Order
    declared_levels: Mapping[str, str]
    xml: str
    files: tuple[str, ...] = ()
    triggers: Mapping[str, tuple[Trigger, ...]] = field(default_factory=dict)
    worked_out: tuple[str, ...] = ()
    read: dict[tuple[Formula, str], tuple[Question, ...]] = field(default_factory=dict, init=False, repr=False)

    @property
    def sections(self) -> tuple[Group, ...]:
        """The pages: the groups at the top, preceded by a page for the questions that stand outside any group."""
        loose = tuple(
            child for child in self.root.children if isinstance(child, Question) and child.kind not in _UNSEEN
        )
        first = (Group(self.root.path, self.root.name, self.root.label, loose),) if loose else ()
        return first + tuple(child for child in self.root.children if isinstance(child, Group))

    def section(self, path: str) -> Group:
        """The page of that path. Raises KeyError."""
        for group in self.sections:
            if group.path == path:
                return group
        raise KeyError(path)

    def repeats_above(self, path: str) -> tuple[str, ...]:
        """Paths of the repeats that a path goes through, outermost first, itself included."""
        names = path.split("/")
        above = ("/".join(names[: end + 1]) for end in range(1, len(names)))
        return tuple(step for step in above if isinstance(self.groups.get(step), Repeat))


_UNSEEN = frozenset({"calculate", "hidden"})
