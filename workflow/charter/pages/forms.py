"""Forms of drafts and contributions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import BooleanField, RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from workflow.charter.actions.contributing import LONGEST
from workflow.charter.pages.words import CONSENTS, LANGUAGES, OUTCOMES, RECORDED, SOURCES
from workflow.web import fields
from workflow.web.fields import Sheet


class Chosen(RadioField):
    """One of a few, shown at once; the sentence is ours where none or an unknown one was sent."""

    def __init__(self, label: str, options: Sequence[tuple[str, str]], **more: Any) -> None:
        needed = [InputRequired(later("Choose one of these."))]
        super().__init__(label, needed, choices=[], **more)
        self.choices = list(options)
        self.type = "RadioField"  # drawn like any other

    def pre_validate(self, form: Sheet) -> None:
        return None

    def post_validate(self, form: Sheet, validation_stopped: bool) -> None:
        if not validation_stopped and self.data not in dict(self.choices or ()):
            raise ValueError(_("Choose one of these."))


def one_of(label: str, choices: Iterable[tuple[str, str]], default: str = "", hint: str = "") -> Chosen:
    return Chosen(label, list(choices), default=default or None, description=hint)


def long_text(label: str, missing: str = "", longest: int = LONGEST, rows: int = 8, **more: str) -> TextAreaField:
    needed = [DataRequired(missing)] if missing else []
    return TextAreaField(label, [*needed, fields.too_long(longest)], render_kw={"rows": rows, "dir": "auto"}, **more)


class FrameForm(Sheet):
    title = fields.name_field(later("What the text is called"), later("Give the text a name."), 200)
    objective = long_text(
        later("What is discussed"),
        longest=4000,
        rows=4,
        description=later("In plain words: inhabitants read this first."),
    )
    limits = long_text(later("What is not open to discussion, and why"), longest=4000, rows=4)
    opens = fields.day(later("First day"))
    closes = fields.day(later("Last day"), description=later("Contributions are taken until midnight."))
    organisations = SelectMultipleField(later("Organisations that contribute"), choices=[], validate_choice=False)
    public = BooleanField(later("Inhabitants contribute too, on a public page, without an access"))
    moderation = long_text(
        later("What will not be published"),
        longest=4000,
        rows=4,
        description=later("Shown on the public page before anybody writes."),
    )
    groups = (
        ("", ("title", "objective", "limits")),
        (later("When, and by whom"), ("opens", "closes", "organisations")),
        (later("The public page"), ("public", "moderation")),
    )


class PassageForm(Sheet):
    title = fields.name_field(later("Title of the article"), later("Give the article a title."), 300)
    words = long_text(
        later("What it says"),
        rows=14,
        description=later("One line is one paragraph. A line that begins with a dash is a point of a list."),
    )
    after = fields.choice(later("Where it stands"))


class ContributeForm(Sheet):
    """What somebody says for their organisation, on one article or on the whole."""

    title = fields.words(later("Title of the article"), 300)
    words = long_text(later("What you have to say"), later("Write what you have to say."))
    organisation = fields.choice(later("You speak for"))
    consent = one_of(
        later("May it be published, once it was read?"),
        [(code, words) for code, words in CONSENTS.items()],
        default="named",
    )


class RecordForm(Sheet):
    """What somebody else said, keyed word for word."""

    said_by = one_of(
        later("Who speaks"),
        [
            ("inhabitant", later("An inhabitant")),
            ("group", later("A group of inhabitants")),
            ("organisation", later("An organisation")),
        ],
        default="inhabitant",
    )
    author = fields.words(later("Name, if they wish to give it"), 200)
    organisation = fields.choice(
        later("For which organisation"), description=later("Only where an organisation speaks.")
    )
    people = fields.count(later("How many persons, for a group"))
    source = one_of(later("How it came"), [(code, SOURCES[code]) for code in RECORDED])
    said_on = fields.day(later("Said or received on"), later("Write the day."))
    article = fields.choice(later("What it is about"))
    kind = one_of(
        later("What it is"),
        [
            ("comment", later("An opinion")),
            ("wording", later("Other words for the article")),
            ("new", later("An article to be added")),
        ],
        default="comment",
    )
    title = fields.words(later("Title, for an article to be added"), 300)
    words = long_text(
        later("Their words"),
        later("Write what they said."),
        description=later("Word for word, in their language: these words are never changed."),
    )
    lang = fields.choice(later("Language"))
    consent = one_of(
        later("May it be published, once it was read?"), [(code, words) for code, words in CONSENTS.items()]
    )
    address = fields.email(
        later("Mail address for the answer, if they wish"),
        description=later("Only used to send the answer."),
    )
    groups = (
        (later("Who speaks"), ("said_by", "author", "organisation", "people")),
        (later("How it came"), ("source", "said_on")),
        (later("What was said"), ("article", "kind", "title", "words", "lang")),
        (later("And then"), ("consent", "address")),
    )


class PublicForm(Sheet):
    """What anybody says. Nothing but the words is compulsory."""

    article = fields.choice(later("What it is about"))
    kind = one_of(
        later("What you wish to do"),
        [
            ("comment", later("Give an opinion")),
            ("wording", later("Propose other words for the article")),
            ("new", later("Propose one more article")),
        ],
        default="comment",
    )
    title = fields.words(later("Title, for one more article"), 300)
    words = long_text(
        later("Your words"),
        later("Write what you have to say."),
        description=later("In the language you like. Do not write about the private life of others."),
    )
    author = fields.words(later("Your name, if you wish to give it"), 200)
    consent = one_of(
        later("May your words be shown on this page, once they were read?"),
        [(code, words) for code, words in CONSENTS.items()],
        default="unnamed",
    )
    address = fields.email(
        later("Your mail address, if you wish to receive the answer"),
        description=later("Only used to send you the answer."),
    )


class AnswerForm(Sheet):
    outcome = one_of(later("What comes of it"), [(code, words) for code, (_family, words) in OUTCOMES.items()])
    article = fields.choice(later("In which article"))
    put = BooleanField(later("Put these words into the next version as they are"))
    reason = long_text(
        later("Why"),
        later("Say why: its author reads it."),
        longest=4000,
        rows=4,
        description=later("In plain words: the author receives this."),
    )
    whole = BooleanField()


class ReadForm(Sheet):
    reason = long_text(
        later("Why it is set aside"),
        longest=4000,
        rows=3,
        description=later("Its author reads it, when they left an address."),
    )


class GroupForm(Sheet):
    title = fields.words(later("What they ask for, in a few words"), 200)


def listed(labels: Sequence[tuple[str, str]], empty: str) -> list[tuple[str, str]]:
    """The choices of a list whose empty one says something."""
    return [("", empty), *labels]


def languages() -> list[tuple[str, str]]:
    return [(code, str(words)) for code, words in LANGUAGES.items()]
