"""Who works at the demo company. Every name is invented; the addresses are reserved ones."""

from dataclasses import dataclass

from heat.vocabulary import Role

PAYMENTS = "payments"
DATA = "data-platform"
STOREFRONT = "storefront"
MOBILE = "mobile"


@dataclass(frozen=True)
class Team:
    """A team, its zone, the country of its holidays and the parts of the product it looks after."""

    team_id: str
    name: str
    timezone: str
    country: str
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    """Somebody who tags; ``role`` only where it is more than the team gives."""

    user_id: str
    display_name: str
    team_id: str
    timezone: str
    is_manager: bool = False
    role: Role | None = None


TEAMS: tuple[Team, ...] = (
    Team(
        PAYMENTS,
        "Payments",
        "Europe/Berlin",
        "DE",
        ("payments/checkout", "payments/refunds", "payments/fraud-rules", "payments/bank-files"),
    ),
    Team(
        DATA,
        "Data Platform",
        "Asia/Kolkata",
        "IN",
        ("data/ingestion", "data/warehouse", "data/reporting", "data/quality"),
    ),
    Team(
        STOREFRONT,
        "Storefront",
        "America/New_York",
        "US",
        ("storefront/catalog", "storefront/search", "storefront/cart", "storefront/content"),
    ),
    Team(
        MOBILE,
        "Mobile",
        "Europe/Lisbon",
        "PT",
        ("mobile/android", "mobile/ios", "mobile/messages"),
    ),
)

SILO_AREA = "data/ledger-export"
"""The part of the product that one person holds alone."""

SILO_OWNER = "ananya.raghunathan@example.org"

CAPTAINS = (
    "mira.kovac@example.org",
    "jonas.lindqvist@example.org",
    "tereza.novotna@example.org",
    "kwabena.osei@example.org",
)
"""Release captains of Payments, in turn: the role that wears people out."""


def _person(
    name: str,
    address: str,
    team: str,
    zone: str,
    *,
    manager: bool = False,
    role: Role | None = None,
) -> Person:
    return Person(f"{address}@example.org", name, team, zone, manager, role)


PEOPLE: tuple[Person, ...] = (
    _person("Helene Brandt", "helene.brandt", PAYMENTS, "Europe/Berlin", manager=True),
    _person("Mira Kovač", "mira.kovac", PAYMENTS, "Europe/Berlin"),
    _person("Jonas Lindqvist", "jonas.lindqvist", PAYMENTS, "Europe/Stockholm"),
    _person("Tereza Novotná", "tereza.novotna", PAYMENTS, "Europe/Prague"),
    _person("Kwabena Osei", "kwabena.osei", PAYMENTS, "Europe/Berlin"),
    _person("Aylin Demirtaş", "aylin.demirtas", PAYMENTS, "Europe/Istanbul"),
    _person("Lukas Ebner", "lukas.ebner", PAYMENTS, "Europe/Berlin"),
    _person("Vikram Sethuraman", "vikram.sethuraman", DATA, "Asia/Kolkata", manager=True),
    _person("Ananya Raghunathan", "ananya.raghunathan", DATA, "Asia/Kolkata"),
    _person("Farhan Qureshi", "farhan.qureshi", DATA, "Asia/Kolkata"),
    _person("Ishita Bhowmick", "ishita.bhowmick", DATA, "Asia/Kolkata", role=Role.ANALYST),
    _person("Nguyễn Thảo Vy", "thaovy.nguyen", DATA, "Asia/Ho_Chi_Minh"),
    _person("Rohan Deshmukh", "rohan.deshmukh", DATA, "Asia/Kolkata"),
    _person("Eilidh Drummond", "eilidh.drummond", DATA, "Europe/London"),
    _person("Marisol Quintero", "marisol.quintero", STOREFRONT, "America/New_York", manager=True),
    _person("Desmond Okafor", "desmond.okafor", STOREFRONT, "America/New_York", role=Role.ADMIN),
    _person("Hana Fujimori", "hana.fujimori", STOREFRONT, "America/Los_Angeles"),
    _person("Caleb Whitlock", "caleb.whitlock", STOREFRONT, "America/Chicago"),
    _person("Anneke Terpstra", "anneke.terpstra", STOREFRONT, "America/New_York"),
    _person("Gustavo Ibarra", "gustavo.ibarra", STOREFRONT, "America/Mexico_City"),
    _person("Inês Carvalhal", "ines.carvalhal", MOBILE, "Europe/Lisbon", manager=True),
    _person("Tomás Figueira", "tomas.figueira", MOBILE, "Europe/Lisbon"),
    _person("Luiza Montenegro", "luiza.montenegro", MOBILE, "America/Sao_Paulo"),
    _person("Oisín Gallagher", "oisin.gallagher", MOBILE, "Europe/Dublin"),
    _person("Salma El Idrissi", "salma.elidrissi", MOBILE, "Africa/Casablanca"),
    _person("Wen Haoran", "haoran.wen", MOBILE, "Europe/Lisbon"),
)


def team_of(team_id: str) -> Team:
    """The team with this id."""
    return next(team for team in TEAMS if team.team_id == team_id)


def members_of(team_id: str) -> tuple[Person, ...]:
    """The people of a team, its manager first."""
    return tuple(person for person in PEOPLE if person.team_id == team_id)
