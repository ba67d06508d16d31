"""Why a command is refused: a code, an English msgid and its parameters; the sentence is for the doors to write."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MESSAGES: Mapping[str, str] = {
    "already_open": "This dossier is already open.",
    "closed": "This dossier is closed: nothing more can be decided.",
    "not_open": "This step does not wait for anybody now.",
    "wrong_kind": "This step does not ask for this kind of decision.",
    "not_yours": "This step is not yours to decide.",
    "not_recorder": "You may not enter this decision for somebody else.",
    "not_substitute": "You do not stand in for this person today.",
    "self_approval": "The person who filled the form may not approve it.",
    "separated": "You already acted at another step (%(other)s), which excludes deciding here.",
    "withdrew": "Whoever withdrew from a dossier in a sitting does not decide on it at a desk.",
    "already_decided": "You have already decided here.",
    "organisation_spoke": "Your organisation has already spoken: %(person)s decided on %(at)s.",
    "moved": "The answers changed after you opened this page. Look at what changed, then decide.",
    "reason_missing": "Give a reason.",
    "scan_missing": "Attach the scan of the paper that was signed.",
    "text_missing": "Write your comment.",
    "unknown_opinion": "Choose an opinion: favourable, favourable with reservation, unfavourable or none.",
    "unknown_channel": "Say whether it was signed on the screen or on paper.",
    "own_name_only": "A comment is written in one’s own name. What somebody else said goes into the decision that is "
    "entered for them.",
    "section_not_seen": "This step does not look at “%(sections)s”: it cannot be sent back for that.",
    "unknown_section": "The form has no section “%(section)s”.",
    "unknown_destination": "This dossier cannot be sent back there.",
    "not_author": "Only the person who filled the form may withdraw it.",
    "nothing_to_take_back": "There is nothing to take back: somebody acted after you, or you have not acted.",
    "not_manager": "Only the people in charge of this procedure may do this.",
    "stale": "Answers are too old to decide on: %(sections)s. They are brought up to date first.",
    "not_refreshable": "A form of this kind is not taken up again at this point.",
    "not_yours_to_refresh": "Bringing this form up to date is not yours to do.",
    "was_decided": "This file was decided on before: it can be annulled, no longer given up.",
    "other_steps": "The steps of the newer version are not those on which this file stands.",
    "unknown_person": "This person has no seat at this step.",
    "unknown_way": "This way of deciding is not known.",
    "only_asked": "Here one only answers what is asked at this step.",
    "not_of_body": "Only what is asked of a committee or group is decided in a sitting.",
    "not_secretary": "Only the secretary of this committee or group enters what was decided in a sitting.",
    "not_present": "This person was not present with a voice, or withdrew.",
    "not_linked": "This personal link is not, or no longer, valid here.",
    "question_missing": "Write your question.",
    "not_advisable": "This person cannot be asked for an opinion here.",
    "already_asked": "This person has already been asked.",
    "not_asked": "Nobody asked you for an opinion here.",
    "not_reached": "This file cannot be reopened at that point.",
    "not_later": "The new deadline must be later than the present one, and in the future.",
}


@dataclass(frozen=True)
class Refusal:
    """A command that changes nothing. code: see MESSAGES; message: msgid for params."""

    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


def refuse(code: str, **params: object) -> Refusal:
    """The refusal of that code."""
    return Refusal(code, MESSAGES[code], params)
