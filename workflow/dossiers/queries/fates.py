"""What would become of an open dossier under a newer version of its form.

A dossier that is being filled in goes on freely: what finds no place any more stays readable. One that somebody judges
goes on only where nobody who judges reads anything else than before, and what was handed on is the same. A closed one
never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import select

from forms.carrying import KEPT, Carried, carry, place_of
from forms.comparing import FormChange, compare
from forms.instance import Instance
from forms.structure import Form
from forms.versions import section_hashes
from forms.visibility import EVERYTHING, Lens, may_see, view
from workflow.access import LENSES, ROLES
from workflow.approvals.queries import Standing
from workflow.catalogue.queries import Published, current, version
from workflow.circuit.changing import goes_on
from workflow.circuit.decide import editable_sections
from workflow.circuit.definition import Circuit, Kind, Step
from workflow.db import db
from workflow.dossiers.models import AnswerSet, Dossier
from workflow.dossiers.queries.answers import circumstances, opened, present_set
from workflow.dossiers.queries.judged import met
from workflow.dossiers.rules import LOSES, MOVES
from workflow.record.queries import key_of

DECIDED_ON = ("documents", "agreements", "lenses")  # of a procedure.yaml: what a decision rests upon
SEATED = ROLES["siege_commission"].lens


def target_of(row: Dossier) -> Published | None:
    """The version on which a dossier of this household would begin today."""
    return current(row.slug, row.operation_id, row.about.landlord)


def behind(operation: str, slug: str) -> list[Dossier]:
    """Open dossiers of an operation that are not on that version, in the order of their references."""
    asked = select(Dossier).where(Dossier.operation_id == operation, Dossier.slug == slug, Dossier.closed.is_(False))
    rows = db.session.scalars(asked.order_by(Dossier.reference))
    return [row for row in rows if (to := target_of(row)) is not None and to.hash != row.procedure]


@dataclass(frozen=True)
class Fate:
    """code: one of rules.FATES. lost: paths of the questions whose answers find no place, under the form left.

    left, to: hashes of the versions.
    """

    code: str
    lost: tuple[str, ...] = ()
    left: str = ""
    to: str = ""

    @property
    def moves(self) -> bool:
        return self.code in (MOVES, LOSES)


class Moving:
    """One dossier, as it stands, before another version of its procedure."""

    def __init__(self, row: Dossier, known: Standing, to: Published, *, lock: bool = False) -> None:
        self.row, self.known, self.to = row, known, to
        self.old = known.published
        self.lock = lock

    @cached_property
    def stored(self) -> AnswerSet:
        return present_set(self.row, lock=self.lock)

    @cached_property
    def before(self) -> Instance:
        instance = opened(self.row, self.stored)[0]
        instance.recompute()
        return instance

    @cached_property
    def carried(self) -> Carried:
        now = circumstances(self.row.operation_id)
        found = carry(self.before, self.to.form, now, self.old.form.default_language)
        found.instance.recompute()
        return found

    @cached_property
    def drafted(self) -> bool:
        """Whether only who fills it in is asked at the moment."""
        steps = [self.old.circuit.step(step) for step in self.known.state.open]
        return bool(steps) and all(step.kind is Kind.FILL for step in steps)

    @cached_property
    def touched(self) -> frozenset[str]:
        """Steps whose readers would read something else, or something in other words."""
        lenses = readers(self.old.circuit)
        return frozenset(step for step, seen in lenses.items() if any(self._reads_else(lens) for lens in seen))

    def _reads_else(self, lens: Lens) -> bool:
        if any(_concerns(change, self.old.form, self.to.form, lens) for change in changes(self.old.hash, self.to.hash)):
            return True
        lang = self.old.form.default_language
        if lang not in self.to.form.languages:
            return True
        return view(self.before, lens, lang) != view(self.carried.instance, lens, lang)

    @cached_property
    def fate(self) -> Fate:
        code = next(self._hindrances(), "")
        hashes = (self.old.hash, self.to.hash)
        if code:
            return Fate(code, (), *hashes)
        lost = tuple(dict.fromkeys(place_of(fate.path) for fate in self.carried.lost))
        return Fate(LOSES if lost else MOVES, lost, *hashes)

    def _hindrances(self) -> Iterator[str]:
        if self.known.state.closed:
            yield "closed"
        elif key_of(self.row.subject) is None:
            yield "erased"
        elif not goes_on(self.old.circuit, self.to.circuit, self.known.state):
            yield "other_steps"
        elif self.drafted:
            yield from self._of_a_draft()
        else:
            yield from self._of_one_judged()

    def _of_a_draft(self) -> Iterator[str]:
        """After a return on chosen sections, nothing may be wrong where nobody may write."""
        state, circuit = self.known.state, self.to.circuit
        if not (state.correction and state.correction.sections):
            return
        names = [section.name for section in self.to.form.sections]
        open_now = {name for step in state.open for name in editable_sections(circuit, state, step, names)}
        known = {error.path for error in self.before.errors()}
        for error in self.carried.instance.errors():
            if error.path not in known and error.path.split("/")[2].partition("[")[0] not in open_now:
                yield "closed_section"

    def _of_one_judged(self) -> Iterator[str]:
        if (self.old.circuit.hash, self.old.models) != (self.to.circuit.hash, self.to.models):
            yield "other_steps"
        if any(self.old.settings.get(key) != self.to.settings.get(key) for key in DECIDED_ON):
            yield "other_steps"
        if any(fate.kind != KEPT for fate in self.carried.fates):
            yield "answers_change"
        if section_hashes(self.before) != section_hashes(self.carried.instance):
            yield "answers_change"
        if self.touched or _other_course(self.old.circuit, self.before, self.carried.instance):
            yield "seen"


# -- who reads what -----------------------------------------------------------------------------------------------


def readers(circuit: Circuit) -> dict[str, frozenset[Lens]]:
    """Step → the lenses through which those who judge there read: what the step says, and what their role gives."""
    return {step.id: _lenses(step) for step in circuit.steps() if step.kind not in (Kind.FILL, Kind.INFORMATION)}


def _lenses(step: Step) -> frozenset[Lens]:
    names = {ROLES[role].lens for role in step.who.role if role in ROLES}
    names |= {SEATED} if step.who.body else set()
    told = {LENSES[name] for name in names}
    return frozenset(told | {LENSES.get(step.sees or "", EVERYTHING)})


@lru_cache(maxsize=32)
def changes(old: str, new: str) -> tuple[FormChange, ...]:
    """What differs between the forms of two versions, by their hashes."""
    older, newer = version(old).form, version(new).form
    return tuple(compare(older, newer, newer.default_language))


def _concerns(change: FormChange, old: Form, new: Form, lens: Lens) -> bool:
    """Whether a reader through this lens may see what changed, in either version."""
    found = [form.questions[change.path] for form in (old, new) if change.path in form.questions]
    for form in (old, new):
        group = form.groups.get(change.path)
        found += group.questions() if group else ()
    return any(may_see(question, lens) for question in found)


def _other_course(circuit: Circuit, before: Instance, after: Instance) -> bool:
    """Whether a condition of the steps to come would be met otherwise."""
    conditions = [stage.condition for stage in circuit.stages] + [step.condition for step in circuit.steps()]
    return any(met(before, one) != met(after, one) for one in conditions if one)
