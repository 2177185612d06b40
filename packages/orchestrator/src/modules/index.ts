/** Loads what users wrote themselves: trainers and samplers. */
export { defaultExport, importModule, type ModuleToLoad, type Surroundings } from './import-module.ts';
export { ModuleLoadError } from './module-load-error.ts';
export { ownFrame } from './own-frame.ts';
