"""The description of the API held against a real server: schemathesis asks everything it describes, in each role.

No answer is a failure of the server, and each has the form that is described. Rights are looked at by `x-access`.
"""

import copy
import json
import uuid

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from server import PASSWORD, Server
from test_people import CAPABILITIES, SECOND, account

ROLES = {role: CAPABILITIES[role] for role in ("administrator", "operator", "registrar", "observer")} | {"stranger": None}
# Examples of each operation in each role: some 60 operations, five roles.
EXAMPLES = 6
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def server(seine_maritime_original, tmp_path_factory):
    world = seine_maritime_original.copied(tmp_path_factory.mktemp("described"))
    words = ["--limit", "requestsPerAccount=100000", "--limit", "requestsPerAddress=100000"]
    with Server(world.tocsin, *words) as server:
        server.signed_in()
        for role in ROLES:
            if role not in ("administrator", "stranger"):
                account(world.tocsin, server, role, role)
        yield server
        assert server.process.poll() is None, "the server ended: " + "".join(server.log[-20:])


@pytest.fixture(scope="module")
def document(server):
    described = server.client().get("/api/openapi.json")
    assert described.status == 200
    assert json.loads(server.tocsin.ok("api").out) == described.json
    return described.json


def signed_in(server, role: str):
    client = server.client()
    if role == "stranger":
        return client
    if role == "administrator":
        assert client.sign_in(PASSWORD).status == 200
    else:
        assert client.sign_in(SECOND, role).status == 200
    assert set(client.get("/api/session").json["capabilities"]) == ROLES[role], "the role's rights are not those expected"
    return client


# What does not end by itself, or takes away the session or account of who asks, or the people that others ask about.
LEFT_OUT = {
    "campaignEvents", "signOut", "changePassword", "addressSearchTable", "addressReverseTable", "endSession", "endOwnSession",
    "draftEvents", "gatewayEvents", "testGateway", "mergeDoubles", "undoMerge", "deleteList", "renameList", "erasePerson", "undoImport", "closePerson", "resetPerson", "resetFactors", "setFactorPolicy", "withdrawGrant", "refuseGrant", "removeRole"}


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] not in LEFT_OUT:
                yield method, path, operation


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_answers_as_described(server, document, role):
    client = signed_in(server, role)
    headers = {"Cookie": client.cookie, "X-Tocsin-CSRF": client.csrf} if client.cookie else {}
    schema = schemathesis.openapi.from_dict(document)
    faults: list[str] = []
    asked = 0
    for method, path, operation in operations(document):
        access = operation["x-access"]
        kind, _, right = access.partition(" ")
        allowed = kind == "anyone" or (ROLES[role] is not None and (not right or right in ROLES[role]))

        def ask(case):
            nonlocal asked
            asked += 1
            case.cookies = {}
            response = case.call(base_url=server.url, headers=headers, allow_redirects=False, timeout=30)
            case.validate_response(response, checks=CHECKS)
            if not allowed:
                assert response.status_code in (401, 403, 404, 405), f"{role} got {response.status_code}"
                assert response.status_code != 200
            elif access != "anyone" and client.cookie:
                assert response.status_code != 401, "signed in, and told to sign in"

        run = settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
                       suppress_health_check=list(HealthCheck))
        try:
            given(case=schema[path][method.upper()].as_strategy())(run(ask))()
        except Exception as error:  # noqa: BLE001  (collected, so that one run tells all)
            faults.append(f"{method.upper()} {path}: {str(error)[:1500]}")
    assert asked > 40
    assert not faults, "\n\n".join(faults)


def test_who_may_not_gets_the_same_refusal_whatever_is_asked(server, document):
    client = signed_in(server, "observer")
    for method, path, operation in operations(document):
        access = operation["x-access"]
        if " " in access and access != "may statistics":
            answers = {client.call(method.upper(), path.replace("{id}", number), {}).code for number in ("1", "999999")}
            assert answers == {"not_permitted"}, (method, path, answers)


