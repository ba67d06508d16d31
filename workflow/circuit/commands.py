"""What somebody asks for. `shown` is the hash of exactly what they saw; `*_ref` name texts kept elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from workflow.circuit.model import AUTHOR, Circuit

OPINIONS = ("favourable", "reserved", "unfavourable", "none")


@dataclass(frozen=True, kw_only=True)
class Command:
    """step: id of the step it speaks of; None for commands on the whole dossier."""

    step: str | None = None
    shown: str = ""


@dataclass(frozen=True, kw_only=True)
class Open(Command):
    """Start the course; whether somebody may is for the caller's policy."""


@dataclass(frozen=True, kw_only=True)
class Submit(Command):
    """Hand the filled form on."""


@dataclass(frozen=True, kw_only=True)
class Approve(Command):
    """Say yes."""


@dataclass(frozen=True, kw_only=True)
class ApproveWithReservation(Command):
    """Say yes, with a remark that does not block."""

    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class GiveOpinion(Command):
    """opinion: favourable | reserved | unfavourable | none; every one but favourable and none gives a reason."""

    opinion: str = ""
    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class SendBack(Command):
    """Ask for a correction, from the author or an earlier stage, of the whole or of chosen sections."""

    reason_ref: str = ""
    to: str = AUTHOR
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refuse(Command):
    """Say no."""

    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Sign(Command):
    """channel: screen | certificate | parapheur | paper; a paper signature names its scan by hash."""

    channel: str = "screen"
    scan_hash: str | None = None
    disagreement: bool = False
    remarks_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class TakeBack(Command):
    """Undo my last decision, until the next person acts."""


@dataclass(frozen=True, kw_only=True)
class Refresh(Command):
    """Take the form up again, with the answers it has: what is still so is confirmed, the rest is corrected."""


@dataclass(frozen=True, kw_only=True)
class Withdraw(Command):
    """The author gives the dossier up."""

    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Cancel(Command):
    """Whoever runs the circuit stops the dossier."""

    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Reassign(Command):
    """Pass a seat to somebody else: one's own (delegation), or anybody's for whoever runs the circuit."""

    from_person: str = ""
    to_person: str = ""
    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class ExtendDeadline(Command):
    """due: the new deadline (aware instant), later than the present one."""

    due: datetime | None = None
    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Remind(Command):
    """Remind those whom a step waits for, now."""


@dataclass(frozen=True, kw_only=True)
class Comment(Command):
    """Say something without deciding."""

    text_ref: str = ""
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class AskAdvice(Command):
    """Ask somebody for a second opinion before deciding; text_ref: the question."""

    of_person: str = ""
    text_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Advise(Command):
    """Give the second opinion one was asked for; see GiveOpinion."""

    opinion: str = ""
    reason_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Reopen(Command):
    """Whoever runs the circuit takes a closed dossier up again, at the author's or another stage it had reached."""

    reason_ref: str = ""
    to: str = AUTHOR


@dataclass(frozen=True, kw_only=True)
class ChangeVersion(Command):
    """Go on with a newer version of the procedure: its circuit, and the hashes of the versions left and taken.

    touched: steps whose readers would read other things; their votes fall. Whether somebody may is for the caller's
    policy; nobody is offered it on a dossier.
    """

    circuit: Circuit
    before: str
    after: str
    touched: frozenset[str] = frozenset()


ON_STEP = (
    Submit,
    Approve,
    ApproveWithReservation,
    GiveOpinion,
    Sign,
    SendBack,
    Refuse,
    Reassign,
    ExtendDeadline,
    Remind,
    AskAdvice,
    Advise,
)
ON_DOSSIER = (Open, TakeBack, Refresh, Reopen, Withdraw, Cancel, Comment)
COMMANDS: dict[str, type[Command]] = {kind.__name__: kind for kind in (*ON_STEP, *ON_DOSSIER)}
"""Every command by name."""
