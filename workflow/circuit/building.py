"""Plain data → Circuit. Every mistake is collected with its place, so that an author mends them in one go."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from workflow.circuit.model import (
    AUTHOR,
    Circuit,
    Escalation,
    Finding,
    Kind,
    OnRefusal,
    Refreshing,
    Rule,
    Stage,
    Step,
    Who,
)
from workflow.circuit.reading import Places, place_of

T = TypeVar("T")

_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_PATH = re.compile(r"/[A-Za-z_][\w.-]*(/[A-Za-z_][\w.-]*)*")
_MAX_DAYS = 400
_CIRCUIT = {"circuit", "label", "managed_by", "refresh", "stages"}
_STAGE = {"id", "label", "condition", "steps"}
_WHO = {"role", "body", "person_from", "organisation", "relation"}
_RULE = {"any", "all", "of", "percent", "per_organisation", "quorum", "veto"}
_STEP = set(Step.__dataclass_fields__)
_REFUSALS = {"end": OnRefusal(), "never": OnRefusal(possible=False), "back_to_author": OnRefusal(AUTHOR)}
SURVIVES = ("none", "all", "untouched_sections")
ENDS = ("approved", "refused")
TACIT = ("approve", "refuse", "no_opinion")


class Builder:
    """Reads one document; `findings` holds what is wrong with it. Unusable parts become harmless defaults."""

    def __init__(self, places: Places):
        self.places = places
        self.findings: list[Finding] = []

    def wrong(self, where: str, code: str, message: str, **params: object) -> None:
        self.findings.append(Finding("error", code, where, message, params, *place_of(self.places, where)))

    def circuit(self, data: object) -> Circuit | None:
        if not isinstance(data, Mapping):
            self.wrong("", "not_a_mapping", "A circuit is a set of keys: circuit, label, stages")
            return None
        self.known(data, _CIRCUIT, "")
        return Circuit(
            name=self.identifier(data, "circuit", ""),
            label=self.label(data, ""),
            stages=tuple(self.stage(item, f"stages[{rank}]") for rank, item in enumerate(self.items(data, "stages"))),
            hash=hashlib.sha256(_canonical(data)).hexdigest(),
            managed_by=self.optional(data, "managed_by", "", self.who),
            refresh=self.optional(data, "refresh", "", self.refresh),
            places=self.places,
        )

    def stage(self, data: object, at: str) -> Stage:
        data = self.mapping(data, at)
        self.known(data, _STAGE, at)
        steps = tuple(self.step(item, f"{at}.steps[{i}]") for i, item in enumerate(self.items(data, "steps", at)))
        return Stage(self.identifier(data, "id", at), self.label(data, at), steps, self.text(data, "condition", at))

    def step(self, data: object, at: str) -> Step:
        data = self.mapping(data, at)
        self.known(data, _STEP, at)
        return Step(
            id=self.identifier(data, "id", at),
            label=self.label(data, at),
            kind=Kind(self.choice(data, "kind", at, tuple(Kind), None) or Kind.FILL),
            who=self.who(data.get("who"), f"{at}.who"),
            rule=self.rule(data.get("rule", "any"), f"{at}.rule"),
            condition=self.text(data, "condition", at),
            sees=self.text(data, "sees", at),
            sections=self.words(data, "sections", at),
            delay=self.number(data, "delay", at, 1, _MAX_DAYS),
            reminders=self.numbers(data, "reminders", at),
            escalation=self.optional(data, "escalation", at, self.escalation),
            tacit=self.choice(data, "tacit", at, TACIT, None),
            send_back=self.words(data, "send_back", at) if "send_back" in data else None,
            on_refusal=self.on_refusal(data, at),
            survives=self.choice(data, "survives", at, SURVIVES, "none") or "none",
            separate_from=self.words(data, "separate_from", at),
            record_by=self.optional(data, "record_by", at, self.who),
            fresh=self.fresh(data, at),
        )

    def fresh(self, step: Mapping[str, object], at: str) -> tuple[str, ...] | bool:
        value = step.get("fresh", False)
        return value if isinstance(value, bool) else self.words(step, "fresh", at)

    def refresh(self, data: object, at: str) -> Refreshing:
        data = self.mapping(data, at)
        self.known(data, {"who", "after"}, at)
        after = self.words(data, "after", at) if "after" in data else ("approved",)
        for end in after:
            if end not in ENDS:
                message = "“%(key)s” must be one of: %(options)s"
                self.wrong(f"{at}.after", "choice", message, key="after", options=", ".join(ENDS))
        return Refreshing(self.who(data.get("who"), f"{at}.who"), after)

    def who(self, data: object, at: str) -> Who:
        data = self.mapping(data, at)
        self.known(data, _WHO, at)
        if sum(key in data for key in ("role", "body", "person_from")) != 1:
            self.wrong(at, "who", "Say exactly one of role, body, person_from")
        path = self.text(data, "person_from", at)
        if path is not None and not _PATH.fullmatch(path):
            self.wrong(f"{at}.person_from", "path", "“%(value)s” is not a path such as /data/A/A7", value=path)
        return Who(
            self.words(data, "role", at),
            self.text(data, "body", at),
            path,
            self.words(data, "organisation", at),
            self.text(data, "relation", at),
        )

    def rule(self, data: object, at: str) -> Rule:
        if data in ("any", "all"):
            return Rule(str(data))
        if not isinstance(data, Mapping):
            return self._no_rule(at)
        self.known(data, _RULE, at)
        kinds = [key for key in ("any", "all", "of", "percent", "per_organisation") if key in data]
        if len(kinds) > 1 or (not kinds and not data.get("veto")):
            return self._no_rule(at)
        kind = kinds[0] if kinds else "any"
        for flag in {"any", "all", "per_organisation"} & set(data):
            if data[flag] is not True:
                self.wrong(f"{at}.{flag}", "true", "Only “true” is possible here")
        if "quorum" in data and kind != "per_organisation":
            self.wrong(f"{at}.quorum", "quorum", "A quorum goes with per_organisation")
        return Rule({"of": "count"}.get(kind, kind), self._needed(data, kind, at), self.words(data, "veto", at))

    def _no_rule(self, at: str) -> Rule:
        self.wrong(at, "rule", "Say any, all, {of: k}, {percent: p} or {per_organisation: true, quorum: k}")
        return Rule()

    def _needed(self, data: Mapping[str, object], kind: str, at: str) -> int | None:
        if kind == "per_organisation":
            return self.number(data, "quorum", at, 1, 1000)
        if kind in ("of", "percent"):
            return self.number(data, kind, at, 1, 100 if kind == "percent" else 1000) or 1
        return None

    def on_refusal(self, step: Mapping[str, object], at: str) -> OnRefusal:
        """A signature may be refused only where the circuit says what then happens: remarks do not need a refusal."""
        data = step.get("on_refusal", "never" if step.get("kind") == Kind.SIGNATURE else "end")
        if isinstance(data, str) and data in _REFUSALS:
            return _REFUSALS[data]
        if isinstance(data, Mapping) and set(data) == {"back_to"}:
            return OnRefusal(self.identifier(data, "back_to", f"{at}.on_refusal"))
        self.wrong(f"{at}.on_refusal", "on_refusal", "Say end, never, back_to_author or {back_to: stage}")
        return OnRefusal()

    def escalation(self, data: object, at: str) -> Escalation:
        data = self.mapping(data, at)
        self.known(data, {"after", "to"}, at)
        after = self.number(data, "after", at, 0, _MAX_DAYS)
        return Escalation(after or 0, self.who(data.get("to"), f"{at}.to"))

    def mapping(self, data: object, at: str) -> Mapping[str, object]:
        if isinstance(data, Mapping):
            return data
        self.wrong(at, "not_a_mapping", "A set of keys is expected here")
        return {}

    def known(self, data: Mapping[str, object], keys: set[str], at: str) -> None:
        for key in data:
            if key not in keys:
                self.wrong(_join(at, key), "unknown_key", "Unknown key “%(key)s”", key=key)

    def items(self, data: Mapping[str, object], key: str, at: str = "") -> list[object]:
        value = data.get(key)
        if isinstance(value, list) and value:
            return value
        self.wrong(_join(at, key), "empty_list", "A list with at least one item is expected in “%(key)s”", key=key)
        return []

    def identifier(self, data: Mapping[str, object], key: str, at: str) -> str:
        value = data.get(key)
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
        self.wrong(_join(at, key), "identifier", "“%(key)s” must be lower-case letters, digits, - and _", key=key)
        return ""

    def label(self, data: Mapping[str, object], at: str) -> Mapping[str, str]:
        value, where = data.get("label"), _join(at, "label")
        if isinstance(value, Mapping) and all(isinstance(text, str) and text.strip() for text in value.values()):
            if "fr" not in value:
                self.wrong(where, "label_fr", "The French label is missing")
            return {language: str(text) for language, text in value.items()}
        self.wrong(where, "label", "A label is {fr: text, en: text}; put words such as “No” between quotes")
        return {}

    def text(self, data: Mapping[str, object], key: str, at: str) -> str | None:
        value = data.get(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.wrong(_join(at, key), "text", "“%(key)s” must be a text", key=key)
        return None

    def words(self, data: Mapping[str, object], key: str, at: str) -> tuple[str, ...]:
        value = data.get(key, [])
        value = [value] if isinstance(value, str) else value
        if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
            return tuple(value)
        self.wrong(_join(at, key), "words", "“%(key)s” must be a word or a list of words", key=key)
        return ()

    def number(self, data: Mapping[str, object], key: str, at: str, low: int, high: int) -> int | None:
        value = data.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and low <= value <= high):
            return value
        message = "“%(key)s” must be a whole number from %(low)d to %(high)d"
        self.wrong(_join(at, key), "number", message, key=key, low=low, high=high)
        return None

    def numbers(self, data: Mapping[str, object], key: str, at: str) -> tuple[int, ...]:
        value = data.get(key, [])
        if isinstance(value, list) and all(type(n) is int and -_MAX_DAYS <= n <= _MAX_DAYS for n in value):
            return tuple(sorted(set(value)))
        self.wrong(_join(at, key), "numbers", "“%(key)s” must be a list of whole numbers of days", key=key)
        return ()

    def choice(self, data: Mapping[str, object], key: str, at: str, among: tuple[str, ...], default: str | None):
        value = data.get(key, default)
        if value in among or (value is None and default is None and key != "kind"):
            return value
        options = ", ".join(among)
        self.wrong(_join(at, key), "choice", "“%(key)s” must be one of: %(options)s", key=key, options=options)
        return default

    def optional(self, data: Mapping[str, object], key: str, at: str, build: Callable[[object, str], T]) -> T | None:
        return build(data[key], _join(at, key)) if key in data else None


def _join(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key


def _canonical(data: object) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