MESSAGE = {"subject": "Essai", "text": "Quittez les berges"}
ZONE = {"type": "department", "code": "76"}
SQUARE = {"type": "Polygon", "coordinates": [[[1.0, 49.4], [1.1, 49.4], [1.1, 49.5], [1.0, 49.5], [1.0, 49.4]]]}
PLAN = {"zone": ZONE, "message": MESSAGE, "channels": ["sms", "email"], "mode": "exercise", "retries": 0}
# Questions that are answered with success: what chance seldom asks.
QUESTIONS = [
    ("POST", "/api/zone/counts", {"zone": ZONE}), ("POST", "/api/zone/counts", {"zone": ZONE, "detail": "counts"}),
    ("POST", "/api/cells", {"bounds": [0, 49, 2, 50], "zoom": 9, "zone": ZONE}), ("POST", "/api/zone/coverage", {"zone": ZONE}),
    ("POST", "/api/zone/shape", {"zone": {"type": "perimeter", "name": "x", "geometry": SQUARE}}),
    ("POST", "/api/zone/coverage/file", {"zone": ZONE, "format": "json"}), ("POST", "/api/zone/coverage/file", {"zone": ZONE, "format": "csv"}),
    ("POST", "/api/perimeters", {"name": "Carré", "geometry": SQUARE}), ("GET", "/api/perimeters", None), ("GET", "/api/perimeters?geometry=none", None),
    ("GET", "/api/perimeters/1", None),
    ("GET", "/api/coverage/report?format=geojson", None), ("POST", "/api/coverage/reports", None), ("GET", "/api/coverage/communes", None),
    ("POST", "/api/message/measure", {**MESSAGE, "mode": "exercise"}), ("POST", "/api/message/fill", {"message": MESSAGE, "values": {}}),
    ("POST", "/api/message/texts", {"message": MESSAGE, "mode": "exercise", "channels": ["sms", "email"]}),
    ("POST", "/api/message/speech", {"message": MESSAGE, "mode": "exercise", "kind": "alert"}),
    ("GET", "/api/message/test", None), ("GET", "/api/templates", None), ("GET", "/api/lists", None), ("GET", "/api/tags", None),
    ("POST", "/api/campaigns/preview", PLAN), ("GET", "/api/campaigns", None), ("GET", "/api/campaigns/1", None),
    ("GET", "/api/campaigns/1/report?format=json", None), ("GET", "/api/campaigns/1/report?format=text", None),
    ("GET", "/api/communes?q=rouen", None), ("GET", "/api/communes?codes=76540,99999", None),
    ("GET", "/api/communes/at?lon=1.1&lat=49.44", None), ("GET", "/api/epcis?q=metropole", None), ("GET", "/api/config", None),
    ("GET", "/api/session", None), ("GET", "/api/audit?limit=5", None), ("GET", "/api/audit/figures", None),
    ("GET", "/api/audit/export?format=jsonl", None), ("GET", "/api/audit/export?format=csv", None), ("GET", "/api/openapi.json", None),
    ("GET", "/healthz", None), ("GET", "/journal", None), ("GET", "/search?q=rouen", None),
]


def is_exercise(path: str, body) -> bool:
    return path.startswith("/api/campaigns") or bool(body and "mode" in body)


def answered(server, client, method: str, path: str, body) -> requests.Response:
    return requests.request(
        method, f"http://127.0.0.1:{client.port}{path}", json=body, headers={"Cookie": client.cookie, "X-Tocsin-CSRF": client.csrf}, timeout=60)


def test_what_is_answered_with_success_has_the_form_that_is_described(server, document):
    # What is launched here is an exercise, at its own address.
    client, trainee = signed_in(server, "administrator"), server.trainee()
    preview = trainee.post("/api/campaigns/preview", PLAN)
    assert preview.status == 200, preview.text
    preview = preview.json
    launch = {**PLAN, "audienceHash": preview["audienceHash"], "confirmation": preview["expectedNumber"], "requestKey": str(uuid.uuid4())}
    schema = schemathesis.openapi.from_dict(document)
    for method, path, body in [("POST", "/api/campaigns", launch), *QUESTIONS, ("POST", "/api/campaigns/1/stop", None)]:
        answer = answered(server, trainee if is_exercise(path, body) else client, method, path, body)
        if path != "/api/campaigns/1/stop":
            assert answer.status_code in (200, 201, 204), (method, path, answer.text[:300])
        described = path.split("?")[0].replace("/1", "/{id}")
        schema[described][method].Case(path_parameters={"id": 1} if "{id}" in described else {}).validate_response(answer, checks=CHECKS)


def test_a_description_that_lies_is_found_out(server, document):
    """Otherwise what stands above proves nothing."""
    client = signed_in(server, "administrator")
    lie = copy.deepcopy(document)
    lie["components"]["schemas"]["ZoneCounts"]["properties"]["recipients"] = {"type": "string"}
    lie["paths"]["/api/config"]["get"]["responses"]["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    schema = schemathesis.openapi.from_dict(lie)
    for method, path, body in (("POST", "/api/zone/counts", {"zone": ZONE}), ("GET", "/api/config", None)):
        answer = answered(server, client, method, path, body)
        assert answer.status_code == 200
        with pytest.raises(BaseExceptionGroup, match="(?i)schema|content"):
            schema[path][method].Case().validate_response(answer, checks=CHECKS)
