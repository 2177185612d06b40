import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The same package twice, but for the library that it downloads: that one decides whether there is a GPU. */
export type NativePackage = '@tensorflow/tfjs-node-gpu' | '@tensorflow/tfjs-node';

/** Where tfjs-node looks for its addon: the highest Node-API version that it declares. Every Node from 16 on has it. */
export const NODE_API_VERSION = 8;

/** What `tfsweep native` has built, kept beside the addon. */
export interface AddonRecord {
  /** The library that the addon was linked with, an absolute path. */
  readonly libtensorflow: string;
  readonly version: string;
}

export interface InstalledAddon {
  readonly package: NativePackage;
  /** null: it came with the package. */
  readonly record: AddonRecord | null;
}

/** The package's folder, or null where it is not installed. */
export function nativePackageFolder(name: NativePackage): string | null {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

export function addonPath(packageFolder: string): string {
  return join(packageFolder, 'lib', `napi-v${NODE_API_VERSION}`, 'tfjs_binding.node');
}

export function recordPath(addon: string): string {
  return join(dirname(addon), 'tfsweep.json');
}

/**
 * The addon to load: one that was built here, since its owner wanted it, else the first of `packages` that has one. Looks
 * at files alone: requiring a package without its addon leaves its kernels registered.
 * @throws Error that says, for all packages together, why there is none
 */
export function chooseAddon(packages: readonly NativePackage[]): InstalledAddon {
  const problems: string[] = [];
  const found: InstalledAddon[] = [];
  for (const name of packages) {
    const folder = nativePackageFolder(name);
    if (folder === null) problems.push(`${name} is not installed.`);
    else if (!existsSync(addonPath(folder))) problems.push(`${name} is installed without its native addon.`);
    else found.push({ package: name, record: readRecord(addonPath(folder)) });
  }
  const built = found.find(({ record }) => record !== null);
  if (built?.record && !existsSync(built.record.libtensorflow)) {
    throw new Error(
      `The addon of ${built.package} was built with ${built.record.libtensorflow}, which is gone. Build it again: ` +
        '`tfsweep native --libtensorflow FOLDER`.',
    );
  }
  const chosen = built ?? found[0];
  if (chosen === undefined) throw new Error(problems.join(' '));
  return chosen;
}

function readRecord(addon: string): AddonRecord | null {
  try {
    return JSON.parse(readFileSync(recordPath(addon), 'utf8')) as AddonRecord;
  } catch {
    return null;
  }
}
