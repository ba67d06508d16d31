"""A document model: YAML front matter, Markdown and Liquid → the content tree.

    ---
    title: "Fiche de {{ household.display }}"
    lang: fr
    ---
    ## Logement
    Loyer : {{ rent | euro }}

Values never become markup (`documents.values`); names are strict; loops, output and values are bounded.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import yaml
from liquid import BoundTemplate
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError, UnknownFilterError

from documents import markdown
from documents.content import Block, Document, Meta, QRCode, walk
from documents.filters import as_text
from documents.findings import Finding, ModelRefused
from documents.liquid_room import alone_on_their_lines, environment
from documents.values import MOST_TEXT, VAULT_KEY, TooLong, Vault, clean, without_marks

__all__ = ["Finding", "Model", "ModelRefused", "Rendered", "load", "render"]

LANGUAGES = ("fr", "en")
_UNKNOWN_FILTER = "There is no such filter: %(detail)s"


@dataclass(frozen=True, slots=True)
class Model:
    """`meta`: the front matter; `body`: what follows it; `first_line`: the line of the file where the body begins."""

    meta: Mapping[str, object]
    body: str
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class Rendered:
    document: Document
    findings: tuple[Finding, ...]


def load(text: str) -> Model:
    """Read a model and check its Liquid. Raises ModelRefused with the lines at fault."""
    meta, body, first_line = _split(without_marks(clean(text.lstrip("\ufeff"))))
    model = Model(meta, body, first_line)
    if not str(meta.get("title") or "").strip():
        raise _refused("no_title", "The model has no title in its front matter.", line=1)
    if len(body) > MOST_TEXT:
        raise _refused("too_long", "The model is too long.")
    for source in (str(meta["title"]), str(meta.get("subtitle") or "")):
        _parse(source, model, in_body=False)
    _check_filters(alone_on_their_lines(body), model)
    return model


def render(
    model: Model,
    data: Mapping[str, object],
    *,
    lang: str,
    reference: str,
    date: datetime.date,
    verify_url: str | None,
    issuer: str,
) -> Rendered:
    """The paper of `data`: plain dicts, lists, texts, numbers and dates. Raises ModelRefused (unknown name, too long).

    `reference`, `date`, `verify_url` and `issuer` stand round the text and may be written in it
    (`{{ reference }}`…) unless `data` has values of these names.
    """
    found: list[Finding] = []
    vault = Vault()
    around = {"reference": reference, "date": date, "verify_url": verify_url, "issuer": issuer, "lang": lang}
    names = {**around, **data, VAULT_KEY: vault}
    title, subtitle = (
        _line(model, vault, names, lang, str(model.meta.get(key) or "")) for key in ("title", "subtitle")
    )
    text = _written(model, _parse(alone_on_their_lines(model.body), model, lang=lang), names)
    blocks = markdown.blocks(text, vault, lang, verify_url, found)
    meta = Meta(
        reference=reference,
        version=as_text(model.meta.get("version")),
        date=date.isoformat(),
        issuer=issuer,
        subtitle=subtitle,
        kind=as_text(model.meta.get("kind")),
        typeface="serif" if model.meta.get("typeface") == "serif" else "sans",
        verify_url=verify_url,
    )
    return Rendered(Document(title, lang, meta, _verifiable(blocks, verify_url)), tuple(found))


def _split(text: str) -> tuple[dict[str, object], str, int]:
    lines = text.split("\n")
    ends = [at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"]
    if lines[0].rstrip() != "---" or not ends:
        raise _refused("front_matter", "The model must begin with its front matter between two lines “---”.", line=1)
    try:
        meta = yaml.safe_load("\n".join(lines[1 : ends[0]]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise _refused("front_matter", "The front matter cannot be read as YAML.", line=line) from None
    if not isinstance(meta, dict):
        raise _refused("front_matter", "The front matter is not a list of names and values.", line=1)
    return meta, "\n".join(lines[ends[0] + 1 :]), ends[0] + 2


def _check_filters(source: str, model: Model) -> None:
    """Liquid only notices an unknown filter while writing; an author wants to know before."""
    template = _parse(source, model)
    used = template.analyze(include_partials=False).filters
    unknown = [(name, span) for name, spans in used.items() for span in spans if name not in template.env.filters]
    found = [
        Finding(
            "unknown_filter", _UNKNOWN_FILTER, {"detail": name}, source.count("\n", 0, span.index) + model.first_line
        )
        for name, span in unknown
    ]
    if found:
        raise ModelRefused(tuple(sorted(found, key=lambda finding: finding.line or 0)))


def _parse(source: str, model: Model, *, in_body: bool = True, lang: str | None = None) -> BoundTemplate:
    spoken = lang or str(model.meta.get("lang") or LANGUAGES[0])
    try:
        return environment(spoken if spoken in LANGUAGES else LANGUAGES[-1]).from_string(source)
    except LiquidError as error:
        raise _liquid_refused(error, model, in_body) from None


def _written(model: Model, template: BoundTemplate, names: Mapping[str, object], *, in_body: bool = True) -> str:
    try:
        return template.render(names)
    except TooLong:
        raise _refused("too_long", "The paper would be too long.") from None
    except LiquidError as error:
        raise _liquid_refused(error, model, in_body) from None


def _line(model: Model, vault: Vault, names: Mapping[str, object], lang: str, source: str) -> str:
    template = _parse(source, model, in_body=False, lang=lang)
    return " ".join(vault.open(_written(model, template, names, in_body=False)).split())


def _liquid_refused(error: LiquidError, model: Model, in_body: bool) -> ModelRefused:
    context = error.context()
    line = (context[0] + model.first_line - 1 if in_body else 1) if context else None
    if isinstance(error, UndefinedError):
        return _refused("unknown_name", "A name is written that does not exist: %(detail)s", _detail(error), line)
    if isinstance(error, UnknownFilterError):
        return _refused("unknown_filter", _UNKNOWN_FILTER, _detail(error), line)
    if isinstance(error, ResourceLimitError):
        return _refused("too_long", "The paper would be too long.", line=line)
    return _refused("liquid_syntax", "This cannot be read as Liquid: %(detail)s", _detail(error), line)


def _detail(error: LiquidError) -> dict[str, object]:
    return {"detail": str(error.message)}


def _refused(code: str, msgid: str, params: dict[str, object] | None = None, line: int | None = None) -> ModelRefused:
    return ModelRefused((Finding(code, msgid, params or {}, line),))


def _verifiable(blocks: tuple[Block, ...], verify_url: str | None) -> tuple[Block, ...]:
    """The verification code closes every paper that has an address to verify it, unless the model placed it."""
    if verify_url is None or any(isinstance(block, QRCode) for block in walk(blocks)):
        return blocks
    return (*blocks, QRCode(verify_url))
