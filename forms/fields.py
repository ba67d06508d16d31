"""How each kind of question is asked, read, shown and exported: one small class per kind, chosen here."""

from __future__ import annotations

from typing import Any

from forms.appearances import style_of
from forms.choice_fields import AcknowledgeField, RangeField, RankField, SelectMultipleField, SelectOneField
from forms.place_fields import GeopointField, GeoshapeField, GeotraceField
from forms.plain_fields import (
    CalculateField,
    DateField,
    DatetimeField,
    DecimalField,
    IntegerField,
    MaskedField,
    MonthField,
    MultilineField,
    NumbersField,
    TextField,
    TimeField,
    UrlField,
    YearField,
)
from forms.structure import Question
from forms.upload_fields import UploadField

_FIELDS: dict[str, type[TextField]] = {
    "text": TextField,
    "barcode": TextField,
    "multiline": MultilineField,
    "integer": IntegerField,
    "decimal": DecimalField,
    "range": RangeField,
    "date": DateField,
    "time": TimeField,
    "datetime": DatetimeField,
    "select_one": SelectOneField,
    "select_multiple": SelectMultipleField,
    "rank": RankField,
    "acknowledge": AcknowledgeField,
    "geopoint": GeopointField,
    "geotrace": GeotraceField,
    "geoshape": GeoshapeField,
    "calculate": CalculateField,
    "file": UploadField,
    "image": UploadField,
    "audio": UploadField,
    "video": UploadField,
}

_STYLED: dict[str, type[TextField]] = {
    "numbers": NumbersField,
    "url": UrlField,
    "masked": MaskedField,
    "month": MonthField,
    "year": YearField,
}

_BY_TYPE: dict[str, type[TextField]] = {
    "int": IntegerField,
    "decimal": DecimalField,
    "date": DateField,
    "time": TimeField,
    "dateTime": DatetimeField,
}


def field_for(question: Question) -> TextField:
    """How a question is asked, read and shown."""
    usual = _FIELDS.get(question.kind, TextField)
    if not question.appearance or question.kind not in {"text", "date"}:
        return usual(question)
    return _STYLED.get(style_of(question.kind, question.appearance), usual)(question)


def typed(question: Question, text: str) -> Any:
    """The value of an answer for programs: number, day, tuple of choices, text; none without an answer."""
    if question.kind in {"calculate", "hidden"}:
        kind = _BY_TYPE.get(question.type, TextField)
        return kind(question).export(text)
    return field_for(question).export(text) if text else None
