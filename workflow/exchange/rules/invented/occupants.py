"""Section C: the people of an invented household on the day of the interview."""

from datetime import date
from random import Random
from typing import Any

Person = dict[str, Any]
WORK = ("cdi", "cdd", "interim", "independant")
BUSY = (*WORK, "apprentissage", "etudiant")


def at(household: dict[str, Any], today: date, day: date, rng: Random) -> list[Person]:
    """The members with their birth date (their ages hold `today`), their age on `day`, work and plans."""
    return [_person(member, today, day, rng) for member in household["members"]]


def answers(people: list[Person], voices: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The answers of section C."""
    visits = 0 if any(p["age"] < 18 for p in people) else rng.choices((0, 1, 2), (8, 1, 1))[0]
    said: dict[str, Any] = {"person": [_card(p, voices, rng) for p in people], "C15": visits}
    return said | ({"C15_frequence": rng.choice(("quinzaine", "vacances"))} if visits else {})


def _person(member: dict[str, Any], today: date, day: date, rng: Random) -> Person:
    birth = _birth(member, today)
    age = max(0, _age(birth, day))
    leaves = member["link"] == "enfant" and age >= 20 and rng.random() < 0.5
    return {
        "name": f"{member['last']} {member['first']}",
        "title": member["title"],
        "link": member["link"],
        "birth": birth,
        "age": age,
        "leaves": leaves,
        "work": _work(age, rng),
    }


def _birth(member: dict[str, Any], today: date) -> date:
    month, day = member["born_on"]
    passed = (month, day) <= (today.month, today.day)
    return date(today.year - member["age"] - (0 if passed else 1), month, day)


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _work(age: int, rng: Random) -> str:
    if age < 16:
        return ""
    if age < 22:
        return rng.choices(("etudiant", "apprentissage", "demandeur"), (7, 2, 1))[0]
    if age >= 63:
        return "retraite"
    kinds = ("cdi", "cdd", "interim", "independant", "demandeur", "foyer", "invalidite")
    return rng.choices(kinds, (42, 14, 7, 5, 18, 9, 5))[0]


def _card(person: Person, voices: dict[str, Any], rng: Random) -> dict[str, Any]:
    shared = person["link"] == "enfant_alterne"
    card = {
        "C1": person["name"],
        "C2": person["birth"].isoformat(),
        "C3": person["title"],
        "C4": person["link"],
        "C5": "alternee" if shared else "permanente",
        "C6": "oui" if person["age"] < 20 else "non",
    }
    if person["age"] >= 16:
        card |= {"C7": "separe" if person["leaves"] else "oui", "C9": person["work"]}
    if person["age"] >= 18:
        card |= {"C8": rng.choices(("sans_objet", "oui", "renouvellement"), (75, 22, 3))[0], "C12": "aucune"}
    else:
        card["C11"] = rng.choice(voices["schools"])
    if person["age"] >= 79 and rng.random() < 0.3:
        card |= {"C12": "curatelle", "C13": voices["guardian"]["told"], "C13_besoin": voices["guardian"]["need"]}
    if person["work"] in BUSY:
        card["C10"] = rng.choice(voices["towns"])
    if person["work"] in WORK:
        card["C10_decale"] = rng.choices(("non", "oui"), (3, 1))[0]
    return card
