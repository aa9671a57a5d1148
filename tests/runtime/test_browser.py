"""The watch over the browser tests is not blind: what breaks the content policy or a script is noticed."""


def test_sign_in_page_is_clean_and_faults_are_noticed(open_page):
    page = open_page()
    page.goto("/sign-in/")
    assert page.locator("input[name=username]").is_visible()
    page.wait_for_timeout(300)
    assert open_page.faults == []

    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.bad = 1'}))")
    page.evaluate("setTimeout(() => { throw new Error('broken script') })")
    page.evaluate("console.error('a complaint')")
    page.wait_for_timeout(300)
    noticed = "\n".join(open_page.faults)
    open_page.faults.clear()
    assert page.evaluate("window.bad") is None
    for text in ("content policy: script-src", "broken script", "a complaint"):
        assert text in noticed
