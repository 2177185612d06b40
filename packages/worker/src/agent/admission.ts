import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import {
  isGenuine,
  type Job,
  jobSchema,
  type SignedJob,
  type SweepListing,
} from '@tfsweep/orchestrator/protocol';

export interface AdmissionRules {
  readonly secret: string;
  /** Root name → absolute folder. */
  readonly roots: ReadonlyMap<string, string>;
  /** Take a trainer module whose hash differs from the job's. */
  readonly allowDrift: boolean;
  /** The root of a job that reads nothing from a folder. */
  readonly emptyRoot: string;
}

export type Admission =
  | {
      readonly kind: 'admitted';
      readonly job: Job;
      readonly rootDir: string;
      readonly modulePath: string | null;
    }
  /** Not signed by our fleet, or no job at all; `job` where it could be read, though nothing in it may be trusted. */
  | { readonly kind: 'untrusted'; readonly reason: string; readonly job: Job | null }
  /** A genuine job that this worker can't run, nor any other of its sweep. */
  | { readonly kind: 'refused'; readonly reason: string; readonly job: Job };

type Located = { readonly rootDir: string; readonly modulePath: string | null } | { readonly reason: string };

/** Decides whether a job may run here, and where its files are. */
export async function admit(
  signed: SignedJob,
  listing: SweepListing,
  rules: AdmissionRules,
): Promise<Admission> {
  const job = parseJob(signed.payload);
  if (!isGenuine(signed, rules.secret)) {
    return { kind: 'untrusted', job, reason: 'it is not signed with this fleet’s secret' };
  }
  if (job === null) return { kind: 'untrusted', job, reason: 'it is no job of this protocol' };
  if (job.sweep !== listing.id) {
    return { kind: 'untrusted', job: null, reason: `it belongs to another sweep, ${job.sweep}` };
  }
  const located = await locate(job, listing, rules);
  return 'reason' in located
    ? { kind: 'refused', job, reason: located.reason }
    : { kind: 'admitted', job, ...located };
}

function parseJob(payload: string): Job | null {
  try {
    return jobSchema.parse(JSON.parse(payload));
  } catch {
    return null;
  }
}

async function locate(job: Job, listing: SweepListing, rules: AdmissionRules): Promise<Located> {
  const root = rules.roots.get(job.root);
  if (root === undefined) {
    if (job.trainer.kind === 'declarative' && listing.root === null) {
      return { rootDir: rules.emptyRoot, modulePath: null };
    }
    return { reason: missingRoot(job.root) };
  }
  const rootDir = await realPathOf(root);
  if (rootDir === null) return { reason: `the folder ${root} of root ${job.root} does not exist` };
  if (job.trainer.kind === 'declarative') return { rootDir, modulePath: null };

  const { path, sha256 } = job.trainer;
  // Links are followed before the comparison: what counts is the file that would be loaded.
  const modulePath = path.includes('\0') ? null : await realPathOf(join(rootDir, path));
  if (modulePath === null) return { reason: `there is no ${path} in ${rootDir}` };
  const inside = rootDir.endsWith(sep) ? rootDir : rootDir + sep;
  if (!modulePath.startsWith(inside)) return { reason: `${path} leads out of the folder ${rootDir}` };
  if (rules.allowDrift) return { rootDir, modulePath };

  const bytes = await readFile(modulePath).catch(() => null);
  if (bytes === null) return { reason: `${modulePath} can't be read` };
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    return {
      reason: `${modulePath} differs from the trainer that the sweep was launched with (--allow-drift takes it)`,
    };
  }
  return { rootDir, modulePath };
}

export function missingRoot(name: string): string {
  return `no folder is mapped to root ${name} (--root ${name}=DIR)`;
}

async function realPathOf(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}
