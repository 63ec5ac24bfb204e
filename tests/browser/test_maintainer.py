"""A maintainer puts a project on the site: from signing up to a page that everybody sees. With
scripts, without them, and with the keyboard alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from funding.projects.models import Goal, Project, Update
from tests import factories
from tests.browser import pages
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser


EMAIL = "ada@example.org"
DESCRIPTION = "# Why\n\nEvery port **runs** on it."
TIERS = (("Berth", "20", ""), ("Mast", "300", "3000"), ("Fleet", "", "12000"))
GOALS = (("Maintenance", "2"), ("Security releases", "1.5"))


@pytest.fixture
def keep_page():
    """Files are chosen by the page's browser: each has one of its own."""
    return False


class ByPointer:
    """Somebody who points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, wanted: Locator) -> None:
        wanted.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, option: str) -> None:
        field.select_option(option)

    def tick(self, field: Locator) -> None:
        field.check()

    def attach(self, field: Locator, file: dict) -> None:
        field.set_input_files(file)


class ByKeyboard(ByPointer):
    """Somebody who uses Tab, Enter, Space and letters."""

    def press(self, wanted: Locator) -> None:
        tab_to(self.page, wanted)
        self.enter()

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        tab_to(self.page, field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, field: Locator, option: str) -> None:
        tab_to(self.page, field)
        self.page.keyboard.type(option)

    def tick(self, field: Locator) -> None:
        tab_to(self.page, field)
        self.page.keyboard.press("Space")

    def attach(self, field: Locator, file: dict) -> None:
        with self.page.expect_file_chooser(timeout=30_000) as chooser:
            tab_to(self.page, field)  # meanwhile the browser learns that it is to ask us
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)


WAYS = {
    "with scripts": (ByPointer, True),
    "without scripts": (ByPointer, False),
    "by keyboard": (ByKeyboard, True),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_maintainer_puts_a_project_on_the_site(site, visitor, way):
    hands, javascript = WAYS[way]
    page = visitor(java_script_enabled=javascript)
    page.goto(site.at("/"))
    maintainer = hands(page)

    for step in (
        signs_up, begins_the_project, puts_up_a_logo, writes_the_texts, names_a_person,
        sets_the_goals, offers_tiers, publishes, tells_what_was_done,
    ):  # fmt: skip
        step(maintainer)

    everybody_sees_it(site, visitor())
    assert list(Goal.objects.values_list("title", flat=True)) == [title for title, _ in GOALS]


def link(someone, name):
    return someone.page.get_by_role("link", name=name)


def button(someone, name):
    return someone.page.get_by_role("button", name=name)


def field(someone, label):
    return someone.page.get_by_label(label)


def goes_to(someone, tab):
    desk = someone.page.get_by_role("navigation", name="Harbour")
    someone.press(desk.get_by_role("link", name=tab))
    pages.sees_title(someone.page, tab)


def is_told(someone, words):
    expect(someone.page.get_by_role("status").first).to_contain_text(words)


def signs_up(someone):
    someone.press(link(someone, "Sign in"))
    someone.press(link(someone, "Make an account"))
    someone.write(field(someone, "Your name"), "Ada")
    someone.write(field(someone, "E-mail address"), EMAIL)
    someone.press(button(someone, "Make the account"))
    expect(someone.page.get_by_text("We sent a code to")).to_be_visible()
    someone.write(someone.page.locator("input[name=code]").first, pages.code_sent_to(EMAIL))
    someone.press(someone.page.get_by_role("button", name="Go on", exact=True))


def begins_the_project(someone):
    pages.sees_title(someone.page, "Your first minutes")
    someone.press(link(someone, "Put a project on the site"))
    someone.write(field(someone, "Name"), "Harbour")
    someone.write(field(someone, "What it is, in one sentence"), "Ships go in and out.")
    someone.choose(field(someone, "Currency"), "GBP")
    someone.write(field(someone, "Day rate"), "300")
    someone.press(button(someone, "See what the rate means"))
    expect(someone.page.get_by_text("A full week costs, a month")).to_be_visible()
    someone.press(button(someone, "Begin the project"))
    pages.sees_title(someone.page, "Make Harbour ready")
    expect(someone.page.locator(".place .pill.open")).to_have_count(6)


def puts_up_a_logo(someone):
    goes_to(someone, "Logo")
    file = factories.image()
    someone.attach(
        field(someone, "Picture"),
        {"name": file.name, "mimeType": file.content_type, "buffer": file.read()},
    )
    someone.press(button(someone, "Put it up"))
    is_told(someone, "This is the logo now.")
    expect(someone.page.get_by_role("img", name="The logo of Harbour")).to_have_count(3)


def writes_the_texts(someone):
    goes_to(someone, "Texts")
    someone.write(field(someone, "Description"), DESCRIPTION)
    someone.write(field(someone, "Source code"), "https://example.org/harbour")
    someone.write(field(someone, "Licence"), "MIT")
    someone.write(field(someone, "Programming languages"), "Python")
    someone.press(button(someone, "Preview the description"))
    preview = someone.page.get_by_role("region", name="The description, as it would look")
    expect(preview.locator("strong")).to_have_text("runs")
    expect(field(someone, "Licence")).to_have_value("MIT")
    assert Project.objects.get().description == ""
    someone.press(button(someone, "Save"))
    is_told(someone, "Saved.")


def names_a_person(someone):
    goes_to(someone, "People")
    someone.press(link(someone, "Add somebody"))
    someone.write(field(someone, "Name"), "Ada Byron")
    someone.write(field(someone, "Days a week"), "3.5")
    someone.press(button(someone, "Save"))
    is_told(someone, "Saved.")


def sets_the_goals(someone):
    goes_to(someone, "Goals")
    for title, days in GOALS:
        someone.press(link(someone, "Add a goal"))
        someone.write(field(someone, "What the days are for"), title)
        someone.write(field(someone, "Days a week that it adds"), days)
        someone.press(button(someone, "Save"))
        is_told(someone, "Saved.")
    someone.press(button(someone, "Move up Security releases"))
    is_told(someone, "Security releases is number 1 now.")
    back = button(someone, "Move down Security releases")
    if isinstance(someone, ByKeyboard):
        expect(back).to_be_focused()  # it need not be looked for
        someone.enter()
    else:
        someone.press(back)
    is_told(someone, "Security releases is number 2 now.")


def offers_tiers(someone):
    goes_to(someone, "Tiers")
    for name, monthly, yearly in TIERS:
        someone.press(link(someone, "Add a tier"))
        someone.write(field(someone, "Name").first, name)
        someone.write(field(someone, "Price a month"), monthly)
        someone.write(field(someone, "Price a year"), yearly)
        someone.tick(field(someone, "Your logo on the project’s page"))
        someone.write(field(someone, "More, in your own words"), "A postcard")
        someone.press(button(someone, "Save"))
        is_told(someone, "Saved.")


def publishes(someone):
    someone.press(link(someone, "Harbour").first)
    pages.sees_title(someone.page, "Make Harbour ready")
    someone.page.wait_for_load_state()
    expect(someone.page.locator(".place .pill.open")).to_have_count(0)  # all that is needed
    someone.press(link(someone, "Preview the page"))
    expect(someone.page.get_by_text("A draft.")).to_be_visible()
    someone.page.wait_for_load_state()
    expect(someone.page.get_by_role("link", name="Choose Mast")).to_have_count(0)
    someone.press(link(someone, "Back to its desk"))
    someone.press(link(someone, "Publish it"))
    pages.sees_title(someone.page, "Publish Harbour")
    someone.press(button(someone, "Publish Harbour"))
    is_told(someone, "Published.")


def tells_what_was_done(someone):
    someone.press(someone.page.get_by_role("link", name="Home", exact=True).first)
    pages.sees_title(someone.page, "Harbour, your desk")
    goes_to(someone, "Updates")
    someone.press(link(someone, "Write an update").first)
    someone.write(field(someone, "Title"), "The first week")
    someone.write(field(someone, "What you tell"), "We **began**.")
    someone.press(button(someone, "Preview"))
    preview = someone.page.get_by_role("article", name="Preview")
    expect(preview.locator("strong")).to_have_text("began")
    assert not Update.objects.exists()
    someone.press(button(someone, "Save and go on to publish"))
    pages.sees_title(someone.page, "Publish this update")
    someone.press(button(someone, "Publish it"))
    is_told(someone, "“The first week” is published.")


def everybody_sees_it(site, page):
    page.goto(site.at("/projects/"))
    page.get_by_role("link", name="Harbour").click()
    pages.sees_title(page, "Harbour")
    expect(page.locator("h1").locator("xpath=..").locator("img.avatar")).to_have_js_property(
        "complete", True
    )
    expect(page.locator(".prose strong")).to_have_text(["runs", "began"])
    expect(page.get_by_text("Ada Byron")).to_be_visible()
    expect(page.locator(".tier h3")).to_have_text([name for name, _, _ in TIERS])
    expect(page.get_by_role("link", name="Choose Mast")).to_be_visible()
