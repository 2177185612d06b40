"""Trains one model of models.mjs in PyTorch on one thread: argv[1] is {model, samples, epochs}, as JSON."""
import json
import sys
import time

import torch
from torch import nn

BATCH, CLASSES = 64, 10


class LastStep(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 64, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0][:, -1]


def conv_block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]


MODELS = {
    "mlp": ((784,), lambda: [nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, CLASSES)]),
    "cnn": (
        (1, 28, 28),
        lambda: [
            *conv_block(1, 16),
            *conv_block(16, 32),
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 64),
            nn.ReLU(),
            nn.Linear(64, CLASSES),
        ],
    ),
    "lstm": ((28, 28), lambda: [LastStep(), nn.Linear(64, CLASSES)]),
}

task = json.loads(sys.argv[1])
torch.set_num_threads(1)
shape, layers = MODELS[task["model"]]
model = nn.Sequential(*layers())
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
criterion = nn.CrossEntropyLoss()
xs = torch.rand(task["samples"], *shape)
ys = torch.randint(CLASSES, (task["samples"],))
ms, cpu_ms = [], []
for epoch in range(task["epochs"] + 1):
    wall, cpu = time.perf_counter(), time.process_time()
    order = torch.randperm(task["samples"])
    total = 0.0
    for at in range(0, task["samples"], BATCH):
        rows = order[at : at + BATCH]
        optimizer.zero_grad()
        loss = criterion(model(xs[rows]), ys[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    if epoch > 0:
        ms.append(1000 * (time.perf_counter() - wall))
        cpu_ms.append(1000 * (time.process_time() - cpu))
print(json.dumps({"ms": ms, "cpu_ms": cpu_ms, "loss": total / task["samples"], "versions": {"torch": torch.__version__}}))
