#!/usr/bin/env python3
"""Builds the files of this folder from the OpenAPI files of Open Finance Brasil.

    python3 extract.py DIR

DIR holds the YAML files of github.com/OpenBanking-Brasil/openapi (swagger-apis)
and of draft-openapi, each named <api>-<version>.yml, in any subfolders. Their
licence is Apache 2.0. The files give examples per field: a body is every field
with its example (else its first enum value, else a value of ours that fits its
pattern), a list has one item. The answers of the endpoints of a resource are put
together as in a userdata document: the item of the list with the fields of the
detail, and the sub-resources, in their envelopes, under the name of their path
segment. Needs PyYAML.
"""
import json
import pathlib
import re
import sys

import yaml


class Loader(yaml.SafeLoader):
    """Leaves dates as the text that they are in the file."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

# The section of a userdata document, by API.
SECTIONS = {
    "accounts": "accounts",
    "credit-cards": "creditCardsAccounts",
    "loans": "loans",
    "financings": "financings",
    "invoice-financings": "invoiceFinancings",
    "unarranged-accounts-overdraft": "unarrangedAccountsOverdraft",
    "bank-fixed-incomes": "bankFixedIncomes",
    "credit-fixed-incomes": "creditFixedIncomes",
    "variable-incomes": "variableIncomes",
    "treasure-titles": "treasureTitles",
    "funds": "funds",
    "exchanges": "exchanges",
}
CUSTOMERS = {
    "/personal/identifications": "personalCustomerIdentification",
    "/personal/qualifications": "personalCustomerQualification",
    "/personal/financial-relations": "personalCustomerFinancialRelation",
    "/business/identifications": "businessCustomerIdentification",
    "/business/qualifications": "businessCustomerQualification",
    "/business/financial-relations": "businessCustomerFinancialRelation",
}


# Values for fields without an example: the first that fits the pattern.
FITTING = ["texto", "2021-05-21", "2021-05-21T08:30:00Z", "1000.04", "0.150000", "12345678909", "01773247000103", "12345678"]


class Api:
    def __init__(self, text):
        self.root = yaml.load(text, Loader)

    def resolve(self, node):
        while "$ref" in node:
            target = self.root
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def paths(self):
        """Yields the path and the answer of every GET."""
        for path, methods in self.root["paths"].items():
            answer = methods.get("get", {}).get("responses", {}).get("200")
            if answer is None:
                answer = methods.get("get", {}).get("responses", {}).get(200)
            if answer is None:
                continue
            content = self.resolve(answer)["content"]
            schema = next(iter(content.values()))["schema"]
            yield path, self.example(schema)

    def example(self, schema):
        schema = self.resolve(schema)
        for part in ("allOf", "oneOf", "anyOf"):
            if part in schema:
                parts = schema[part] if part == "allOf" else schema[part][:1]
                return self.merged(parts, schema)
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind == "object" or "properties" in schema:
            if not schema.get("properties"):
                return schema.get("example", {})
            return {k: self.example(v) for k, v in schema["properties"].items()}
        if kind == "array":
            if isinstance(schema.get("example"), list):
                return schema["example"]
            return [self.example(schema["items"])]
        value = schema.get("example")
        if value is None and kind == "boolean":
            return True
        if value is None:
            value = schema["enum"][0] if schema.get("enum") else fitting(schema)
        if kind in ("number", "integer") and isinstance(value, str):
            value = float(value) if "." in value else int(value)
        if kind == "string" and not isinstance(value, str):
            value = str(value)
        return value

    def merged(self, parts, around):
        value = None
        for part in parts:
            part = dict(self.resolve(part))
            part.setdefault("type", around.get("type"))
            if "example" in around and "properties" not in part:
                part["example"] = around["example"]
            one = self.example({k: v for k, v in part.items() if v is not None})
            if isinstance(value, dict) and isinstance(one, dict):
                value.update(one)
            else:
                value = one
        return value


def fitting(schema):
    pattern = schema.get("pattern", "^(2021.*)$" if schema.get("format", "").startswith("date") else "")
    return next(v for v in FITTING if re.search(pattern, v) and len(v) <= schema.get("maxLength", len(v)))


def document(name, api):
    answers = dict(api.paths())
    if name == "customers":
        return {section: answers[path] for path, section in CUSTOMERS.items()}
    lists = [p for p in answers if "{" not in p]
    assert len(lists) == 1, lists
    listing = answers[lists[0]]
    record = listing["data"][0]
    for path, answer in answers.items():
        tail = re.fullmatch(re.escape(lists[0]) + r"/\{\w+\}(?:/(.+))?", path)
        if path.startswith("/broker-notes/"):
            record["broker-notes"] = answer
        elif tail and tail[1] is None:
            data = answer["data"]
            record.update(data[0] if isinstance(data, list) else data)
        elif tail and "{" not in tail[1]:
            record[tail[1]] = answer
        elif tail:
            holder, leaf = re.fullmatch(r"([^/]+)/\{\w+\}/([^/]+)", tail[1]).groups()
            record[holder]["data"][0][leaf] = answer
    return {SECTIONS[name]: listing}


def text(value, pad=""):
    """JSON in which what fits stands on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(pad) + len(line) <= 160 or not isinstance(value, (dict, list)):
        return line
    inner = pad + " "
    if isinstance(value, list):
        return "[" + ", ".join(text(v, pad) for v in value) + "]"
    rows = [f"{inner}{json.dumps(k)}: {text(v, inner)}" for k, v in value.items()]
    return "{\n" + ",\n".join(rows) + "\n" + pad + "}"


def main():
    here = pathlib.Path(__file__).parent
    for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.yml")):
        name, version = re.fullmatch(r"(.+?)-(\d.*)\.yml", file.name).groups()
        if name in SECTIONS or name == "customers":
            body = document(name, Api(file.read_text("utf-8-sig")))
            (here / f"{name}-{version}.json").write_text(text(body) + "\n", "utf-8")


main()
