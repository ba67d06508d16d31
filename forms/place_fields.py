"""Places on the earth: a point, a line, an area. Degrees as in OpenRosa: `latitude longitude altitude accuracy`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forms import readings
from forms.plain_fields import Offered, Posted, TextField, none_offered

_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,18})?\Z", re.ASCII)


def _is_point(text: str) -> bool:
    parts = text.split(" ")
    good = 2 <= len(parts) <= 4 and all(_NUMBER.match(part) for part in parts)
    return good and abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180


def _degrees(typed: str) -> str:
    return readings.decimal(typed.replace("°", "")) or "".join(typed.split())


def _shown(point: str, lang: str) -> str:
    return ", ".join(readings.show_number(part, lang) for part in point.split()[:2]) if lang == "en" else _plain(point)


def _plain(point: str) -> str:
    """`45,18 ; 5,72`: where the decimal mark is a comma, a comma cannot stand between two numbers."""
    return "\u00a0; ".join(part.replace(".", ",") for part in point.split()[:2])


class GeopointField(TextField):
    """Latitude and longitude in degrees, optionally altitude and accuracy in metres, separated by spaces."""

    input: Mapping[str, str] = {"type": "text", "inputmode": "text", "width": "12"}
    message = "Write a latitude and a longitude in degrees, for example 45.18 and 5.72."

    def read(self, posted: Posted, offered: Offered = none_offered) -> str | None:
        """From two boxes; altitude and accuracy stay as long as the point that came with them is not changed."""
        if not {"lat", "lon"} & posted.parts.keys():
            return super().read(posted)
        point = " ".join(_degrees(posted.parts.get(name, "")) for name in ("lat", "lon")).rstrip()
        measured = posted.parts.get("measured", "")
        if not point.strip():
            return ""
        return measured if measured.startswith(f"{point} ") and _is_point(measured) else point

    def parse(self, typed: str) -> str:
        return " ".join(_degrees(part) for part in typed.split())

    def sent_back(self, text: str, before: str) -> bool:
        """Also what the two boxes make of an answer that is no place: they drop its spaces, and show commas."""
        return text in {before, *(self.read(Posted((), self.parts(before, lang))) for lang in ("fr", "en"))}

    def refusal(self, text: str) -> str | None:
        return None if _is_point(text) else self.message

    def parts(self, text: str, lang: str) -> Mapping[str, str]:
        lat, _space, rest = text.partition(" ")
        lon = rest.partition(" ")[0] if _is_point(text) else rest
        point = (lat, lon) if lang == "en" else (lat.replace(".", ","), lon.replace(".", ","))
        return {"lat": point[0], "lon": point[1], "measured": text if _is_point(text) else ""}

    def show(self, text: str, lang: str) -> str:
        return _shown(text, lang) if _is_point(text) else text


def _points(text: str) -> list[str]:
    """Telephones write a space after each semicolon, and one more semicolon at the end."""
    return [point.strip() for point in text.removesuffix(";").split(";")]


class GeotraceField(TextField):
    """Points one after the other, separated by semicolons; typed one per line."""

    input: Mapping[str, str] = {
        "type": "textarea",
        "width": "full",
        "format": "One point per line: latitude, a space, longitude. For example 45.18 5.72.",
    }
    message = "Write at least two points, one per line: latitude, a space, longitude. For example 45.18 5.72."
    fewest = 2

    def parse(self, typed: str) -> str:
        points = (" ".join(line.replace(",", ".").split()) for line in re.split(r"[;\r\n]+", typed))
        return ";".join(point for point in points if point)

    def refusal(self, text: str) -> str | None:
        points = _points(text)
        return None if len(points) >= self.fewest and all(_is_point(point) for point in points) else self.message

    def show(self, text: str, lang: str) -> str:
        return " → ".join(_shown(point, lang) if _is_point(point) else point for point in _points(text))

    def edit(self, text: str, lang: str) -> str:
        return "\n".join(_points(text))


class GeoshapeField(GeotraceField):
    """An area: the last point is the first again, added when it was left out."""

    message = "Write at least three points, one per line: latitude, a space, longitude. For example 45.18 5.72."
    fewest = 4

    def parse(self, typed: str) -> str:
        points = super().parse(typed).split(";")
        return ";".join([*points, points[0]] if len(points) > 2 and points[0] != points[-1] else points)
