"""Who appears in the demo, and what they do on which day of its year. All of them are invented.

Days are counted from the beginning of the history: day 0 is a year ago, day 364 is yesterday."""

from dataclasses import dataclass
from typing import Literal

PASSWORD = "walk-through-a-year"
STAFF = "staff@mainstay.example"
MAINTAINER = "maintainer@mainstay.example"
OWNER = "owner@mainstay.example"
INVITED = "invited@mainstay.example"
EDITOR, TREASURER = "editor@mainstay.example", "treasurer@mainstay.example"
REVIEWER, MENTOR = "reviewer@mainstay.example", "mentor@mainstay.example"
APPLICANT, PARTICIPANT = "applicant@mainstay.example", "participant@mainstay.example"
WAITING = "waiting@mainstay.example"

Verb = Literal[
    "cancel", "undo", "fail", "mend", "transfer", "give up", "change", "pause", "refund", "dispute",
    "win",
]  # fmt: skip
# What happens on a day, and what is to be said of it: a reason, a tier, how many months.
Deed = tuple[int, Verb] | tuple[int, Verb, str]


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A company with the person who acts for it; without a legal name, that person alone."""

    key: str
    name: str
    legal_name: str
    country: str
    person: str

    @property
    def email(self) -> str:
        if self.key in SIGNS_IN:
            return SIGNS_IN[self.key]
        return f"{self.person.split()[0].lower()}@{self.key}.example"


@dataclass(frozen=True, slots=True)
class Pledge:
    """A sponsor takes a tier on a day, pays as said (or leaves the page), and what becomes of it:
    *fail* gives the card no more money, *mend* pays what is open with a good one. Of what is paid
    by invoice: *transfer* lets staff record the money, *give up* lets them write it off. *refund*
    lets them give a third of the last payment back; *dispute* is the payer's bank, and *win* what
    it finds in the end."""

    day: int
    sponsor: str
    project: str
    tier: str
    interval: Literal["month", "year"] = "month"
    pays: Literal["card", "bank", "asked", "never", "invoice"] = "card"
    then: tuple[Deed, ...] = ()
    visibility: Literal["public", "named", "anonymous"] = "public"
    card_lasts: int | None = None  # months; without, for years


@dataclass(frozen=True, slots=True)
class Papers:
    """What a sponsor's finance department wants on its invoices."""

    line1: str
    postcode: str
    city: str
    tax_id: str = ""
    reference: str = ""
    po_required: bool = False


# Whose person has a password, for whoever looks at the demo.
SIGNS_IN = {"kestrel": OWNER, "fathom": WAITING}

