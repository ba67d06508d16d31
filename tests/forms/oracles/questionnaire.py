"""One small questionnaire with its answers, put before every engine alike: ours, JavaRosa and rxeval."""

import math
from datetime import UTC, date, datetime
from typing import Any

from forms.definition import load
from forms.evaluating import described, evaluate
from forms.expressions import Now
from forms.instance import Instance

TODAY = "2026-03-15"
NOW = Now(date.fromisoformat(TODAY), datetime(2026, 3, 15, 10, 30, tzinfo=UTC), lambda: 0.25, lambda: "a-b-c")

ANSWERS = """<data id="oracle" version="1">
<a>5</a><b/><blank/><c>x y</c><d>-2.5</d><e>été à Lyon</e><k>c2</k><many>c1 c3</many>
<day>2026-03-02</day><later>2026-11-20</later><noday/><at>2026-03-02T08:30:00.000Z</at><yes>true</yes><no>false</no>
<g><x>12</x><y>3</y></g>
<r><p>1</p><q>u</q><s><t>10</t></s><s><t>11</t></s></r>
<r><p>2</p><q>v</q><s><t>20</t></s></r>
<r><p/><q>w</q><s><t>30</t></s><s><t/></s><s><t>32</t></s></r>
</data>""".replace("\n", "")

TYPES = {
    "a": "int",
    "b": "int",
    "d": "decimal",
    "day": "date",
    "later": "date",
    "noday": "date",
    "at": "dateTime",
    "g/x": "int",
    "g/y": "int",
    "r/p": "int",
    "r/s/t": "int",
}
CHOICES = (("c1", "Un", "n", "3"), ("c2", "Deux", "s", "5"), ("c3", "Trois", "n", "8"))
_HEAD = '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
_HEAD += ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Oracle</h:title><model>'
_BODY = """</model></h:head><h:body>{plain}
<select1 ref="/data/k"><label>k</label>{items}</select1><select ref="/data/many"><label>many</label>{items}</select>
<group ref="/data/g"><label>g</label><input ref="/data/g/x"><label>x</label></input>
<input ref="/data/g/y"><label>y</label></input></group>
<group ref="/data/r"><label>r</label><repeat nodeset="/data/r"><input ref="/data/r/p"><label>p</label></input>
<input ref="/data/r/q"><label>q</label></input><group ref="/data/r/s"><label>s</label><repeat nodeset="/data/r/s">
<input ref="/data/r/s/t"><label>t</label></input></repeat></group></repeat></group></h:body></h:html>"""


def _form() -> str:
    items = "".join(
        f"<item><name>{name}</name><label>{label}</label><area>{area}</area><size>{size}</size></item>"
        for name, label, area, size in CHOICES
    )
    binds = "".join(f'<bind nodeset="/data/{name}" type="{kind}"/>' for name, kind in TYPES.items())
    names = ("a", "b", "blank", "c", "d", "e", "day", "later", "noday", "at", "yes", "no")
    plain = "".join(f'<input ref="/data/{name}"><label>{name}</label></input>' for name in names)
    itemset = '<itemset nodeset="instance(\'l\')/root/item"><value ref="name"/><label ref="label"/></itemset>'
    model = f'<instance>{ANSWERS}</instance><instance id="l"><root>{items}</root></instance>{binds}'
    return _HEAD + model + _BODY.format(plain=plain, items=itemset)


FORM = _form()


def our_instance() -> Instance:
    return Instance.from_xml(load(FORM), ANSWERS, NOW)


def our_answer(instance: Instance, expression: str, path: str = "/data") -> tuple[str, Any]:
    """Type and value, as JSON can say them."""
    return described(evaluate(expression, instance, path))


def canonical(value: Any) -> str:
    """One writing for the same value, whichever engine said it: truths in small letters, numbers without `.0`."""
    if isinstance(value, list):
        return canonical(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number) or "_" in text or text != text.strip():
        return text
    return repr(round(number, 9) + 0.0)


def same(left: Any, right: Any) -> bool:
    """Equal, or numbers that differ in the last digits only (two ways of writing a binary fraction)."""
    one, other = canonical(left), canonical(right)
    if one == other:
        return True
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False
