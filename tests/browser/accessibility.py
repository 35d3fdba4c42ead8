"""What axe says of a page that has come to rest."""

# A dialogue that is fading in has too little contrast until it is there.
AT_REST = """
async () => {
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const ends = (animation) =>
    animation.playState === "running" &&
    animation.effect.getComputedTiming().endTime !== Infinity;
  await document.fonts.ready;
  for (let quiet = 0; quiet < 3; ) {
    await frame();
    const running = document.getAnimations().filter(ends);
    quiet = running.length ? 0 : quiet + 1;
    running.forEach((animation) => animation.finish());
  }
}
"""


def overflow(page):
    """Give by how many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def assert_fits(page):
    """Assert that axe finds nothing, and that nothing is wider than the window."""
    assert violations(page) == {}, page.url
    assert overflow(page) == 0, page.url


def violations(page):
    """Give the rules that the page breaks, each with the HTML that breaks it."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(AT_REST)
    return {
        rule["id"]: [node["html"][:200] for node in rule["nodes"]]
        for rule in Axe().run(page).response["violations"]
    }