SPONSORS = [
    Sponsor("kestrel", "Kestrel Bank", "Kestrel Bank plc", "GB", "Hannah Osei"),
    Sponsor("orrery", "Orrery Labs", "Orrery Labs GmbH", "DE", "Matthias Brandl"),
    Sponsor("northline", "Northline", "Northline Software AB", "SE", "Elsa Lindqvist"),
    Sponsor("fathom", "Fathom", "Fathom Survey Ltd", "GB", "Callum Reid"),
    Sponsor("quay", "Quay & Sons", "Quay & Sons Shipping Ltd", "GB", "Victoria Quay"),
    Sponsor("pinewood", "Pinewood Data", "Pinewood Data Inc.", "US", "Marcus Delgado"),
    Sponsor("brightwater", "Brightwater", "Brightwater Utilities NV", "NL", "Femke de Wit"),
    Sponsor("tern", "Tern", "Tern Mobility SAS", "FR", "Camille Aubry"),
    Sponsor("halyard", "Halyard", "Halyard Systems Ltd", "IE", "Niamh Brady"),
    Sponsor("gorse", "Gorse Telecom", "Gorse Telecom Ltd", "GB", "Alun Prosser"),
    Sponsor("saltgate", "Saltgate", "Saltgate Versicherung AG", "CH", "Reto Imhof"),
    Sponsor("mosswell", "Mosswell Health", "Mosswell Health Ltd", "GB", "Joy Adeyemi"),
    Sponsor("osterby", "Østerby", "Østerby Teknik ApS", "DK", "Mads Kjær"),
    Sponsor("vantlo", "Vantlo", "Vantlo Oy", "FI", "Aino Salmela"),
    Sponsor("coldharbour", "Coldharbour Press", "Coldharbour Press LLP", "GB", "Ruth Penhale"),
    Sponsor("tamarind", "Tamarind Foods", "Tamarind Foods Pvt Ltd", "IN", "Arjun Shenoy"),
    Sponsor("hinoki", "Hinoki Works", "Hinoki Works KK", "JP", "Yuki Tanabe"),
    Sponsor("sumire", "Sumire Denki", "Sumire Denki KK", "JP", "Haruto Ikeda"),
    Sponsor("redfern", "Redfern Hale", "Redfern Hale LLP", "GB", "Simon Hale"),
    Sponsor("cobalt", "Cobalt Ledger", "Cobalt Ledger Inc.", "CA", "Geneviève Roy"),
    Sponsor("ferrowind", "Ferrowind", "Ferrowind Energía SA", "ES", "Pablo Ferrer"),
    Sponsor("larkspur", "Larkspur Games", "Larkspur Games LLC", "US", "Dana Whitlock"),
    Sponsor("terrapin", "Terrapin Cloud", "Terrapin Cloud Inc.", "US", "Owen Castellano"),
    Sponsor("ridgeway", "Ridgeway Maps", "Ridgeway Maps Pty Ltd", "AU", "Kirra Doyle"),
    Sponsor("polder", "Polder Works", "Polder Works BV", "NL", "Sander Hoek"),
    Sponsor("bramble", "Bramble School", "Bramble Learning CIC", "GB", "Leah Fenwick"),
    Sponsor("sivelle", "Sivelle", "Sivelle SARL", "FR", "Antoine Sivelle"),
    Sponsor("jizera", "Jizera Soft", "Jizera Soft s.r.o.", "CZ", "Petra Havlová"),
    Sponsor("araucaria", "Araucária", "Araucária Sistemas Ltda", "BR", "Thiago Moura"),
    Sponsor("waypost", "Waypost", "Waypost Ltd", "NZ", "Aroha Tipene"),
    Sponsor("umbra", "Umbra Optics", "Umbra Optics GmbH", "AT", "Lena Hofer"),
    Sponsor("tenon", "Tenon Joinery Online", "Tenon Online Inc.", "US", "Grace Lindholm"),
    Sponsor("ines", "Inês Valdeira", "", "PT", "Ines Valdeira"),
    Sponsor("priya", "Priya R.", "", "IN", "Priya Raghunath"),
    Sponsor("jonas", "Jonas Ekdahl", "", "NO", "Jonas Ekdahl"),
    Sponsor("mairead", "Mairéad Kinsale", "", "IE", "Mairead Kinsale"),
    Sponsor("tomasz", "Tomasz Wronski", "", "PL", "Tomasz Wronski"),
    Sponsor("adaeze", "Adaeze O.", "", "NG", "Adaeze Okonma"),
    Sponsor("lucia", "Lucía Ferrán", "", "ES", "Lucia Ferran"),
    Sponsor("ben", "Ben Attwell", "", "GB", "Ben Attwell"),
    Sponsor("morimoto", "K. Morimoto", "", "JP", "Kenji Morimoto"),
]

# With a tax number that is right, a company of the European Union owes the tax itself.
PAPERS = {
    "kestrel": Papers("31 Cornhill", "EC3V 3ND", "London", "GB720411826", "CC 4410", True),
    "quay": Papers("12 Wharf Street", "BS1 4RW", "Bristol", reference="Vessel systems"),
    "redfern": Papers("8 Foregate", "WR1 1DB", "Worcester"),
    "mosswell": Papers("2 Infirmary Road", "S6 3DH", "Sheffield", "GB720411839"),
    "orrery": Papers("Sternwartstraße 7", "72070", "Tübingen", "DE412077363", "K-2207"),
    "brightwater": Papers("Waterkant 90", "3011 AB", "Rotterdam", "NL007304158B01"),
    "northline": Papers("Bangatan 4", "722 12", "Västerås", "SE556104800901"),
}

