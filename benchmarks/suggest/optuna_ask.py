"""The measurement of ask.mjs for Optuna. argv[1]: {sampler, history, params, asks}. Prints one JSON object."""

import json
import math
import random
import sys
import time
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def sphere(values):
    return sum((x - 0.3) ** 2 for x in values)


def quantiles(values):
    ordered = sorted(values)

    def at(q):
        return ordered[min(len(ordered), math.ceil(q * len(ordered))) - 1]

    return {"median": round(at(0.5), 3), "p95": round(at(0.95), 3), "max": round(ordered[-1], 3)}


def main():
    task = json.loads(sys.argv[1])
    samplers = {"tpe": optuna.samplers.TPESampler, "gp": optuna.samplers.GPSampler}
    study = optuna.create_study(sampler=samplers[task["sampler"]](seed=1))
    names = [f"x{i}" for i in range(task["params"])]
    distributions = {name: optuna.distributions.FloatDistribution(0, 1) for name in names}
    rng = random.Random(0)
    for _ in range(task["history"]):
        params = {name: rng.random() for name in names}
        trial = optuna.trial.create_trial(
            params=params, distributions=distributions, value=sphere(params.values())
        )
        study.add_trial(trial)
    wall, cpu = [], []
    for _ in range(task["asks"] + 1):
        start, used = time.perf_counter(), time.process_time()
        trial = study.ask()
        values = [trial.suggest_float(name, 0, 1) for name in names]
        cpu.append(1000 * (time.process_time() - used))
        wall.append(1000 * (time.perf_counter() - start))
        study.tell(trial, sphere(values))
    result = {
        "optuna": optuna.__version__,
        "first_wall_ms": round(wall.pop(0), 3),
        "first_cpu_ms": round(cpu.pop(0), 3),
        "wall_ms": quantiles(wall),
        "cpu_ms": quantiles(cpu),
    }
    print(json.dumps(result))


main()
