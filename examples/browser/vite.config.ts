import { createRequire } from 'node:module';

// This repository keeps TensorFlow.js in the worker's package and the search engine in the orchestrator's. In a
// project of your own both are in node_modules, and no configuration is needed.
const fromWorker = createRequire(new URL('../../packages/worker/package.json', import.meta.url));

export default {
  base: './',
  resolve: { alias: { '@tensorflow/tfjs': fromWorker.resolve('@tensorflow/tfjs/dist/index.js') } },
  build: { target: 'es2022', chunkSizeWarningLimit: 4_000 },
};
