"""The report's page in Chromium: on a phone and on a desk, light and dark, and on paper."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

from tests.harness.report import files
from tests.harness.report.run import Report
from tests.selftest.report_pages.install import RULES
from tests.selftest.reports import HOSTILE, red, several

BROWSERS, DRIVER = ("chromium", "google-chrome", "chrome"), "chromedriver"
NO_BROWSER = (
    "the report's page is tried in a real browser, and this machine has no {missing}. On Debian: "
    "apt-get install chromium chromium-driver"
)
# A word without a place to break, wider than a phone; and a migration that says all that it may.
LONG = "a_very_long_name_of_a_table_" * 12
REPORTS = {
    "red": Report([red()]),
    "several, hostile": several(HOSTILE),
    "long": several(LONG),
}
# What was fetched: the page itself is a file, and its empty icon is in it.
OWN = ("file://", "data:,")
SIDEWAYS = """
const page = document.documentElement;
return page.scrollWidth > page.clientWidth || [...document.querySelectorAll("main *")].some(
    (each) => !each.closest(".wide") && each.getBoundingClientRect().right > page.clientWidth + 1
);
"""
# A mark is a symbol; what stands for it must be a word that is shown, or one that is read out.
MARKS_WITHOUT_WORDS = """
return [...document.querySelectorAll(".state, .verdict")].filter((each) => {
    const shown = [...each.childNodes].filter((node) => node.ariaHidden !== "true");
    return !/[a-z]/i.test(shown.map((node) => node.textContent).join("")) && !each.ariaLabel;
}).map((each) => each.outerHTML);
"""
COLOURLESS = """
return [...document.querySelectorAll(".state, .verdict")].filter((each) => !/[✓✗?–!]/.test(each.textContent)).length;
"""
# What is skipped, by content-visibility, is decided when a frame is drawn.
NEXT_FRAME = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
UNFOLD = "document.querySelectorAll('details').forEach((each) => each.open = arguments[0])"


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    """A headless Chromium that keeps what it fetches and what its console says."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which(DRIVER)
    if found is None or driver is None:
        pytest.fail(NO_BROWSER.format(missing=DRIVER if found else BROWSERS[0]), pytrace=False)
    options = webdriver.ChromeOptions()
    options.binary_location = found
    with tempfile.TemporaryDirectory() as profile:
        # Without a sandbox root may run it too; the page is our own, and may fetch and run nothing.
        for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", f"user-data-dir={profile}"):
            options.add_argument(f"--{argument}")
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        running = webdriver.Chrome(options=options, service=Service(driver))
        yield running
        running.quit()


@pytest.fixture(params=REPORTS)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A report's page."""
    files.write(REPORTS[request.param], tmp_path / "report.html")
    return tmp_path / "report.html"


def show(browser: WebDriver, page: Path, width: int, scheme: str, *, unfolded: bool) -> None:
    """Open a page on a screen of that width."""
    screen = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    for log in ("performance", "browser"):
        browser.get_log(log)
    browser.get(page.as_uri())
    browser.execute_script(
        f"document.querySelectorAll('details').forEach((each) => each.open = {str(unfolded).lower()})"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_can_be_read(browser: WebDriver, page: Path, width: int, scheme: str) -> None:
    """Nothing is wider than the screen or fetched, the console is empty, and no rule of accessibility is broken.

    Of contrast, names and headings, axe knows what WCAG asks for.
    """
    show(browser, page, width, scheme, unfolded=True)
    assert browser.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
    assert browser.execute_script(SIDEWAYS) is False
    told = [json.loads(each["message"])["message"] for each in browser.get_log("performance")]
    fetched = [each["params"]["request"]["url"] for each in told if each["method"] == "Network.requestWillBeSent"]
    assert fetched
    assert [url for url in fetched if not url.startswith(OWN)] == []
    assert [each["message"] for each in browser.get_log("browser")] == []
    browser.execute_script((RULES.path("axe-core") / "axe.min.js").read_text(encoding="utf-8"))
    result = browser.execute_async_script("axe.run().then(arguments[0], (fault) => arguments[0](String(fault)))")
    broken = {each["id"]: [node["html"] for node in each["nodes"]][:3] for each in result["violations"]}
    assert broken == {}
    assert "color-contrast" in {each["id"] for each in result["passes"]}


def test_each_mark_has_a_word(browser: WebDriver, page: Path) -> None:
    """Meaning is never in a colour alone: each state has a symbol, and a word that is shown or read out."""
    show(browser, page, 390, "light", unfolded=True)
    assert browser.execute_script(MARKS_WITHOUT_WORDS) == []
    assert browser.execute_script(COLOURLESS) == 0
    pictures = "return [...document.querySelectorAll('svg, img, [role=img]')].map((each) => each.computedName ?? '')"
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    names = [each["name"]["value"] for each in nodes if each.get("role", {}).get("value") in ("image", "img")]
    assert len(names) == len(browser.execute_script(pictures)) > 0
    assert all(names)


def test_what_is_folded_is_printed(browser: WebDriver, page: Path) -> None:
    """On paper nothing can be unfolded: all of it is there, and black on white in a dark scheme too."""
    show(browser, page, 1280, "dark", unfolded=False)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.execute_script("return matchMedia('print').matches")
    browser.execute_async_script(NEXT_FRAME)
    hidden = """return [...document.querySelectorAll("details > :not(summary)")].filter(
        (each) => !each.checkVisibility({contentVisibilityAuto: true}) || !each.getBoundingClientRect().height
    ).length"""
    assert browser.execute_script(hidden) == 0
    style = browser.execute_script("const of = getComputedStyle(document.body); return [of.color, of.backgroundColor]")
    assert style == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_a_page_that_is_wrong_is_noticed(browser: WebDriver, tmp_path: Path) -> None:
    """What this file looks for, it finds: text that is too wide, a mark without a word, too little contrast."""
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<!DOCTYPE html><meta name=viewport content='width=device-width'><main><p style='width: 900px'>wide</p>"
        "<p class=state>✓</p><p style='color: #ccc'>pale</p><svg role=img></svg>",
        encoding="utf-8",
    )
    show(browser, bad, 390, "light", unfolded=False)
    assert browser.execute_script(SIDEWAYS) is True
    assert len(browser.execute_script(MARKS_WITHOUT_WORDS)) == 1
    browser.execute_script((RULES.path("axe-core") / "axe.min.js").read_text(encoding="utf-8"))
    result = browser.execute_async_script("axe.run().then(arguments[0])")
    assert {"color-contrast", "svg-img-alt"} <= {each["id"] for each in result["violations"]}
