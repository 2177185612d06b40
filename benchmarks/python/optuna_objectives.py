"""One search of Optuna with several objectives, driven over pipes: a line {space, objectives, sampler, seed, trials} comes in,
then for each trial a line of parameters goes out and a line of losses comes in. Prints {"optuna": version} first."""

import json
import sys
import warnings

import hpo_ref
import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "tpe_mvgroup": lambda seed: optuna.samplers.TPESampler(
        multivariate=True, group=True, constant_liar=False, seed=seed
    ),
    "gp": optuna.samplers.GPSampler,
}


def suggest(trial, space):
    params = {}
    for entry in space:
        if not hpo_ref.is_active(entry, params):
            continue
        name = entry["name"]
        if entry["type"] == "categorical":
            params[name] = trial.suggest_categorical(name, entry["choices"])
        else:
            draw = trial.suggest_int if entry["type"] == "int" else trial.suggest_float
            params[name] = draw(name, entry["low"], entry["high"], log=entry.get("log", False))
    return params


def main():
    print(json.dumps({"optuna": optuna.__version__}), flush=True)
    task = json.loads(sys.stdin.readline())
    sampler = SAMPLERS[task["sampler"]](seed=task["seed"])
    study = optuna.create_study(directions=["minimize"] * task["objectives"], sampler=sampler)
    for _ in range(task["trials"]):
        trial = study.ask()
        print(json.dumps(suggest(trial, task["space"])), flush=True)
        study.tell(trial, json.loads(sys.stdin.readline()))


main()