_HARBOUR = [
    Pledge(2, "northline", "harbour-rest", "Professional"),
    Pledge(3, "gorse", "harbour-rest", "Basic"),
    Pledge(4, "kestrel", "harbour-rest", "Premium", "year"),
    Pledge(6, "coldharbour", "harbour-rest", "Basic"),
    Pledge(9, "quay", "harbour-rest", "Professional", visibility="named"),
    Pledge(15, "ben", "harbour-rest", "Individual"),
    Pledge(31, "halyard", "harbour-rest", "Professional", "year", visibility="named"),
    Pledge(44, "tern", "harbour-rest", "Professional", then=((150, "cancel", "budget"),)),
    Pledge(52, "larkspur", "harbour-rest", "Basic", then=((230, "fail"),)),
    Pledge(70, "brightwater", "harbour-rest", "Premium"),
    Pledge(88, "redfern", "harbour-rest", "Basic"),
    Pledge(101, "mosswell", "harbour-rest", "Professional", pays="asked"),
    Pledge(120, "umbra", "harbour-rest", "Basic", "year", visibility="anonymous"),
    Pledge(133, "terrapin", "harbour-rest", "Professional", then=((240, "fail"), (258, "mend"))),
    Pledge(160, "bramble", "harbour-rest", "Basic", then=((250, "change", "Professional"),)),
    Pledge(181, "orrery", "harbour-rest", "Premium", "year"),
    Pledge(204, "cobalt", "harbour-rest", "Professional", then=((361, "change", "Basic"),)),
    Pledge(221, "priya", "harbour-rest", "Individual", "year"),
    Pledge(247, "polder", "harbour-rest", "Basic", then=((290, "cancel"), (294, "undo"))),
    Pledge(299, "tern", "harbour-rest", "Professional"),
    Pledge(318, "saltgate", "harbour-rest", "Professional", "year"),
    Pledge(355, "fathom", "harbour-rest", "Professional", pays="never"),
    Pledge(361, "jizera", "harbour-rest", "Basic"),
]
_LATTICE = [
    Pledge(11, "pinewood", "lattice-http", "Professional", then=((362, "dispute"),)),
    Pledge(26, "coldharbour", "lattice-http", "Basic"),
    Pledge(58, "kestrel", "lattice-http", "Professional", visibility="named"),
    Pledge(90, "fathom", "lattice-http", "Professional", "year"),
    Pledge(112, "vantlo", "lattice-http", "Basic"),
    Pledge(140, "northline", "lattice-http", "Premium", visibility="anonymous"),
    Pledge(214, "quay", "lattice-http", "Professional", "year", "invoice", ((252, "transfer"),)),
    Pledge(270, "redfern", "lattice-http", "Professional", "year", "invoice", ((331, "give up"),)),
    Pledge(352, "kestrel", "lattice-http", "Premium", "year", "invoice"),
    Pledge(171, "waypost", "lattice-http", "Basic"),
    Pledge(226, "osterby", "lattice-http", "Professional", then=((262, "dispute"), (268, "win"))),
    Pledge(283, "tenon", "lattice-http", "Basic"),
]
_TIDEWATER = [
    Pledge(18, "orrery", "tidewater", "Professional"),
    Pledge(37, "ferrowind", "tidewater", "Professional"),
    Pledge(63, "jizera", "tidewater", "Basic"),
    Pledge(96, "brightwater", "tidewater", "Premium", visibility="named"),
    Pledge(128, "kestrel", "tidewater", "Professional", then=((352, "cancel", "use"),)),
    Pledge(166, "umbra", "tidewater", "Professional", "year"),
    Pledge(218, "vantlo", "tidewater", "Basic"),
    Pledge(262, "tern", "tidewater", "Professional"),
    Pledge(364, "sivelle", "tidewater", "Professional", pays="bank"),
]
_PAGEWRIGHT = [
    Pledge(7, "pinewood", "pagewright", "Premium"),
    Pledge(34, "tenon", "pagewright", "Basic"),
    Pledge(76, "terrapin", "pagewright", "Premium"),
    Pledge(119, "tamarind", "pagewright", "Basic", then=((190, "fail"),)),
    Pledge(152, "cobalt", "pagewright", "Professional"),
    Pledge(197, "ridgeway", "pagewright", "Basic", "year"),
    Pledge(239, "larkspur", "pagewright", "Professional"),
    Pledge(302, "araucaria", "pagewright", "Basic", then=((340, "fail"),)),
]
_COBBLE = [
    Pledge(22, "jizera", "cobble-maps", "Founding"),
    Pledge(66, "polder", "cobble-maps", "Professional", then=((340, "pause", "3"),)),
    Pledge(105, "ridgeway", "cobble-maps", "Professional"),
    Pledge(176, "osterby", "cobble-maps", "Basic"),
    Pledge(270, "waypost", "cobble-maps", "Basic", pays="asked"),
]
_MARGINALIA = [
    Pledge(13, "ines", "marginalia", "Patron"),
    Pledge(29, "jonas", "marginalia", "Reader", visibility="named"),
    Pledge(41, "mairead", "marginalia", "Patron", "year"),
    Pledge(84, "tomasz", "marginalia", "Reader", then=((260, "cancel"),)),
    Pledge(136, "lucia", "marginalia", "Patron"),
    Pledge(212, "adaeze", "marginalia", "Reader", visibility="anonymous"),
    Pledge(333, "priya", "marginalia", "Reader"),
]
_KUMIHIMO = [
    Pledge(24, "hinoki", "kumihimo-text", "Premium"),
    Pledge(79, "morimoto", "kumihimo-text", "Basic"),
    Pledge(146, "sumire", "kumihimo-text", "Professional"),
    Pledge(235, "orrery", "kumihimo-text", "Basic", "year"),
]
_SALTMARSH = [
    Pledge(48, "pinewood", "saltmarsh-sync", "Professional"),
    Pledge(92, "fathom", "saltmarsh-sync", "Basic"),
    Pledge(149, "kestrel", "saltmarsh-sync", "Professional", then=((345, "fail"),)),
    Pledge(254, "halyard", "saltmarsh-sync", "Basic"),
]
_PLUMBLINE = [
    Pledge(55, "bramble", "plumbline", "Basic"),
    Pledge(
        94,
        "mosswell",
        "plumbline",
        "Premium",
        then=((200, "refund", "The audit of May was not held"),),
    ),
    Pledge(156, "gorse", "plumbline", "Professional"),
    Pledge(208, "halyard", "plumbline", "Basic"),
    Pledge(287, "redfern", "plumbline", "Professional", card_lasts=2),
]
_HEDGEROW = [
    Pledge(5, "terrapin", "hedgerow", "Basic", then=((188, "cancel"),)),
    Pledge(16, "kestrel", "hedgerow", "Basic", then=((184, "cancel"),)),
    Pledge(40, "waypost", "hedgerow", "Basic", then=((186, "cancel"),)),
]

