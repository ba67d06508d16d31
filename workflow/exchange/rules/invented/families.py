"""Who lives together: names and ages. Names are drawn apart from all the rest, so that they tell nothing."""

from random import Random
from typing import Any

Member = dict[str, Any]

# What a household looks like, by size of dwelling: alone, couple, couple with children, one parent, extended.
KINDS = ("alone", "couple", "couple_children", "one_parent", "extended")
WEIGHTS = {
    "T1": (9, 1, 0, 0, 0),
    "T2": (6, 3, 0, 2, 0),
    "T3": (3, 3, 4, 4, 0),
    "T4": (1, 2, 7, 3, 1),
    "T5": (0, 1, 8, 2, 2),
    "T6": (0, 0, 8, 2, 3),
}
CHILDREN = {"T1": (1,), "T2": (1, 1, 2), "T3": (1, 2, 2), "T4": (2, 2, 3), "T5": (3, 3, 4, 5), "T6": (4, 5, 6)}


def compose(kind: str, voices: dict[str, Any], rng: Random) -> list[Member]:
    """The members of a household for a dwelling of this size (T1…T6), the tenant first."""
    shape = rng.choices(KINDS, WEIGHTS[kind])[0]
    family = _family(voices, rng)
    surname = rng.choice(family["surnames"])
    with_children = shape in ("couple_children", "one_parent")
    age = rng.randint(27, 52) if with_children else rng.choice((24, 31, 38, 47, 56, 63, 69, 74, 79, 84))
    members = [_adult(family, surname, age, "titulaire", rng)]
    if shape in ("couple", "couple_children") or (shape == "extended" and rng.random() < 0.6):
        members.append(_partner(members[0], voices, rng))
    if with_children:
        members += _children(members, rng.choice(CHILDREN[kind]), age, voices, rng)
    if shape == "extended":
        members.append(_relative(members[0], family, rng))
    return members


def display_name(members: list[Member]) -> str:
    """How lists name a household: the surnames of the tenant and partner, or title, first name and surname alone."""
    first = members[0]
    if len(members) == 1:
        return f"{'Mme' if first['title'] == 'madame' else 'M.'} {first['first']} {first['last']}"
    names = list(dict.fromkeys([first["last"], *(m["last"] for m in members if m["link"] == "conjoint")]))
    return "Famille " + "-".join(names)


def _family(voices: dict[str, Any], rng: Random) -> dict[str, Any]:
    """A group of names, drawn by its weight."""
    return rng.choices(voices["families"], [family["weight"] for family in voices["families"]])[0]


def _adult(family: dict[str, Any], surname: str, age: int, link: str, rng: Random) -> Member:
    woman = rng.random() < 0.55
    first = rng.choice(family["women" if woman else "men"])
    return _member("madame" if woman else "monsieur", f"{first}/{surname}", age, link, rng)


def _member(title: str, name: str, age: int, link: str, rng: Random) -> Member:
    first, last = name.split("/")
    return {
        "title": title,
        "first": first,
        "last": last,
        "age": age,
        "link": link,
        "born_on": (rng.randint(1, 12), rng.randint(1, 28)),
    }


def _partner(tenant: Member, voices: dict[str, Any], rng: Random) -> Member:
    family = _family(voices, rng)
    surname = tenant["last"] if rng.random() < 0.6 else rng.choice(family["surnames"])
    return _adult(family, surname, max(22, tenant["age"] + rng.randint(-5, 5)), "conjoint", rng)


def _children(parents: list[Member], number: int, age: int, voices: dict[str, Any], rng: Random) -> list[Member]:
    surname, shared = parents[-1]["last"], len(parents) == 1 and rng.random() < 0.25
    girls, boys = list(voices["children"]["girls"]), list(voices["children"]["boys"])
    rng.shuffle(girls)
    rng.shuffle(boys)
    children = []
    for years in sorted((rng.randint(0, min(23, age - 20)) for _ in range(number)), reverse=True):
        girl = rng.random() < 0.5
        first, title = (girls.pop(), "madame") if girl else (boys.pop(), "monsieur")
        link = "enfant_alterne" if shared and years < 18 else "enfant"
        children.append(_member(title, f"{first}/{surname}", years, link, rng))
    return children


def _relative(tenant: Member, family: dict[str, Any], rng: Random) -> Member:
    if tenant["age"] < 55:
        return _adult(family, tenant["last"], tenant["age"] + rng.randint(22, 30), "ascendant", rng)
    return _adult(family, tenant["last"], tenant["age"] - rng.randint(20, 30), "autre_parent", rng)
