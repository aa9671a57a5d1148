"""A data folder of its own, servers of its own: what a person has who runs the product on this machine."""

import shutil
import tempfile
from pathlib import Path

import pytest

from config.local.layout import Layout
from config.local.services import LocalServices


@pytest.fixture
def data_dir():
    """An empty data folder that other accounts may pass, removed at the end with everything that ran in it."""
    folder = Path(tempfile.mkdtemp(prefix="chain-run-")).resolve()
    folder.chmod(0o711)
    yield folder
    services = LocalServices(folder)
    if (folder / "run").is_dir():
        services.stop()
    Layout(folder).remove_outside()
    shutil.rmtree(folder)
