"""The front matter of a model, read and judged: for what it is written, who signs, what is asked, what is annexed.

Nothing here refuses a model: what cannot be used is reported with its line and left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from documents import front_yaml
from documents.filters import as_text
from documents.findings import Finding

ABOUT = ("household", "operation", "body")
KINDS = ("letter", "agreement", "notice", "sheet", "minutes", "report")
NUMBERING = ("articles", "sections", "none")
ASKED = ("date", "text", "number", "choice")
SIGNING = ("field", "name", "capacity", "organisation", "deliberation", "place", "date")
UNNAMED = "“%(name)s” cannot name a value: small letters, digits and _ only."
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
ATTACHED = "attached"


@dataclass(frozen=True, slots=True)
class Audience:
    """A reader the model makes a version for; `levels` are the levels of answers that reader may see."""

    name: str
    label: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A value the system does not know and asks for; the model reads it as `{{ asked.NAME }}`."""

    name: str
    type: str = "text"
    label: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """`title`: Liquid; `model`: the slug of the model that is compiled in, "" when a file is attached instead.
    `audiences`: who gets it, every reader where none is named.
    """

    title: str
    model: str = ""
    line: int = 1
    audiences: tuple[str, ...] = ()

    def is_for(self, audience: str) -> bool:
        """Whether that reader gets it; everything is for whoever is no reader ("")."""
        return not (audience and self.audiences) or audience in self.audiences


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`parties`: Liquid; `signatories`: for each, Liquid by name of `SIGNING`, with the line of the entry."""

    about: str = ""
    kind: str = ""
    numbering: str = "articles"
    contents: bool = False
    large_print: bool = False
    parties: tuple[tuple[str, int], ...] = ()
    signatories: tuple[tuple[Mapping[str, str], int], ...] = ()
    audiences: tuple[Audience, ...] = ()
    annexes: tuple[Annex, ...] = ()
    asks: tuple[Ask, ...] = ()


@dataclass(slots=True)
class _Reader:
    """One reading: the values, what is found, and where each key and entry stands."""

    meta: Mapping[str, object]
    written: str
    found: list[Finding] = field(default_factory=list)
    lines: Mapping[tuple[object, ...], int] = field(default_factory=dict)
    labels: list[tuple[Mapping[object, object], str, int]] = field(default_factory=list)

    def line(self, *path: object) -> int:
        self.lines = self.lines or _lines(self.written)  # read a second time only where a line is asked for
        return self.lines.get(path, self.lines.get(path[:1], 1))

    def say(self, msgid: str, params: Mapping[str, object], *path: object) -> None:
        self.found.append(Finding("front_matter_value", msgid, params, self.line(*path)))

    def word(self, key: str, allowed: tuple[str, ...], otherwise: str) -> str:
        value = self.meta.get(key)
        if value is None or value in allowed:
            return otherwise if value is None else str(value)
        msgid = "“%(value)s” is not known under “%(key)s”; one of %(allowed)s is."
        self.say(msgid, {"value": as_text(value)[:80], "key": key, "allowed": ", ".join(allowed)}, key)
        return otherwise

    def yes(self, key: str) -> bool:
        value = self.meta.get(key, False)
        if not isinstance(value, bool):
            self.say("“%(key)s” is either true or false.", {"key": key}, key)
        return value is True

    def entries(self, key: str) -> Iterator[tuple[int, Mapping[str, object]]]:
        """The entries of a list of names and values, each with its place in the list."""
        given = self.meta.get(key)
        if given is not None and not isinstance(given, list):
            self.say("“%(key)s” is a list.", {"key": key}, key)
            return
        for at, one in enumerate(given or []):
            entry = {"name": one} if isinstance(one, str) else one
            if isinstance(entry, Mapping):
                yield at, entry
            else:
                self.say("An entry of “%(key)s” has no name.", {"key": key}, key, at)

    def text(self, entry: Mapping[str, object], name: str, key: str, at: int) -> str:
        """A text that an entry must have; its lack is reported."""
        said = as_text(entry.get(name)).strip()
        if not said:
            self.say("An entry of “%(key)s” has no “%(name)s”.", {"key": key, "name": name}, key, at)
        return said

    def label(self, entry: Mapping[str, object], key: str, at: int) -> str:
        """What an entry is called: a text, or one for each language, of which that of the model counts."""
        said = entry.get("label")
        if not isinstance(said, Mapping):
            return as_text(said)
        self.labels.append((said, key, at))
        lang = as_text(self.meta.get("lang")) or "fr"
        return as_text(said.get(lang) or next(iter(said.values()), ""))

    def untranslated(self) -> None:
        """A label that lacks a language in which another one is told."""
        languages = {str(lang) for said, _, _ in self.labels for lang in said}
        for said, key, at in self.labels:
            for lang in sorted(languages - {str(one) for one, words in said.items() if words}):
                msgid = "“%(label)s” is not translated into “%(lang)s”."
                params = {"label": as_text(next(iter(said.values()), ""))[:80], "lang": lang}
                self.found.append(Finding("translation", msgid, params, self.line(key, at)))


def read(meta: Mapping[str, object], text: str) -> tuple[FrontMatter, tuple[Finding, ...]]:
    """What the front matter says. `meta`: as YAML reads it; `text`: the YAML itself, which begins on line 2."""
    reader = _Reader(meta, text)
    said = FrontMatter(
        about=reader.word("about", ABOUT, ""),
        # Papers of a procedure may bear any word of their own; a model that stands alone says which kind it is.
        kind=reader.word("kind", KINDS, "") if "about" in meta else as_text(meta.get("kind")),
        numbering=reader.word("numbering", NUMBERING, "articles"),
        contents=reader.yes("contents"),
        large_print=reader.yes("large_print"),
        parties=tuple(_parties(reader)),
        signatories=tuple(_signatories(reader)),
        audiences=tuple(_audiences(reader)),
        annexes=tuple(_annexes(reader)),
        asks=tuple(_asks(reader)),
    )
    reader.untranslated()
    return said, tuple(reader.found)


def _parties(reader: _Reader) -> Iterator[tuple[str, int]]:
    for at, entry in reader.entries("parties"):
        if name := reader.text(entry, "name", "parties", at):
            yield name, reader.line("parties", at)


def _signatories(reader: _Reader) -> Iterator[tuple[Mapping[str, str], int]]:
    for at, entry in reader.entries("signatories"):
        unknown = [str(name) for name in entry if name not in SIGNING]
        if unknown:
            msgid = "A signatory has “%(name)s”, which is not known; %(allowed)s are."
            reader.say(msgid, {"name": unknown[0], "allowed": ", ".join(SIGNING)}, "signatories", at)
        if reader.text(entry, "name", "signatories", at):
            said = {name: as_text(entry[name]) for name in SIGNING if name in entry}
            yield said, reader.line("signatories", at)


def _audiences(reader: _Reader) -> Iterator[Audience]:
    for at, entry in reader.entries("audiences"):
        name, levels = reader.text(entry, "name", "audiences", at), entry.get("levels")
        if name and not _NAME.fullmatch(name):
            reader.say(UNNAMED, {"name": name}, "audiences", at)
        elif name:
            yield Audience(name, reader.label(entry, "audiences", at), tuple(map(str, levels)) if levels else ())


def _annexes(reader: _Reader) -> Iterator[Annex]:
    for at, entry in reader.entries("annexes"):
        title, model, line = (
            reader.text(entry, "title", "annexes", at),
            as_text(entry.get("model")),
            reader.line("annexes", at),
        )
        if bool(model) == (entry.get("file") == ATTACHED) or (model and not _SLUG.fullmatch(model)):
            msgid = "An annex is either “model: NAME” or “file: attached”."
            reader.say(msgid, {}, "annexes", at)
        elif title:
            yield Annex(title, model, line, _for_whom(reader, entry, at))


def _for_whom(reader: _Reader, entry: Mapping[str, object], at: int) -> tuple[str, ...]:
    """The readers of an annex; a name that is no reader of the model is reported."""
    given = entry.get("audiences")
    names = tuple(map(as_text, given)) if isinstance(given, list) else (as_text(given),) if given else ()
    told = {as_text(one.get("name")) for _at, one in reader.entries("audiences")}
    for name in names:
        if name not in told:
            msgid = "“%(name)s” gets an annex and is none of the “audiences” of the model."
            reader.say(msgid, {"name": name[:80]}, "annexes", at)
    return names


def _asks(reader: _Reader) -> Iterator[Ask]:
    for at, entry in reader.entries("asks"):
        name, kind = reader.text(entry, "name", "asks", at), as_text(entry.get("type") or "text")
        given = entry.get("choices")
        choices = tuple(map(as_text, given)) if isinstance(given, list) else ()
        if name and not _NAME.fullmatch(name):
            reader.say(UNNAMED, {"name": name}, "asks", at)
        elif kind not in ASKED or (kind == "choice") != bool(choices):
            msgid = "“%(name)s” is asked as %(type)s; one of %(allowed)s is possible, and choices belong to choice."
            reader.say(msgid, {"name": name, "type": kind, "allowed": ", ".join(ASKED)}, "asks", at)
        elif name:
            yield Ask(name, kind, reader.label(entry, "asks", at) or name, entry.get("required") is True, choices)


def _lines(text: str) -> dict[tuple[object, ...], int]:
    """The line in the file of every key of the first level, and of every entry of a list under it."""
    node = front_yaml.tree(text)
    lines: dict[tuple[object, ...], int] = {}
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        lines[(key.value,)] = key.start_mark.line + 2
        if isinstance(value, yaml.SequenceNode):
            for at, entry in enumerate(value.value):
                lines[(key.value, at)] = entry.start_mark.line + 2
    return lines
