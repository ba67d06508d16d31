"""A long questionnaire made of plain numbers: the shape of a verbal autopsy, with as many expressions as one wants.

Sections ask yes or no first and go deeper when it is yes; scores, ages, dates and summaries follow by calculation; two
repeats, one inside the other, are summed up. Only what travels between engines is used, so that peers can run it too.
"""

from collections.abc import Iterator

from forms.structure import Form

HEAD = "| | type | name | label | relevant | required | constraint | calculation |"
LISTS = """
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| | yn | dk | Unknown |
| | many | a | A |
| | many | b | B |
| | many | c | C |
| | many | d | D |
"""
PER_SECTION = 23.3
PERSONS = 6
STAYS = 2


def row(
    kind: str, name: str, relevant: str = "", required: str = "", constraint: str = "", calculation: str = ""
) -> str:
    label = "" if kind.startswith(("calculate", "end")) else f"Question {name}"
    return f"| | {kind} | {name} | {label} | {relevant} | {required} | {constraint} | {calculation} |"


def table(expressions: int = 1000) -> str:
    """The questionnaire as an XLSForm table with about that many expressions: seven questions for every ten of them."""
    sections = range(1, max(2, round((expressions - 40) / PER_SECTION) + 1))
    rows = [HEAD, *_opening(), *_household()]
    for number in sections:
        rows += _section(number)
    rows += _closing(sections)
    return "\n".join(["| survey |", *rows]) + "\n" + LISTS


def _opening() -> Iterator[str]:
    yield row("begin group", "who")
    yield row("select_one yn", "consent", required="yes")
    yield row("date", "born", required="${consent} = 'yes'", constraint=". <= today()")
    yield row("date", "died", constraint="date(.) >= date(${born})")
    yield row("calculate", "days", calculation="if(${born} != '' and ${died} != '', date(${died}) - date(${born}), '')")
    yield row("calculate", "years", calculation="if(${days} != '', int(${days} div 365.25), 0)")
    yield row("calculate", "is_child", calculation="if(${years} < 12, 1, 0)")
    yield row("calculate", "is_adult", calculation="if(${years} >= 12, 1, 0)")
    yield row("text", "name", required="yes", constraint="string-length(.) < 60")
    yield row("end group", "")


def _household() -> Iterator[str]:
    yield row("begin group", "home", relevant="${consent} = 'yes'")
    yield row("begin repeat", "person")
    yield row("text", "first_name", required="yes")
    yield row("integer", "age", constraint=". >= 0 and . < 130")
    yield row("decimal", "income", relevant="${age} >= 16", constraint=". >= 0")
    yield row("calculate", "share", calculation="round(coalesce(${income}, 0) * 0.3, 2)")
    yield row("calculate", "grown", calculation="if(${age} >= 18, 1, 0)")
    yield row("begin repeat", "stay")
    yield row("integer", "nights", constraint=". <= 366", relevant="${age} > 0")
    yield row("calculate", "weeks", calculation="round(coalesce(${nights}, 0) div 7, 1)")
    yield row("end repeat", "")
    yield row("calculate", "all_nights", calculation="sum(${nights})")
    yield row("end repeat", "")
    yield row("calculate", "adults", calculation="sum(${grown})")
    yield row("calculate", "means", calculation="round(sum(${share}), 2)")
    yield row("calculate", "persons", calculation="count(${person})")
    yield row("calculate", "oldest", calculation="max(${age})")
    yield row("end group", "")


