/**
 * The three models, each with what an epoch takes in; `torch_epochs.py` builds the same. `cpuSamples` is what the cpu
 * backend gets, which is scaled up: whole epochs of it would take minutes.
 */
export const MODELS = {
  mlp: {
    shape: [784],
    samples: 8_000,
    cpuSamples: 512,
    what: '784 inputs, dense 256, dense 128, 10 classes',
    /** @param {any} l */
    layers: (l) => [
      l.dense({ inputShape: [784], units: 256, activation: 'relu' }),
      l.dense({ units: 128, activation: 'relu' }),
    ],
  },
  cnn: {
    shape: [28, 28, 1],
    samples: 2_000,
    cpuSamples: 64,
    what: '28×28, two blocks of 3×3 convolution (16, 32) and 2×2 max pooling, dense 64, 10 classes',
    /** @param {any} l */
    layers: (l) => [
      l.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      l.maxPooling2d({ poolSize: 2 }),
      l.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
      l.maxPooling2d({ poolSize: 2 }),
      l.flatten(),
      l.dense({ units: 64, activation: 'relu' }),
    ],
  },
  lstm: {
    shape: [28, 28],
    samples: 2_000,
    cpuSamples: 256,
    what: '28 steps of 28 numbers, LSTM 64, 10 classes',
    /** @param {any} l */
    layers: (l) => [l.lstm({ inputShape: [28, 28], units: 64, recurrentInitializer: 'glorotNormal' })],
  },
};

export const BATCH = 64;
export const CLASSES = 10;
