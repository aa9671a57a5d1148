"""What the browser loads: every vendored file as recorded, every icon there, nothing inline, nothing from outside."""

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
VENDOR = ROOT / "static" / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OWN_SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=", re.I),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "hx-on": re.compile(r"\shx-on[:-]", re.I),
    "style block": re.compile(r"<style[\s>]", re.I),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "outside address": re.compile(r"(?:href|src|action|hx-get|hx-post)\s*=\s*[\"'](?:https?:)?//", re.I),
}
# Chrome 100 lacks these; office browsers carry kernels of 100 to 120.
TOO_NEW = re.compile(r"color-mix\(|light-dark\(|oklch\(|@layer|@container|:is\(&|&:hover")


def recorded() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_vendored_file_is_recorded_and_unchanged():
    files = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in ("README.md", "SHA256SUMS")
    }
    assert files == recorded()


def test_vendored_files_ask_for_nothing_that_is_not_there():
    for path in VENDOR.rglob("*.min.*"):
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path.name


def test_the_chart_bundle_is_the_version_that_the_python_package_brings():
    import plotly

    bundled = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    version = re.search(r"plotly\.js v([\d.]+)", bundled.read_text(encoding="utf-8")[:400]).group(1)
    assert f'"{version}"' in (VENDOR / "plotly" / "plotly-gov.min.js").read_text(encoding="utf-8")
    assert version in (VENDOR / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix())
def test_a_template_has_nothing_inline_and_nothing_from_outside(path):
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert not found, f"{path.name}: {found}"


def test_every_icon_named_exists():
    drawings = {path.stem for path in (ROOT / "static" / "icons").glob("*.svg")}
    named = set()
    for path in TEMPLATES:
        named |= set(re.findall(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8")))
    from core import navigation

    named |= {item.icon for item in navigation.items()}
    assert named - drawings == set()


def test_our_scripts_need_no_eval_and_go_nowhere_outside():
    for path in OWN_SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|https?://|=>", text), path.name


def test_charts_never_offer_to_send_data_away():
    text = (ROOT / "static" / "js" / "charts.js").read_text(encoding="utf-8")
    assert "showSendToCloud: false" in text and 'plotlyServerURL: ""' in text and "displaylogo: false" in text


def test_the_stylesheet_stays_within_the_browser_floor():
    text = (ROOT / "static" / "app.css").read_text(encoding="utf-8")
    assert not TOO_NEW.search(text)
    assert "http" not in re.sub(r"/\*.*?\*/", "", text, flags=re.S)
