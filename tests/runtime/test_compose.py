"""The files of a deployment agree with each other; they are read, no container engine is needed."""

import re
from pathlib import Path

import pytest
import yaml

HOUSE = Path(__file__).parents[2]
TEXT = (HOUSE / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
APPLICATION = ("web", "worker", "beat", "migrate")


def variables(text) -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def test_every_variable_is_explained_and_nothing_else_is():
    example = (HOUSE / "deploy/.env.example").read_text(encoding="utf-8")
    offered = set(re.findall(r"^([A-Z_]+)=", example, re.M))
    assert offered - {"COMPOSE_PROJECT_NAME"} == variables(TEXT)  # read by compose itself


def test_no_secret_has_a_default_and_each_is_demanded():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "WEB_PASSWORD", "REDIS_PASSWORD"):
        assert f"${{{name}:?" in TEXT
        assert f"${{{name}:-" not in TEXT


@pytest.mark.parametrize("name", APPLICATION)
def test_the_application_runs_without_rights(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "container_name" not in service and "ports" not in service  # or it could not be scaled
    assert service["networks"] == ["inside"]
    assert re.search(r"^USER chain$", (HOUSE / "Dockerfile").read_text(encoding="utf-8"), re.M)


def test_only_the_proxy_has_a_way_out_and_in():
    outside = {name for name, service in COMPOSE["services"].items() if "outside" in service["networks"]}
    opened = {name for name, service in COMPOSE["services"].items() if "ports" in service}
    assert outside == opened == {"proxy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_only_migrate_is_given_the_owner():
    owners = {
        name for name in APPLICATION if "chain_owner" in COMPOSE["services"][name]["environment"]["OWNER_DATABASE_URL"]
    }
    assert owners == {"migrate"}
    for name in APPLICATION:
        assert COMPOSE["services"][name]["environment"]["DATABASE_URL"].startswith("postgresql://chain_web:")


def test_each_lasting_service_is_watched_and_starts_after_migrate():
    for name, service in COMPOSE["services"].items():
        assert ("healthcheck" in service) == (name != "migrate"), name
    for name in ("web", "worker", "beat"):
        needs = COMPOSE["services"][name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}
        assert needs["postgres"] == needs["redis"] == {"condition": "service_healthy"}


def test_every_volume_and_mounted_file_exists():
    for service in COMPOSE["services"].values():
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("./"):
                assert (HOUSE / source).exists(), source
            elif not source.startswith("${"):
                assert source in COMPOSE["volumes"]
