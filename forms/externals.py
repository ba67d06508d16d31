"""Lists that stand in files beside a form: CSV, XML and GeoJSON, as trees like any list of choices.

Shape of the trees: as ODK reads them, `/root/item` with one child per column (CSV) or property (GeoJSON, besides
`geometry`: "latitude longitude 0 0", points apart by ";"). An XML file keeps its own shape.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from forms.expressions import ExpressionError
from forms.storing import legal
from forms.tree import Node
from forms.wordings import tree_of
from forms.xform import UnreadableXForm, parse_xml

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELLS = 200_000
_DELIMITERS = ",;\t"
_DEEPEST = 3  # lists in lists that coordinates go down: several surfaces, their rings, their points

MISSING = "The form needs the file %(file)s, which is not there."
_LARGE = "The file %(file)s is too large: at most %(limit)s megabytes are read."
_ROWS = "The file %(file)s has more than %(limit)s lines."
_COLUMNS = "The file %(file)s has more than %(limit)s columns."
_CELLS = "The file %(file)s holds more than %(limit)s values."
_UTF8 = "The file %(file)s is not written in UTF-8. Save it as “CSV UTF-8”."
_UNREADABLE = "The file %(file)s cannot be read: %(reason)s"
_KIND = "The file %(file)s is of no kind that can be read here: use .csv, .xml or .geojson."
_EMPTY = "The file %(file)s has no line of titles."
_UNTITLED = "The file %(file)s has a column without title, in place %(column)s."
_TWICE = "The file %(file)s has two columns called %(column)s."
_LONG_ROW = "The file %(file)s has more values than titles in line %(row)s."
_NO_ITEMS = "The file %(file)s is no GeoJSON collection of features."
_NO_COLUMN = "The file %(file)s has no column %(column)s."
_BLANK = "The file %(file)s has no value in the column %(column)s, in line %(row)s."
_SPACE = "The file %(file)s has the value “%(value)s” in line %(row)s: several choices are stored apart by spaces."


def read_list(name: str, media: Mapping[str, bytes]) -> Node:
    """The list in one of the files handed in: the outer node, with `/root/item` below. Raises ExpressionError."""
    content = media.get(name)
    if content is None:
        raise ExpressionError(MISSING, 0, "missing_file", file=name)
    if len(content) > MAX_BYTES:
        raise _refused(_LARGE, name, limit=MAX_BYTES // 1_000_000)
    reader = _READERS.get(name.rpartition(".")[2].lower())
    if reader is None:
        raise _refused(_KIND, name)
    return reader(name, content)


def check_choices(name: str, items: Sequence[Node], value: str, label: str, several: bool) -> None:
    """Whether these items can be chosen from: each has a value and a label. Raises ExpressionError."""
    first = 2 if name.lower().endswith(".csv") else 1
    for column in dict.fromkeys((value, label)):
        if not any(column in item.children for item in items):
            raise _refused(_NO_COLUMN, name, column=column)
    for row, item in enumerate(items, first):
        found = item.children.get(value)
        text = found[0].string().strip() if found else ""
        if not text:
            raise _refused(_BLANK, name, column=value, row=row)
        if several and len(text.split()) > 1:
            raise _refused(_SPACE, name, value=text, row=row)


def _refused(message: str, name: str, **params: Any) -> ExpressionError:
    return ExpressionError(message, 0, "bad_file", file=name, **params)


# -- CSV ----------------------------------------------------------------------------------------------------------


def _csv(name: str, content: bytes) -> Node:
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=_delimiter(content))
        titles = _titles(name, next(lines, []))
        return _tree(_cells(name, titles, enumerate(lines, 2)))
    except UnicodeDecodeError as fault:
        raise _refused(_UTF8, name) from fault
    except csv.Error as fault:
        raise _refused(_UNREADABLE, name, reason=str(fault)) from fault


def _delimiter(content: bytes) -> str:
    """Of the first line: French spreadsheets write semicolons."""
    first = content.split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(_DELIMITERS, key=first.count)


def lines_of(name: str, content: bytes) -> list[int]:
    """The line where each item of a readable CSV list begins; nothing for lists of other kinds."""
    if not name.lower().endswith(".csv"):
        return []
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=_delimiter(content))
    next(reader, None)
    found, begin = [], reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            found.append(begin)
        begin = reader.line_num + 1
    return found


def _titles(name: str, line: Sequence[str]) -> list[str]:
    titles = [legal(title).strip() for title in line]
    while titles and not titles[-1]:
        titles.pop()
    if not titles:
        raise _refused(_EMPTY, name)
    if len(titles) > MAX_COLUMNS:
        raise _refused(_COLUMNS, name, limit=MAX_COLUMNS)
    if "" in titles:
        raise _refused(_UNTITLED, name, column=titles.index("") + 1)
    twice = next((title for title in titles if titles.count(title) > 1), None)
    if twice is not None:
        raise _refused(_TWICE, name, column=twice)
    return titles


def _cells(name: str, titles: Sequence[str], lines: Iterable[tuple[int, list[str]]]) -> Iterator[dict[str, str]]:
    """One dictionary per line that says something."""
    for row, line in lines:
        if row > MAX_ROWS + 1:
            raise _refused(_ROWS, name, limit=MAX_ROWS)
        if row * len(titles) > MAX_CELLS:
            raise _refused(_CELLS, name, limit=MAX_CELLS)
        if any(cell.strip() for cell in line[len(titles) :]):
            raise _refused(_LONG_ROW, name, row=row)
        if any(cell.strip() for cell in line):
            padded = [*line, *[""] * (len(titles) - len(line))]
            yield {title: legal(cell).strip() for title, cell in zip(titles, padded, strict=False)}


def _tree(rows: Iterable[Mapping[str, str]]) -> Node:
    outer = Node("instance", None, "")
    root = outer.append(Node("root", outer, ""))
    for row in rows:
        item = root.append(Node("item", root, ""))
        for column, text in row.items():
            item.append(Node(column, item, "", text=text))
    return outer


# -- XML and GeoJSON ----------------------------------------------------------------------------------------------


def _xml(name: str, content: bytes) -> Node:
    try:
        document = parse_xml(content)
    except UnreadableXForm as fault:
        raise _refused(_UNREADABLE, name, reason=str(fault)) from fault
    if sum(1 for _ in document.iter()) > MAX_CELLS:
        raise _refused(_CELLS, name, limit=MAX_CELLS)
    return tree_of([document])


def _geojson(name: str, content: bytes) -> Node:
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise _refused(_UNREADABLE, name, reason=str(fault)) from fault
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise _refused(_NO_ITEMS, name)
    if len(features) > MAX_ROWS:
        raise _refused(_ROWS, name, limit=MAX_ROWS)
    rows = [_feature(feature) for feature in features]
    if sum(map(len, rows)) > MAX_CELLS:
        raise _refused(_CELLS, name, limit=MAX_CELLS)
    return _tree(rows)


def _feature(feature: Mapping[str, Any]) -> dict[str, str]:
    properties = feature.get("properties")
    told = {"id": feature["id"]} if "id" in feature else {}
    told |= properties if isinstance(properties, dict) else {}
    row = {"geometry": _geometry(feature.get("geometry"))}
    return row | {legal(str(column)): _plain(value) for column, value in told.items()}


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return legal(value).strip()
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _geometry(geometry: Any) -> str:
    """GeoJSON writes longitude first, ODK latitude first."""
    points = _points(geometry.get("coordinates")) if isinstance(geometry, dict) else []
    return "; ".join(f"{latitude} {longitude} 0 0" for longitude, latitude in points)


def _points(coordinates: Any, depth: int = 0) -> list[tuple[float, float]]:
    """The points of a point, a line or the outer ring of a surface; what is none of these has no points."""
    if _is_point(coordinates):
        return [(coordinates[0], coordinates[1])]
    if not isinstance(coordinates, list) or depth > _DEEPEST:
        return []
    if coordinates and not any(map(_is_point, coordinates)):
        return _points(coordinates[0], depth + 1)
    return [(part[0], part[1]) for part in coordinates if _is_point(part)]


def _is_point(part: Any) -> bool:
    return isinstance(part, list) and len(part) > 1 and all(isinstance(number, int | float) for number in part)


_READERS = {"csv": _csv, "xml": _xml, "geojson": _geojson}
