"""Named roles everybody knows. The people are those of templates/operations/mistral.yaml, all invented."""

CLAIRE = "claire-maurin"  # CESF, paid by ACTIS, acts for the City: fills
BRUNO = "bruno-castel"  # desk officer of the City: records the household's confirmation
NADIA = "nadia-ferhat"  # manager of the City: coordinates
SONIA = "sonia-mendes"  # landlord's referent (ACTIS): co-validates
KARIM = "karim-belaid"  # the other referent of ACTIS
HELENE = "helene-vasseur"  # committee seat of the City
PATRICE = "patrice-odier"  # committee seat of ACTIS
FRANCOIS = "francois-delaunay"  # committee seat of the préfecture
MIREILLE = "mireille-santoni"  # committee seat of the Conseil général
JULIEN = "julien-bressan"  # committee seat of a rebuilding landlord
MONIQUE = "monique-tallard"  # tenants' association: the charter, never a household's file
OLIVIER = "olivier-garance"  # operator of the installation
INES = "ines-carpentier"  # administrator: describes the operation and its people, reads no answer
EVERYBODY = (CLAIRE, BRUNO, NADIA, SONIA, KARIM, HELENE, PATRICE, FRANCOIS, MIREILLE, JULIEN, MONIQUE, OLIVIER, INES)

AGREED = ("actis", "prefecture-isere", "cg-isere", "habitat-du-drac")
"""Organisations that the households of the tests agree to, unless a test says otherwise."""

FIRST = {
    "name": "Lucie Barral",
    "email": "lucie.barral@example.org",
    "password": "quatre mots faciles ici",
    "organisation": "Ville de Vénissieux",
    "kind": "city",
    "city": "Vénissieux",
}
"""What the first administrator of an empty installation types."""
