"""Passwords and keys made once at random and kept in the data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path


def kept_secret(data_dir: Path, name: str, *, length: int = 32) -> str:
    """Return the secret `name` of this data folder, making it on first use.

    Two processes may ask at once on a fresh machine: the file is linked into place, so the first one wins and
    both return the same value.
    """
    folder = data_dir / "secrets"
    path = folder / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    make_data_dir(data_dir)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(length) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def make_data_dir(data_dir: Path) -> None:
    """Create the data folder: passable for root's unprivileged helper account, listable by its owner only."""
    if not data_dir.is_dir():
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
