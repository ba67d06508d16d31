"""A paper as HTML and CSS, with the same words and about the same look: what a peer sets instead of Typst."""

from base64 import b64encode
from collections.abc import Iterable
from html import escape

from documents.content import (
    AnnexTitle,
    Article,
    Block,
    Document,
    Figure,
    Heading,
    KeyValues,
    Lead,
    ListBlock,
    Notice,
    PageBreak,
    Paragraph,
    Parties,
    QRCode,
    Quote,
    Rule,
    Runs,
    SignatureBlock,
    Signatures,
    Square,
    Table,
)  # fmt: skip
from documents.fonts import FAMILIES
from documents.house import HouseStyle
from documents.pdf import code
from documents.typography import typeset_runs
from documents.wording import caption_of, signing_line, title_of, verification

CSS = """
@page { size: A4; margin: 20mm 25mm 21mm;
  @bottom-left { content: string(foot); font-size: 8.5pt }
  @bottom-right { content: "page " counter(page) " sur " counter(pages); font-size: 8.5pt } }
body { font-family: FAMILY; font-size: 10.5pt; line-height: 1.4 }
h1 { string-set: foot content(); font-size: 20pt } h2 { font-size: 15pt; color: #0b4f5c; break-after: avoid }
h3 { font-size: 12pt; break-after: avoid } table { width: 100%; border-collapse: collapse }
td, th { border-bottom: .5pt solid #ccc; padding: 1.5mm; text-align: left; vertical-align: top }
tr, .sign { break-inside: avoid } th { background: #e2edef }
.framed { border-left: 2pt solid #0b4f5c; padding: 3mm 4mm; break-inside: avoid }
.annex { break-before: page } .sign { display: inline-block; width: 48% } .box { border: .6pt solid #666; height: 24mm }
nav a::after { content: leader('.') target-counter(attr(href), page) }
"""


def page(document: Document, style: HouseStyle) -> str:
    """The whole document, with a table of contents that counts its pages where it has one."""
    writer = _Writer(document, style)
    body = writer.all(document.blocks)
    css = CSS.replace("FAMILY", ", ".join(f"'{one}'" for one in FAMILIES[document.meta.typeface]))
    contents = f"<nav>{''.join(writer.entries)}</nav>" if document.meta.contents else ""
    head = f'<meta charset="utf-8"><title>{escape(document.title)}</title><style>{css}</style>'
    said = f"<h1>{escape(document.title)}</h1><p>{escape(document.meta.subtitle)}</p>"
    return f'<!doctype html><html lang="{document.lang}"><head>{head}</head><body>{said}{contents}{body}</body></html>'


class _Writer:
    def __init__(self, document: Document, style: HouseStyle) -> None:
        self.document, self.style, self.entries = document, style, list[str]()

    def all(self, blocks: Iterable[Block]) -> str:
        return "".join(map(self.one, blocks))

    def runs(self, runs: Runs) -> str:
        parts = []
        for run in typeset_runs(runs, self.document.lang):
            words = escape(run.text).replace("\n", "<br>")
            words = f"<strong>{words}</strong>" if run.strong else words
            words = f"<em>{words}</em>" if run.emphasis else words
            parts.append(f'<a href="{escape(run.href)}">{words}</a>' if run.href else words)
        return "".join(parts)

    def one(self, block: Block) -> str:
        match block:
            case Heading() | Article() | AnnexTitle():
                return self.title(block)
            case Paragraph(runs=runs):
                return f"<p>{self.runs(runs)}</p>"
            case ListBlock(items=items, ordered=ordered):
                inner = "".join(f"<li>{self.all(item)}</li>" for item in items)
                return f"<ol>{inner}</ol>" if ordered else f"<ul>{inner}</ul>"
            case Table():
                return self.table(block)
            case KeyValues(rows=rows):
                return "<table>" + "".join(f"<tr>{self.cell(a)}{self.cell(b)}</tr>" for a, b in rows) + "</table>"
            case Notice() | Parties() | Lead() | Quote():
                title = f"<p><strong>{escape(getattr(block, 'title', ''))}</strong></p>"
                return f'<div class="framed">{title}{self.all(block.blocks)}</div>'
            case Signatures(blocks=signing):
                return "".join(map(self.signature, signing))
            case QRCode(data=address) | Square(address=address):
                return self.square(address)
            case Rule():
                return "<hr>"
            case PageBreak():
                return '<div class="annex"></div>'
            case Figure(data=data, media_type=kind, alt=alt):
                return f'<img alt="{escape(alt)}" src="data:{kind};base64,{b64encode(data).decode()}">'
        raise TypeError(type(block))

    def title(self, block: Heading | Article | AnnexTitle) -> str:
        level = 1 if isinstance(block, AnnexTitle) else block.level
        words, name = self.runs(title_of(block, self.style, self.document.lang)), f"t{len(self.entries)}"
        self.entries.append(f'<p><a href="#{name}">{words}</a></p>')
        kind = ' class="annex"' if isinstance(block, AnnexTitle) else ""
        return f'<h{level + 1} id="{name}"{kind}>{words}</h{level + 1}>'

    def table(self, block: Table) -> str:
        caption = caption_of(block, self.document, self.style)
        head = "".join(f"<th>{self.runs(cell)}</th>" for cell in block.header)
        rows = "".join(f"<tr>{''.join(map(self.cell, row))}</tr>" for row in block.rows)
        return f"<p><strong>{escape(caption)}</strong></p><table><thead><tr>{head}</tr></thead>{rows}</table>"

    def cell(self, runs: Runs) -> str:
        return f"<td>{self.runs(runs)}</td>"

    def signature(self, one: SignatureBlock) -> str:
        line = signing_line(one, self.style, self.document.lang)
        said = (one.name, one.capacity, one.organisation, one.deliberation, line)
        words = "<br>".join(escape(part) for part in said if part)
        return f'<div class="sign"><p>{words}</p><div class="box"></div></div>'

    def square(self, address: str) -> str:
        drawn = b64encode(code(address)).decode()
        said = "".join(f"<p>{escape(line)}</p>" for line in verification(self.document, self.style, sealed=True))
        return f'<img alt="{address}" width="90" src="data:image/svg+xml;base64,{drawn}">{said}<p>{address}</p>'