PLEDGES = [
    *_HARBOUR, *_LATTICE, *_TIDEWATER, *_PAGEWRIGHT, *_COBBLE, *_MARGINALIA, *_KUMIHIMO,
    *_SALTMARSH, *_PLUMBLINE, *_HEDGEROW,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Whom one can be with the password, and where to look then."""

    email: str
    path: str
    what: str


PEOPLE = [
    Person(MAINTAINER, "/organise/",
           "organises the programmes: 1,000 applications in the Lattice Fellowship; also maintains Harbour REST"),
    Person(REVIEWER, "/reviews/", "reviews for the Lattice Fellowship: some 330 of the 1,000"),
    Person(APPLICANT, "/applications/", "has a draft of an application for Plumbline Apprentices"),
    Person(PARTICIPANT, "/places/",
           "takes part in Harbour Mentors: checkpoint 1 is paid, 2 is open"),
    Person(MENTOR, "/places/", "mentors in Harbour Mentors, and in Pagewright’s docs season"),
    Person(TREASURER, "/organise/", "pays stipends of Harbour Mentors: one waits"),
    Person(OWNER, "/companies/kestrel-bank/home/", "acts for Kestrel Bank, with seats in two programmes"),
    Person(WAITING, "/companies/fathom/home/", "acts for Fathom, which waits for a seat of Harbour Mentors"),
    Person(EDITOR, "/maintain/harbour-rest/", "helps to maintain Harbour REST"),
    Person(STAFF, "/staff/", "runs the site, with /admin/"),
]  # fmt: skip

# Where each kind of trouble is to be found, for whoever looks at the demo.
STORIES = [
    ("Kestrel Bank", "a card that fails now, and an invoice at Lattice HTTP that is not paid yet"),
    ("Araucária", "a card that fails and that nobody mends: two weeks on it is gone from Pagewright"),
    ("Terrapin Cloud", "a card that failed, and was mended"),
    ("Larkspur Games", "a sponsorship of Harbour REST that lapsed"),
    ("Quay & Sons", "an invoice with 30 days to pay, paid late"),
    ("Redfern Hale", "an invoice written off; a card that expires before its next renewal"),
    ("Bramble School", "an upgrade; Cobalt Ledger has planned to pay less, Polder Works pauses"),
    ("Mosswell Health", "money given back in part"),
    ("Østerby", "a dispute that was won; Pinewood Data’s waits for staff to answer it"),
    ("Orrery Labs", "tax that it owes itself; companies of Britain pay VAT"),
]  # fmt: skip

# Whose logo is on the site, and what they say of themselves.
LOGOS = {
    "kestrel": "A bank for people who build things. We pay for what we stand on.",
    "orrery": "Instruments and software for observatories.",
    "northline": "Signalling for small railways.",
    "brightwater": "Water for two million people, and the software that counts it.",
    "pinewood": "Data about forests.",
    "terrapin": "Slow, careful cloud hosting.",
    "hinoki": "Wooden houses, drawn by computer.",
    "quay": "",
    "mosswell": "",
}
