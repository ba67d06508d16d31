"""A document model: YAML front matter, Markdown and Liquid → the content tree.

    ---
    title: "Fiche de {{ household.display }}"
    lang: fr
    ---
    ## Logement
    Loyer : {{ rent | euro }}

Values never become markup (`documents.values`); names are strict; loops, output and values are bounded. The syntax is
described in docs/models.md.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import yaml
from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from documents import annexes, front_matter, front_yaml
from documents.annexes import AnnexFile
from documents.content import Block, Document, Meta, QRCode, SignatureBlock, Signatures, walk
from documents.filters import as_text
from documents.findings import Finding, ModelRefused
from documents.from_data import signature
from documents.front_matter import FrontMatter
from documents.library import EMPTY, Library
from documents.liquid_room import alone_on_their_lines, environment
from documents.markdown import Around, Reading, reading
from documents.references import with_references
from documents.refusals import UNKNOWN_FILTER, liquid_refused, refused
from documents.source import Place, Source, plain_source, uses, with_clauses
from documents.values import MOST_TEXT, VAULT_KEY, TooLong, Vault, clean, without_marks

__all__ = ["AnnexFile", "Finding", "Library", "Model", "ModelRefused", "Rendered", "load", "render"]

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Model:
    """`meta`: the front matter; `body`: what follows it; `first_line`: the line of the file where the body begins.

    `front`: the front matter, judged, with its `findings`; `clauses`: those the body may call for, by name;
    `files`: the pictures beside it; `annexed`: the models of its annexes, by slug.
    """

    meta: Mapping[str, object]
    body: str
    first_line: int = 1
    front: FrontMatter = field(default_factory=FrontMatter)
    findings: tuple[Finding, ...] = ()
    clauses: Mapping[str, Source] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    annexed: Mapping[str, "Model"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendered:
    """`parties` as the front matter names them, without those who are nobody here; `signatories`: those of the front
    matter, then whoever else signs in the text; `attachments`: for `documents.pdf.write`, after the source data.
    """

    document: Document
    findings: tuple[Finding, ...]
    parties: tuple[str, ...] = ()
    signatories: tuple[SignatureBlock, ...] = ()
    attachments: tuple[tuple[str, str, bytes, str], ...] = ()


def load(text: str, library: Library = EMPTY, *, is_annex: bool = False) -> Model:
    """Read a model and check its Liquid. Raises ModelRefused with the lines at fault.

    `library`: the clauses, pictures and other models it may call for; an annex has no annexes of its own.
    """
    meta, yaml_text, body, first_line = _split(without_marks(clean(text.lstrip("\ufeff"))))
    if not str(meta.get("title") or "").strip():
        raise refused("no_title", "The model has no title in its front matter.", line=1)
    if len(body) > MOST_TEXT:
        raise refused("too_long", "The model is too long.")
    front, found = front_matter.read(meta, yaml_text)
    lang = str(meta.get("lang") or LANGUAGES[0])
    if lang not in LANGUAGES:
        msgid = "The words round the text (pages, dates, signatures) are not translated into “%(lang)s”."
        found = (*found, Finding("translation", msgid, {"lang": lang[:20]}, 1))
    source = plain_source(body, first_line)
    clauses = _clauses(library.clauses, source, lang)
    for words in (str(meta["title"]), str(meta.get("subtitle") or "")):
        parsed(plain_source(words, 1), lang)
    _check_filters(_with_clauses(source, clauses, ""), lang)
    annexed = {one.model: _annexed(one, library) for one in front.annexes if one.model and not is_annex}
    return Model(meta, body, first_line, front, found, clauses, library.files, annexed)


def render(
    model: Model,
    data: Mapping[str, object],
    *,
    lang: str,
    reference: str,
    date: datetime.date,
    verify_url: str | None,
    issuer: str,
    annex_files: Sequence[AnnexFile] = (),
) -> Rendered:
    """The paper of `data`: plain dicts, lists, texts, numbers and dates. Raises ModelRefused (unknown name, too long).

    `reference`, `date`, `verify_url` and `issuer` stand round the text and may be written in it
    (`{{ reference }}`…) unless `data` has values of these names. `annex_files`: one for each annex of the front matter
    that is attached, in their order; further ones are annexes of their own title. What is not for `data["audience"]`
    is left out, its name too.
    """
    vault = Vault()
    around = {"reference": reference, "date": date, "verify_url": verify_url, "issuer": issuer, "lang": lang}
    room = _Room(lang, vault, {**around, **data, VAULT_KEY: vault}, landlord_of(data))
    found: list[Finding] = []
    signatories = tuple(_signatories(model, room, found))
    asked: dict[str, Place] = {}
    whole = reading(vault, Around(verify_url, model.front.numbering, model.files, signatories), found)
    blocks = _read(model, room, whole, asked)
    reader = as_text(data.get("audience"))
    for at, annex in enumerate(one for one in model.front.annexes if one.model and one.is_for(reader)):
        inner = model.annexed[annex.model]
        signing = tuple(_signatories(inner, room, found))
        read = whole.within(Around(verify_url, inner.front.numbering, inner.files, signing), f"{at + 1}/")
        blocks += _read(inner, room, read, asked, room.line(annex.title, annex.line))
    told = [(room.line(one.title, one.line), one.is_for(reader)) for one in model.front.annexes if not one.model]
    titles, given = annexes.for_reader(told, annex_files, reader)
    blocks += annexes.listed(titles, given, whole.numbers, found)
    blocks, numbered = with_references(blocks, asked, lang, found)
    meta = Meta(
        reference=reference,
        version=as_text(model.meta.get("version")),
        date=date.isoformat(),
        issuer=issuer,
        subtitle=room.line(str(model.meta.get("subtitle") or "")),
        kind=as_text(model.meta.get("kind")),
        typeface="serif" if model.meta.get("typeface") == "serif" else "sans",
        verify_url=verify_url,
        contents=model.front.contents,
        large_print=model.front.large_print,
        numbered=numbered,
    )
    document = Document(room.line(str(model.meta["title"])), lang, meta, _verifiable(blocks, verify_url))
    parties = tuple(filter(None, (room.line(name, line) for name, line in model.front.parties)))
    signing = _all_signing(signatories, blocks)
    return Rendered(document, (*model.findings, *found), parties, signing, annexes.attachments(given))


@dataclass(frozen=True, slots=True)
class _Room:
    """What every template of one rendering is written with."""

    lang: str
    vault: Vault
    names: Mapping[str, object]
    landlord: str

    def line(self, source: str, line: int = 1) -> str:
        """A text of the front matter, which stands on that line of the file, on one line with its values."""
        place = plain_source(source, line)
        return " ".join(self.vault.open(self.text(place)).split())

    def text(self, source: Source) -> str:
        """The source with a token for every value. Raises ModelRefused."""
        template = parsed(source, self.lang)
        try:
            return template.render(self.names)
        except TooLong:
            raise refused("too_long", "The paper would be too long.") from None
        except LiquidError as error:
            raise liquid_refused(error, source) from None


def _read(model: Model, room: _Room, read: Reading, asked: dict[str, Place], title: str = "") -> tuple[Block, ...]:
    """The blocks of a model, with `title` those of an annex; what they refer to is added to `asked`."""
    text, source = _written(model, room)
    before = len(read.found)
    blocks = read.annex(text, title) if title else read.blocks(text)
    read.found[before:] = [source.located(one) for one in read.found[before:]]
    asked |= {anchor: source.place(line) for anchor, line in read.inline.asked.items()}
    return blocks


def whole_source(model: Model, landlord: str = "") -> Source:
    """The body with its clauses in place, those of that landlord where there are some. Raises ModelRefused."""
    source = _with_clauses(plain_source(model.body, model.first_line), model.clauses, landlord)
    return replace(source, text=alone_on_their_lines(source.text))


def _written(model: Model, room: _Room) -> tuple[str, Source]:
    """The body with a token for every value, and where each of its lines comes from."""
    source = whole_source(model, room.landlord)
    return room.text(source), source


def _signatories(model: Model, room: _Room, found: list[Finding]) -> Iterator[SignatureBlock]:
    """Who signs, each text with its values; whoever has no name, capacity or organisation is left out."""
    for said, line in model.front.signatories:
        block = signature({name: room.line(text, line) for name, text in said.items()}, found)
        if block.name or block.capacity or block.organisation:
            yield block


def _all_signing(named: tuple[SignatureBlock, ...], blocks: tuple[Block, ...]) -> tuple[SignatureBlock, ...]:
    """Those who are named, then those who sign in the text only (a loop over people, an annex); each once."""
    placed = (one for row in walk(blocks) if isinstance(row, Signatures) for one in row.blocks)
    return tuple({(one.name, one.capacity, one.organisation): one for one in reversed((*named, *placed))}.values())[
        ::-1
    ]


def landlord_of(data: Mapping[str, object]) -> str:
    landlord = data.get("landlord")
    return as_text(landlord.get("slug") if isinstance(landlord, Mapping) else landlord)


def front_matter_of(text: str) -> Mapping[str, object]:
    """The front matter of a model whose text may still be at fault. Raises ModelRefused when it has none."""
    return _split(text.lstrip("\ufeff"))[0]


def _split(text: str) -> tuple[dict[str, object], str, str, int]:
    """The front matter as YAML reads it and as it is written, the body, and the line where the body begins."""
    lines = text.split("\n")
    ends = [at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"]
    if lines[0].rstrip() != "---" or not ends:
        raise refused("front_matter", "The model must begin with its front matter between two lines “---”.", line=1)
    told = "\n".join(lines[1 : ends[0]])
    try:
        meta = front_yaml.values(told)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise refused("front_matter", "The front matter cannot be read as YAML.", line=line) from None
    if not isinstance(meta, dict):
        raise refused("front_matter", "The front matter is not a list of names and values.", line=1)
    return meta, told, "\n".join(lines[ends[0] + 1 :]), ends[0] + 2


def _clauses(library: Mapping[str, str], source: Source, lang: str) -> dict[str, Source]:
    """The clauses a body calls for, with their variants, each read by itself. Raises ModelRefused."""
    clauses: dict[str, Source] = {}
    for name, line in uses(source.text):
        if name not in library:
            at = source.places[line - 1].line
            raise refused("unknown_clause", "There is no clause “%(name)s” in the library.", {"name": name}, at)
        for full in (one for one in library if one == name or one.startswith(f"{name}.")):
            clauses[full] = clauses.get(full) or _clause(full, library[full], lang)
    return clauses


def _with_clauses(source: Source, clauses: Mapping[str, Source], landlord: str) -> Source:
    try:
        return with_clauses(source, clauses, landlord)
    except TooLong:
        raise refused("too_long", "The paper would be too long.") from None


def _clause(name: str, text: str, lang: str) -> Source:
    """One clause; front matter of its own is left out."""
    text, first_line = without_marks(clean(text.lstrip("\ufeff"))), 1
    if text.startswith("---\n"):
        _, _, text, first_line = _split(text)
    source = plain_source(text, first_line, name)
    for inner, line in uses(text):
        msgid = "The clause calls for the clause “%(name)s”: a clause holds no other one."
        raise refused("clause_in_clause", msgid, {"name": inner}, source.places[line - 1].line, name)
    _check_filters(source, lang)
    return source


def _annexed(annex: front_matter.Annex, library: Library) -> Model:
    """The model of an annex; annexes of its own are left out."""
    if annex.model not in library.models:
        msgid = "There is no model “%(name)s” for this annex."
        raise refused("unknown_annex", msgid, {"name": annex.model}, annex.line)
    return load(library.models[annex.model], library, is_annex=True)


def _check_filters(source: Source, lang: str) -> None:
    """Liquid only notices an unknown filter while writing; an author wants to know before."""
    source = replace(source, text=alone_on_their_lines(source.text))
    parsed(source, lang)
    found = [
        Finding("unknown_filter", UNKNOWN_FILTER, {"detail": name}, source.text.count("\n", 0, at) + 1)
        for name, at in _unknown_filters(source.text, _spoken(lang))
    ]
    if found:
        raise ModelRefused(tuple(source.located(one) for one in sorted(found, key=lambda one: one.line or 0)))


def parsed(source: Source, lang: str) -> BoundTemplate:
    try:
        return _template(source.text, _spoken(lang))
    except LiquidError as error:
        raise liquid_refused(error, source) from None


def _spoken(lang: str) -> str:
    return lang if lang in LANGUAGES else LANGUAGES[-1]


@lru_cache(maxsize=128)
def _unknown_filters(text: str, lang: str) -> tuple[tuple[str, int], ...]:
    """The filters that do not exist, each with its place in a text that can be read."""
    template = _template(text, lang)
    used = template.analyze(include_partials=False).filters
    return tuple((name, at.index) for name, spans in used.items() for at in spans if name not in template.env.filters)


@lru_cache(maxsize=128)
def _template(text: str, lang: str) -> BoundTemplate:
    """A text once read as Liquid: of a letter to five hundred households only the values are new."""
    return environment(lang).from_string(text)


def _verifiable(blocks: tuple[Block, ...], verify_url: str | None) -> tuple[Block, ...]:
    """The verification code closes every paper that has an address to verify it, unless the model placed it."""
    if verify_url is None or any(isinstance(block, QRCode) for block in walk(blocks)):
        return blocks
    return (*blocks, QRCode(verify_url))
