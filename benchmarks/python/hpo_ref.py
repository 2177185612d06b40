"""Reads and evaluates problems of the format hpo-ref/1 (reference/README.md). Standard library only."""

import json
import math
import os

PROBLEMS = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "packages", "orchestrator", "problems"
)

FUNCTIONS = {
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "abs": abs,
    "floor": math.floor,
    "min": min,
    "max": max,
    "pow": math.pow,
}


def names():
    return sorted(name[: -len(".json")] for name in os.listdir(PROBLEMS) if name.endswith(".json"))


def load(name):
    with open(os.path.join(PROBLEMS, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def is_active(entry, params):
    """Whether a parameter exists, given the earlier ones that do."""
    when = entry.get("when")
    if when is None:
        return True
    if when["param"] not in params:
        return False
    value = params[when["param"]]
    return value in when["in"] if "in" in when else value >= when["ge"]


def evaluate(problem, params):
    """The true value of a point: of a learning curve its last point."""
    objective = problem["objective"]
    if objective["kind"] == "forest-table":
        return curve(problem, params)[-1]
    values = dict(params)
    for name, expression in objective["let"]:
        values[name] = _value(expression, values)
    return _value(objective["value"], values)


def curve(problem, params):
    """The value at each of the objective's steps."""
    objective = problem["objective"]
    if objective["kind"] == "expr":
        return [evaluate(problem, params)]
    x = [_feature(feature, params) for feature in objective["features"]]
    sums = [0.0] * len(objective["steps"])
    for tree in objective["trees"]:
        node = 0
        while tree["feature"][node] >= 0:
            goes_left = x[tree["feature"][node]] <= tree["threshold"][node]
            node = tree["left" if goes_left else "right"][node]
        rows = tree["rows"][node]
        for row in rows:
            for k, value in enumerate(objective["table"][row]):
                sums[k] += value / len(rows)
    return [total / len(objective["trees"]) for total in sums]


def _feature(feature, params):
    value = params[feature["param"]]
    if feature["transform"] == "onehot":
        return 1.0 if value == feature["choice"] else 0.0
    return math.log10(value) if feature["transform"] == "log10" else float(value)


def _value(expression, values):
    if isinstance(expression, (int, float)):
        return expression
    if isinstance(expression, str):
        return values[expression]
    operation, *rest = expression
    # Lazy: the other branches may name parameters that do not exist here.
    if operation == "switch":
        return _value(rest[1][values[rest[0]]], values)
    if operation == "ifge":
        a, b, then, otherwise = rest
        return _value(then if _value(a, values) >= _value(b, values) else otherwise, values)
    args = [_value(arg, values) for arg in rest]
    if operation == "+":
        return sum(args)
    if operation == "*":
        return math.prod(args)
    if operation == "-":
        return -args[0] if len(args) == 1 else args[0] - args[1]
    if operation == "/":
        return args[0] / args[1]
    return FUNCTIONS[operation](*args)
