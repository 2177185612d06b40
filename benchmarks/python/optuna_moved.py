"""Runs Optuna's samplers on shifted and rotated instances. Reads {instances, sampler, seeds, trials} as JSON from
standard input, writes {optuna, curves: {instance: [[best so far, ...] per seed]}} to standard output. An instance is
{name, problem, from, to, rotation}: g(u) = f(from + rotation (u - to)) in the unit cube of the problem."""

import json
import sys
import warnings

import hpo_ref
import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
SAMPLERS = {"tpe": optuna.samplers.TPESampler, "gp": optuna.samplers.GPSampler}


def moved(instance, problem):
    low = [entry["low"] for entry in problem["space"]]
    span = [entry["high"] - entry["low"] for entry in problem["space"]]
    names = [entry["name"] for entry in problem["space"]]
    # The reference problems that can be moved have no logarithmic parameters.
    assert all(entry["type"] == "float" and not entry.get("log") for entry in problem["space"])

    def evaluate(params):
        offset = [(params[name] - low[j]) / span[j] - instance["to"][j] for j, name in enumerate(names)]
        original = {}
        for i, name in enumerate(names):
            u = instance["from"][i] + sum(r * x for r, x in zip(instance["rotation"][i], offset))
            original[name] = low[i] + u * span[i]
        return hpo_ref.evaluate(problem, original)

    return evaluate


def run(instance, sampler, seed, trials):
    problem = hpo_ref.load(instance["problem"])
    evaluate = moved(instance, problem)
    study = optuna.create_study(sampler=SAMPLERS[sampler](seed=seed))
    curve = []
    for _ in range(trials):
        trial = study.ask()
        params = {e["name"]: trial.suggest_float(e["name"], e["low"], e["high"]) for e in problem["space"]}
        value = evaluate(params)
        study.tell(trial, value)
        curve.append(min(value, curve[-1]) if curve else value)
    return [float("%.6g" % best) for best in curve]


def main():
    task = json.load(sys.stdin)
    curves = {}
    for instance in task["instances"]:
        curves[instance["name"]] = [
            run(instance, task["sampler"], seed, task["trials"]) for seed in range(task["seeds"])
        ]
        print(instance["name"], task["sampler"], file=sys.stderr, flush=True)
    json.dump({"optuna": optuna.__version__, "curves": curves}, sys.stdout)


main()
