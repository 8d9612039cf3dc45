# SPDX-License-Identifier: Apache-2.0
"""What kubectl prints, explains and validates."""

import pytest

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: NAME, labels: {team: edge}}
spec:
  ingressClassName: other
  rules:
  - host: shop.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
  tls: [{hosts: [shop.example.com], secretName: shop}]
"""

WIDGETS = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.forms.example.com}
spec:
  group: forms.example.com
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns:
    - {name: Size, type: integer, jsonPath: .spec.size}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties: {size: {type: integer, description: How large it is., minimum: 1}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
"""


def words(output):
    return [line.split() for line in output.strip().splitlines()]


def test_table_of_ingresses(kubectl):
    assert "created" in kubectl.run("apply", "-f", "-", stdin=INGRESS.replace("NAME", "shown"))
    header, row = words(kubectl.run("get", "ingress", "shown"))
    assert header == ["NAME", "CLASS", "HOSTS", "ADDRESS", "PORTS", "AGE"]
    assert row[:5] == ["shown", "other", "shop.example.com", "80,", "443"]


def test_apply_again_changes_nothing(kubectl):
    kubectl.run("apply", "-f", "-", stdin=INGRESS.replace("NAME", "same"))
    before = kubectl.json("get", "ingress", "same")["metadata"]["resourceVersion"]
    assert "unchanged" in kubectl.run("apply", "-f", "-", stdin=INGRESS.replace("NAME", "same"))
    assert kubectl.json("get", "ingress", "same")["metadata"]["resourceVersion"] == before


def test_apply_changes_what_the_file_changes(kubectl):
    kubectl.run("apply", "-f", "-", stdin=INGRESS.replace("NAME", "edited"))
    changed = INGRESS.replace("NAME", "edited").replace("shop.example.com", "new.example.com")
    assert "configured" in kubectl.run("apply", "-f", "-", stdin=changed)
    assert kubectl.json("get", "ingress", "edited")["spec"]["rules"][0]["host"] == "new.example.com"


def test_diff_shows_the_change(kubectl):
    kubectl.run("apply", "-f", "-", stdin=INGRESS.replace("NAME", "diffed"))
    changed = INGRESS.replace("NAME", "diffed").replace("shop.example.com", "new.example.com")
    printed = kubectl.run("diff", "-f", "-", stdin=changed, fails=True)
    assert "+  - host: new.example.com" in printed and "-  - host: shop.example.com" in printed


def test_server_side_apply_conflicts_until_forced(kubectl):
    file = INGRESS.replace("NAME", "owned")
    kubectl.run("apply", "--server-side", "--field-manager=one", "-f", "-", stdin=file)
    other = file.replace("ingressClassName: other", "ingressClassName: alb")
    refused = kubectl.run("apply", "--server-side", "--field-manager=two", "-f", "-", stdin=other, fails=True)
    assert 'conflict with "one": .spec.ingressClassName' in refused
    arguments = ["apply", "--server-side", "--field-manager=two", "--force-conflicts", "-f", "-"]
    assert "serverside-applied" in kubectl.run(*arguments, stdin=other)
    managers = kubectl.json("get", "ingress", "owned", "--show-managed-fields")["metadata"]["managedFields"]
    assert {entry["manager"] for entry in managers} >= {"one", "two"}


def test_unknown_fields_are_refused(kubectl):
    broken = INGRESS.replace("NAME", "broken").replace("ingressClassName", "ingressClass")
    assert 'unknown field "spec.ingressClass"' in kubectl.run("apply", "-f", "-", stdin=broken, fails=True)


def test_explain_a_field(kubectl):
    printed = kubectl.run("explain", "ingress.spec.rules.host")
    assert "FIELD: host <string>" in printed and "KIND:       Ingress" in printed


def test_explain_recursively(kubectl):
    printed = kubectl.run("explain", "pod.spec.containers", "--recursive")
    assert "livenessProbe" in printed and "containerPort" in printed


def test_explain_what_is_not_there(kubectl):
    assert 'field "nothing" does not exist' in kubectl.run("explain", "pod.nothing", fails=True)


@pytest.fixture(scope="module")
def widgets(kubectl):
    kubectl.run("apply", "-f", "-", stdin=WIDGETS)
    kubectl.run("wait", "--for=condition=Established", "crd/widgets.forms.example.com", "--timeout=20s")
    return kubectl


def widget(name, size):
    return f"{{apiVersion: forms.example.com/v1, kind: Widget, metadata: {{name: {name}}}, spec: {{size: {size}}}}}"


def test_printer_columns_of_a_custom_resource(widgets):
    widgets.run("apply", "-f", "-", stdin=widget("five", 5))
    patch = '{"status": {"conditions": [{"type": "Ready", "status": "True"}]}}'
    widgets.run("patch", "widget", "five", "--type=merge", "-p", patch)
    header, row = words(widgets.run("get", "wd", "five"))
    assert header == ["NAME", "SIZE", "READY"] and row == ["five", "5", "True"]


def test_custom_resource_is_validated(widgets):
    assert "should be greater than or equal to 1" in widgets.run("apply", "-f", "-", stdin=widget("zero", 0), fails=True)


def test_explain_a_custom_resource(widgets):
    assert "How large it is." in widgets.run("explain", "widget.spec.size")


def test_output_forms(kubectl):
    kubectl.run("create", "configmap", "forms", "--from-literal=a=1")
    assert kubectl.run("get", "cm", "forms", "-o", "jsonpath={.data.a}") == "1"
    assert kubectl.run("get", "cm", "forms", "-o", "go-template={{.data.a}}") == "1"
    assert words(kubectl.run("get", "cm", "forms", "-o", "custom-columns=N:.metadata.name,A:.data.a"))[1] == ["forms", "1"]
    assert '  a: "1"' in kubectl.run("get", "cm", "forms", "-o", "yaml")


def test_columns_of_many_kinds(kubectl):
    kubectl.run("create", "secret", "generic", "hidden", "--from-literal=a=1", "--from-literal=b=2")
    assert words(kubectl.run("get", "secret", "hidden"))[1][:3] == ["hidden", "Opaque", "2"]
    kubectl.run("create", "service", "clusterip", "front", "--tcp=80:8080")
    row = words(kubectl.run("get", "service", "front", "-o", "wide"))[1]
    assert row[1] == "ClusterIP" and row[3:5] == ["<none>", "80/TCP"] and row[6] == "app=front"
    assert words(kubectl.run("get", "namespace", kubectl.namespace))[1][1] == "Active"
    assert words(kubectl.run("get", "nodes"))[0][:3] == ["NAME", "STATUS", "ROLES"]


def test_can_i(kubectl):
    assert kubectl.run("auth", "can-i", "create", "ingresses").strip() == "yes"


def test_whoami(kubectl):
    assert "Username" in kubectl.run("auth", "whoami")


def test_show_labels_and_sort(kubectl):
    for name in ("sorted-b", "sorted-a"):
        kubectl.run("create", "configmap", name, "--from-literal=a=1")
        kubectl.run("label", "configmap", name, "sort=yes")
    rows = words(kubectl.run("get", "cm", "-l", "sort=yes", "--sort-by=.metadata.name", "--show-labels", "--no-headers"))
    assert [row[0] for row in rows] == ["sorted-a", "sorted-b"] and rows[0][3] == "sort=yes"


def test_describe_an_ingress(kubectl):
    kubectl.run("apply", "-f", "-", stdin=INGRESS.replace("NAME", "told"))
    printed = kubectl.run("describe", "ingress", "told")
    assert "shop.example.com" in printed and "Ingress Class:    other" in printed
