"""Nothing runs as root, and nothing may write where it need not: in containers, in pods and under systemd."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT

from .files import DEPLOY, UNITS, compose, objects, pods, read, run_tool, unit

SERVICES = compose()["services"]
PODS = pods()
OURS = [name for name in SERVICES if name not in ("db", "prometheus", "blackbox")]
UID = 10001


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_of_compose_is_shut_in(name: str) -> None:
    service = SERVICES[name]
    assert int(service["user"].partition(":")[0]) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"] and "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    # What is published is for this machine: the reverse proxy stands before it.
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_database_of_compose_is_reached_from_inside_only() -> None:
    assert SERVICES["db"]["networks"] == ["inside"] and compose()["networks"]["inside"]["internal"] is True
    assert "ports" not in SERVICES["db"]
    assert SERVICES["db"]["image"].endswith("postgres:18}")
    assert SERVICES["db"]["volumes"] == ["database:/var/lib/postgresql"]  # below it since 18


@pytest.mark.parametrize("name", ["web", "worker"])
def test_servers_of_compose_wait_for_the_schema(name: str) -> None:
    waits = SERVICES[name]["depends_on"]
    assert waits["db"]["condition"] == "service_healthy" and "healthcheck" in SERVICES["db"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"


def test_the_proxy_that_compose_trusts_is_its_own_gateway() -> None:
    [network] = compose()["networks"]["out"]["ipam"]["config"]
    for name in OURS:
        if "FORWARDED_ALLOW_IPS" in SERVICES[name]["environment"]:
            assert SERVICES[name]["environment"]["FORWARDED_ALLOW_IPS"] == network["gateway"]


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_shut_in(name: str) -> None:
    """What Kubernetes' own standard "restricted" asks for, and a read-only root."""
    pod = PODS[name]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": UID,
        "runAsGroup": UID,
        "fsGroup": UID,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert "memory" in container["resources"]["limits"]
        assert "/tmp" in [mount["mountPath"] for mount in container["volumeMounts"]]
    assert not any("hostPath" in volume for volume in pod["volumes"])


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_server_in_a_pod_is_probed(name: str) -> None:
    pod = PODS[f"Deployment motcua-{name}"]
    [container] = pod["containers"]
    paths = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert paths == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}
    # A database that is away must not restart everything: only readiness asks for it.
    start = container["startupProbe"]
    assert start["periodSeconds"] * start["failureThreshold"] >= 60
    assert pod["terminationGracePeriodSeconds"] >= 60


def test_selectors_find_their_pods() -> None:
    for made in objects():
        if made["kind"] == "Deployment":
            chosen = made["spec"]["selector"]["matchLabels"]
            assert chosen.items() <= made["spec"]["template"]["metadata"]["labels"].items()
    components = {
        made["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"]
        for made in objects()
        if made["kind"] == "PodDisruptionBudget"
    }
    assert components == {"web", "worker"}


def test_what_is_not_for_the_outside_leads_nowhere() -> None:
    [ingress] = [made for made in objects() if made["kind"] == "Ingress"]
    [rule] = ingress["spec"]["rules"]
    leads = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert leads.pop("/") == "motcua-web"
    assert leads.keys() == {"/metrics", "/readyz", "/healthz", "/webhooks/rest"}
    assert set(leads.values()) == {"motcua-nowhere"}
    components = {pod["metadata"]["labels"]["app.kubernetes.io/component"] for pod in _templates()}
    [nowhere] = [made for made in objects() if made["metadata"]["name"] == "motcua-nowhere"]
    assert nowhere["spec"]["selector"]["app.kubernetes.io/component"] not in components


def _templates() -> list[dict[str, Any]]:
    return [made["spec"]["template"] for made in objects() if made["kind"] in ("Deployment", "Job")]


def test_all_traffic_that_is_not_listed_is_refused() -> None:
    policies = [made["spec"] for made in objects() if made["kind"] == "NetworkPolicy"]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies


def test_kustomize_puts_it_together() -> None:
    done = run_tool("kubectl", "kustomize", str(DEPLOY / "kubernetes"))
    assert done.returncode == 0, done.stderr
    assert "image: motcua:1\n" in done.stdout and "\nkind: Ingress\n" in done.stdout


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_shut_in(path: Path) -> None:
    found = unit(path)
    assert found["User"] == found["Group"] == ["motcua"]
    wanted = {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "ProtectKernelTunables": "yes",
        "ProtectKernelModules": "yes",
        "ProtectControlGroups": "yes",
        "RestrictNamespaces": "yes",
        "RestrictSUIDSGID": "yes",
        "LockPersonality": "yes",
        "CapabilityBoundingSet": "",
        "UMask": "0077",
    }
    assert {name: found.get(name, ["not set"])[0] for name in wanted} == wanted
    assert found["SystemCallFilter"] == ["@system-service", "~@privileged"]


def test_systemd_reads_the_units() -> None:
    paths = [*UNITS, DEPLOY / "systemd" / "motcua-backup.timer"]
    done = run_tool("systemd-analyze", "verify", *map(str, paths))
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    # The program is not installed where the units expect it; all else counts.
    assert [line for line in said if "is not executable" not in line] == []


def test_the_image_runs_as_the_user_of_the_pods() -> None:
    text = read("docker/Dockerfile")
    [_, last] = re.split(r"^FROM .*\n", text, flags=re.MULTILINE)[1:]
    assert f"\nUSER {UID}:{UID}\n" in last
    assert "ARG BASE=ubuntu:22.04" in text
    installs = re.findall(r"pip install (.+?)(?: \\)?$", text, re.MULTILINE)
    assert len(installs) == 3
    assert all("--require-hashes" in words or "--no-index" in words for words in installs)
    assert all("--no-build-isolation" in words for words in installs[1:])  # else what builds comes in without a hash
    assert re.search(r'^ENTRYPOINT \["/usr/bin/tini", "--", "motcua"\]$', last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\\\n  CMD \[.*/healthz", last, re.MULTILINE)
    assert not re.search(r"^(ADD|RUN (curl|wget))", text, re.MULTILINE)


def test_no_secret_and_no_database_gets_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".git", ".venv", "var", "models", "**/.env", "**/*.env"} <= set(ignored)
    # What the image itself needs stays.
    needed = ["bot", "actions", "nlu_data", "config.yml", "domain.yml", "endpoints.yml", "pyproject.toml", "README.md"]
    assert not set(needed) & set(ignored) and "!deploy/bin" in ignored
