"""What each column of a file holds: guessed from its title, in French or English, without accents or case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from workflow.dossiers.rules import folded
from workflow.exchange.rules.importing.cells import shown
from workflow.exchange.rules.importing.sheet import Row, Sheet, letters


@dataclass(frozen=True)
class Field:
    """One thing known of a household. title: its column in the French template. label: English msgid. known_as: other
    titles, folded. example: what the template's explanation shows. longest: characters."""

    name: str
    title: str
    label: str
    known_as: tuple[str, ...]
    example: str
    hint: str
    longest: int = 200


FIELDS: tuple[Field, ...] = (
    Field("name", "Nom du ménage", "Name of the household",
          ("nom", "noms", "menage", "famille", "locataire", "nom du locataire", "nom locataire", "nom et prenom",
           "nom prenom", "nom prenoms", "titulaire", "titulaire du bail", "titulaires", "name", "household", "tenant"),
          "M. et Mme Exemple", "Required. The name by which the household is known.", 180),
    Field("first_name", "Prénom", "First name", ("prenoms", "first name", "given name", "prenom du locataire"),
          "Camille", "If your file keeps it in a column of its own: it is put after the name.", 100),
    Field("building", "Bâtiment", "Building",
          ("bat", "batiments", "immeuble", "residence", "tour", "building", "nom du batiment"),
          "Bâtiment A", "Required, unless an address is given. Written as in the operation.", 120),
    Field("address", "Adresse", "Address", ("adresse du logement", "rue", "adresse postale", "address", "street"),
          "12 rue de l’Exemple", "Left empty: the address of the building.", 300),
    Field("entrance", "Entrée", "Entrance",
          ("escalier", "cage", "cage d escalier", "allee", "montee", "hall", "entrance", "staircase", "stair"),
          "2", "", 40),
    Field("floor", "Étage", "Floor", ("niveau", "floor", "storey"), "3", "", 20),
    Field("dwelling", "Logement", "Dwelling",
          ("n logement", "no logement", "numero de logement", "numero logement", "num logement", "n de logement",
           "appartement", "n appartement", "numero d appartement", "appt", "apt", "n appt", "porte", "n porte", "lot",
           "dwelling", "flat", "apartment", "flat number"),
          "A-204", "Required. The number on the door or in the lease.", 40),
    Field("dwelling_type", "Type", "Type",
          ("typologie", "type de logement", "type logement", "type du logement", "pieces", "nb pieces",
           "nombre de pieces", "rooms", "dwelling type"),
          "T3", "T1 to T9.", 10),
    Field("surface", "Surface (m²)", "Surface (m²)",
          ("surface", "surface habitable", "superficie", "m2", "surface en m2", "shab", "area m2"),
          "62,5", "In m².", 10),
    Field("persons", "Personnes", "Persons",
          ("nombre de personnes", "nb personnes", "nb de personnes", "nb pers", "occupants", "nombre d occupants",
           "nb occupants", "taille du menage", "persons", "people", "household size"), "4", "How many live there.", 10),
    Field("phone", "Téléphone", "Telephone",
          ("tel", "telephones", "portable", "mobile", "n de telephone", "numero de telephone", "phone", "telephone"),
          "04 65 71 00 00", "", 40),
    Field("email", "Courriel", "E-mail",
          ("email", "e mail", "mail", "adresse mail", "adresse electronique", "adresse e mail", "mel"),
          "nom@exemple.fr", "", 320),
    Field("landlord", "Bailleur", "Landlord", ("organisme", "proprietaire", "nom du bailleur", "landlord", "owner"),
          "", "Left empty: the landlord of the building.", 200),
    Field("zone", "Secteur", "Part of the operation", ("zone", "partie", "perimetre", "area", "sector"),
          "", "Left empty: that of the building.", 200),
    Field("tenant_reference", "Référence locataire", "Tenant reference",
          ("ref locataire", "n locataire", "no locataire", "numero locataire", "numero de locataire", "code locataire",
           "n de locataire", "n contrat", "numero de contrat", "n de bail", "numero de bail", "code client",
           "n client", "tenant reference", "tenant number", "lease number"),
          "0042-118", "The number the landlord knows the household by: with it, nobody is entered twice.", 60),
    Field("referent", "Référent", "Referent",
          ("suivi par", "cesf", "travailleur social", "charge de relogement", "agent", "referent social",
           "referent menage", "officer"),
          "", "Name or e-mail address of a person who follows households in the operation.", 320),
    Field("state", "Situation", "Situation", ("statut", "etat", "status", "state"),
          "à contacter", "For new households only. Left empty: to contact.", 60),
    Field("since", "Depuis le", "Since",
          ("date de situation", "date situation", "date du statut", "date statut", "since", "status date"),
          "12/03/2026", "The day of this situation. Left empty: today.", 20),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
_KNOWN = {folded(title): field.name for field in FIELDS for title in (field.title, *field.known_as)}
LOOKED_AT = 20  # rows in which the titles are looked for: some files begin with a heading


@dataclass(frozen=True)
class Header:
    """The row of titles: {column: title as written}."""

    row: int
    titles: Mapping[int, str]

    @property
    def signature(self) -> str:
        """The same for files of the same shape."""
        told = "\n".join(f"{letters(column)}:{folded(title)}" for column, title in sorted(self.titles.items()))
        return sha256(told.encode()).hexdigest()

    @property
    def doubled(self) -> list[tuple[str, list[str]]]:
        """Titles that stand above several columns: [(title, letters)]."""
        counted = Counter(folded(title) for title in self.titles.values())
        return [
            (self.titles[first], [letters(column) for column in columns])
            for name, times in counted.items()
            if times > 1
            for columns in [[column for column, title in sorted(self.titles.items()) if folded(title) == name]]
            for first in columns[:1]
        ]


def header_of(sheet: Sheet) -> Header:
    """The row, among the first, with most titles we know; else the first."""
    candidates = sorted(sheet.rows)[:LOOKED_AT]
    best = max(candidates, key=lambda number: (_recognised(sheet.rows[number]), -number))
    return Header(best, _titles(sheet.rows[best]))


def _titles(row: Row) -> dict[int, str]:
    return {column: shown(value) for column, value in row.items() if isinstance(value, str) and folded(value)}


def _recognised(row: Row) -> int:
    return len({_KNOWN[name] for title in _titles(row).values() if (name := _name(title)) in _KNOWN})


def _name(title: str) -> str:
    return folded(title.replace("(obligatoire)", "").rstrip("* "))


def guessed(header: Header) -> dict[str, str]:
    """{letters of a column: field}. Of a title that stands twice, the person says which one counts."""
    names = {column: _KNOWN.get(_name(title)) for column, title in header.titles.items()}
    times = Counter(name for name in names.values() if name)
    return {letters(column): name for column, name in sorted(names.items()) if name and times[name] == 1}


def lacking(mapping: Mapping[str, str]) -> list[str]:
    """Labels (msgids) of what no column gives, and the import cannot do without."""
    given = set(mapping.values())
    found = [BY_NAME[name].label for name in ("name", "dwelling") if name not in given]
    return found if given & {"building", "address"} else [*found, BY_NAME["building"].label]


def twice(mapping: Mapping[str, str]) -> list[str]:
    """Fields that several columns are said to hold."""
    return [name for name, times in Counter(mapping.values()).items() if times > 1]


def best_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet that looks most like a list of households."""
    return max(sheets, key=lambda sheet: (_recognised(sheet.rows[header_of(sheet).row]), -sheets.index(sheet)))
