"""Drives `tfsweep ask-tell` over every reference problem from Python, checks the replies and prints the regret.

usage: python3 benchmarks/ask-tell.py [--trials N] [--seed N] [--sampler NAME] [--problems a,b] [--json]
Python's standard library only. The product must be built (pnpm build).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "python"))

import hpo_ref  # noqa: E402

TFSWEEP = os.path.join(HERE, "..", "packages", "orchestrator", "bin", "tfsweep.mjs")


def parameter(entry):
    """A parameter of the sweep file, which is YAML: JSON is YAML too."""
    kind = entry["type"]
    if kind in ("categorical", "ordinal"):
        declared = {"values": entry["choices"]}
    elif kind == "float":
        declared = {
            "distribution": "log_uniform_values" if entry.get("log") else "uniform",
            "min": entry["low"],
            "max": entry["high"],
        }
    else:
        step = entry.get("step", 1)
        prefix = "q_log_uniform_values" if entry.get("log") else "q_uniform"
        declared = {"distribution": prefix, "min": entry["low"], "max": entry["high"], "q": step, "int": True}
    when = entry.get("when")
    if when is not None:
        declared["when"] = {when["param"]: when["in"] if "in" in when else {"ge": when["ge"]}}
    return declared


def sweep_file(problem, sampler, trials):
    return {
        "name": problem["name"],
        "sampler": {"type": sampler},
        "metric": {"name": "loss", "goal": "minimize"},
        "parameters": {entry["name"]: parameter(entry) for entry in problem["space"]},
        "run_cap": trials,
    }


def check_params(problem, params):
    """The point lies in the space, and holds just the parameters that exist there."""
    present = {}
    for entry in problem["space"]:
        name = entry["name"]
        if not hpo_ref.is_active(entry, present):
            assert name not in params, f"{name} should be absent in {params}"
            continue
        assert name in params, f"{name} is missing in {params}"
        value = present[name] = params[name]
        if "choices" in entry:
            assert value in entry["choices"], f"{name} = {value!r} is no choice"
            continue
        assert isinstance(value, (int, float)) and not isinstance(value, bool), f"{name} = {value!r} is no number"
        assert entry["low"] <= value <= entry["high"], f"{name} = {value} is out of range"
        if entry["type"] == "int":
            assert value == int(value) and (value - entry["low"]) % entry.get("step", 1) == 0, f"{name} = {value}"
    assert set(params) == set(present), f"unknown parameters in {params}"


class AskTell:
    """One study in a process of its own: a JSON object per line in and out."""

    def __init__(self, config, seed):
        command = ["node", TFSWEEP, "ask-tell", config, "--seed", str(seed)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def say(self, **request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if line == "":
            raise SystemExit(f"tfsweep ask-tell ended with {self._process.wait()}")
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        code = self._process.wait()
        assert code == 0, f"tfsweep ask-tell ended with {code}"


def drive(problem, config, seed, trials):
    """Runs a whole study. Returns its best value as the study itself names it."""
    study = AskTell(config, seed)
    best = None
    for number in range(trials):
        asked = study.say(op="ask")
        assert set(asked) == {"number", "params"}, asked
        assert asked["number"] == number, asked
        check_params(problem, asked["params"])
        curve = hpo_ref.curve(problem, asked["params"])
        if len(curve) > 1:
            for step, value in zip(problem["objective"]["steps"], curve):
                assert study.say(op="report", number=number, step=step, value=value) == {"stop": False}
        assert study.say(op="tell", number=number, value=curve[-1]) == {"ok": True}
        if best is None or curve[-1] < best["value"]:
            best = {"number": number, "value": curve[-1], "params": asked["params"]}
    assert study.say(op="best") == best, (study.say(op="best"), best)
    assert set(study.say(op="ask")) == {"error"}, "the run cap is reached"
    assert set(study.say(op="dance")) == {"error"}
    study.close()
    return best["value"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("--trials", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--sampler", default="auto")
    arguments.add_argument("--problems", default=",".join(hpo_ref.names()))
    arguments.add_argument("--json", action="store_true")
    flags = arguments.parse_args()
    with open(os.path.join(HERE, "reference", "optuna.json"), encoding="utf-8") as file:
        scales = json.load(file)
    regrets = {}
    with tempfile.TemporaryDirectory(prefix="tfsweep-ask-tell-") as folder:
        for name in flags.problems.split(","):
            problem = hpo_ref.load(name)
            for vector in problem["vectors"]:
                value = hpo_ref.evaluate(problem, vector["params"])
                assert abs(value - vector["value"]) <= 1e-9 * max(1, abs(vector["value"])), (name, vector)
            config = os.path.join(folder, name + ".yaml")
            with open(config, "w", encoding="utf-8") as file:
                json.dump(sweep_file(problem, flags.sampler, flags.trials), file)
            best = drive(problem, config, flags.seed, flags.trials)
            zero, one = scales[name]["zero"], scales[name]["one"]
            regrets[name] = min(1.0, max(0.0, (best - zero) / (one - zero)))
            if not flags.json:
                print(f"{name:15} best {best:12.6g}   normalised regret {regrets[name]:.3f}", flush=True)
    mean = sum(regrets.values()) / len(regrets)
    if flags.json:
        print(json.dumps({"sampler": flags.sampler, "trials": flags.trials, "regrets": regrets, "mean": mean}))
    else:
        print(f"{'mean':15} {'':17}   normalised regret {mean:.3f}")


main()
