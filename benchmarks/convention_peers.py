"""WeasyPrint, docxtpl and unoserver in an environment of their own: one JSON order per line in, one JSON line out.

`PEERS/bin/python benchmarks/convention_peers.py PORT`: PORT is where unoserver listens, 0 where there is none. Orders,
each with "out": {"do": "html", "file": …}; {"do": "convert", "file": …, "options": […]}; {"do": "template", "file": …,
"names": {…}}.
Answers {"seconds": …, "work": …}: on the clock, and of the processor in this process.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from unoserver.client import UnoClient
from weasyprint import HTML

Work = Callable[[dict[str, Any]], None]


def html(order: dict[str, Any]) -> None:
    """PDF/A-3a, tagged: what WeasyPrint has that is nearest to our PDF/A-3a + PDF/UA-1."""
    HTML(string=Path(order["file"]).read_text("utf-8")).write_pdf(order["out"], pdf_variant="pdf/a-3a", pdf_tags=True)


def converting(port: str) -> Work:
    client = UnoClient(port=port)

    def convert(order: dict[str, Any]) -> None:
        told = {"convert_to": "pdf", "filter_options": order.get("options", [])}
        made = client.convert(indata=Path(order["file"]).read_bytes(), **told)
        Path(order["out"]).write_bytes(made)

    return convert


def filling(convert: Work) -> Work:
    def fill(order: dict[str, Any]) -> None:
        template = DocxTemplate(order["file"])
        template.render(order["names"])
        filled = f"{order['out']}.docx"
        template.save(filled)
        convert({"file": filled, "out": order["out"]})

    return fill


def main() -> None:
    works: dict[str, Work] = {"html": html}
    if sys.argv[1] != "0":
        works["convert"] = converting(sys.argv[1])
        works["template"] = filling(works["convert"])
    for line in sys.stdin:
        order = json.loads(line)
        began, worked = time.perf_counter(), time.process_time()
        works[order["do"]](order)
        told = {"seconds": time.perf_counter() - began, "work": time.process_time() - worked}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