def _section(number: int) -> Iterator[str]:
    """Ten questions and five calculations behind the first answer."""
    n = f"s{number}"
    child = "is_child" if number % 5 == 0 else "is_adult"
    yield row("begin group", n, relevant="${consent} = 'yes'")
    yield row("select_one yn", f"{n}_any", relevant=f"${{{child}}} = 1", required="yes")
    yield row("integer", f"{n}_days", relevant=f"${{{n}_any}} = 'yes'", constraint=". >= 0 and . <= 3650")
    yield row("integer", f"{n}_months", relevant=f"${{{n}_any}} = 'yes' and ${{{n}_days}} > 30", constraint=". < 120")
    yield row("select_multiple many", f"{n}_signs", relevant=f"${{{n}_any}} = 'yes' or ${{{n}_any}} = 'dk'")
    yield row("select_one yn", f"{n}_a", relevant=f"selected(${{{n}_signs}}, 'a')")
    yield row("select_one yn", f"{n}_b", relevant=f"selected(${{{n}_signs}}, 'b') and ${{{n}_a}} != 'no'")
    yield row(
        "select_one yn", f"{n}_c", relevant=f"selected(${{{n}_signs}}, 'c') and not(selected(${{{n}_signs}}, 'd'))"
    )
    yield row("decimal", f"{n}_heat", relevant=f"${{{n}_a}} = 'yes'", constraint=". > 30 and . < 45")
    yield row(
        "text", f"{n}_words", relevant=f"count-selected(${{{n}_signs}}) >= 2", constraint="string-length(.) < 200"
    )
    yield row("date", f"{n}_since", relevant=f"${{{n}_any}} = 'yes'", constraint="date(.) <= date(${died})")
    yield row("calculate", f"{n}_lasted", calculation=f"coalesce(${{{n}_days}}, 0) + 30 * coalesce(${{{n}_months}}, 0)")
    yield row("calculate", f"{n}_points", calculation=_points(n))
    yield row("calculate", f"{n}_grave", calculation=f"if(${{{n}_lasted}} > 14 and ${{{n}_points}} >= 3, 1, 0)")
    yield row("calculate", f"{n}_told", calculation=_sentence(n))
    yield row("calculate", f"{n}_after", calculation=_after(n))
    yield row("note", f"{n}_alarm", relevant=f"${{{n}_grave}} = 1")
    yield row("end group", "")


def _points(n: str) -> str:
    return " + ".join(
        f"if(${{{n}_{letter}}} = 'yes', {weight}, 0)" for letter, weight in (("a", 3), ("b", 2), ("c", 1))
    )


def _sentence(n: str) -> str:
    weeks = f"string(round(${{{n}_lasted}} div 7, 1))"
    return f"concat('{n}: ', if(${{{n}_grave}} = 1, 'grave', 'slight'), ', ', {weeks}, ' weeks')"


def _after(n: str) -> str:
    return f"if(${{{n}_since}} != '' and ${{died}} != '', date(${{died}}) - date(${{{n}_since}}), '')"


def _closing(sections: range) -> Iterator[str]:
    yield row("begin group", "result")
    for first in range(sections.start, sections.stop, 8):
        some = [number for number in sections if first <= number < first + 8]
        yield row("calculate", f"sum{first}", calculation=" + ".join(f"${{s{number}_points}}" for number in some))
        yield row(
            "calculate",
            f"worst{first}",
            calculation="max(" + ", ".join(f"${{s{number}_lasted}}" for number in some) + ")",
        )
    total = " + ".join(f"${{sum{first}}}" for first in range(sections.start, sections.stop, 8))
    yield row("calculate", "score", calculation=total)
    yield row("calculate", "level", calculation="if(${score} > 60, 'high', if(${score} > 20, 'middle', 'low'))")
    yield row("text", "why", relevant="${level} = 'high'", required="yes")
    yield row("end group", "")


def answers(form: Form) -> Iterator[tuple[str, str]]:
    """Path and answer, one after the other, for a grown person whose illness had nearly every sign.

    Questions that stay hidden get no answer, so that engines agree which count hidden answers and which do not.
    """
    yield from _told("/data/who", consent="yes", born="1950-02-03", died="2026-01-09", name="Amina Belkacem")
    for person in range(1, PERSONS + 1):
        row = f"/data/home/person[{person}]"
        income = {"income": str(100.5 * person)} if person > 1 else {}
        yield from _told(row, first_name=f"P{person}", age=str(9 * person), **income)
        for stay in range(1, STAYS + 1):
            yield from _told(f"{row}/stay[{stay}]", nights=str(person * stay))
    for name in (group.name for group in form.sections if group.name.startswith("s") and int(group.name[1:]) % 5):
        yield from _signs(f"/data/{name}", name, int(name[1:]) % 6 == 0)


def _signs(path: str, name: str, none: bool) -> Iterator[tuple[str, str]]:
    yield f"{path}/{name}_any", "no" if none else "yes"
    if not none:
        told = {"days": "40", "months": "2", "signs": "a b c", "a": "yes", "b": "no", "heat": "39.5"}
        told |= {"since": "2025-12-01", "words": "since last winter"}
        yield from _told(path, **{f"{name}_{key}": value for key, value in told.items()})


def _told(path: str, **answers: str) -> Iterator[tuple[str, str]]:
    for name, text in answers.items():
        yield f"{path}/{name}", text
