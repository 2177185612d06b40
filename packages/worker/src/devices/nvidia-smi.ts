import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A GPU as `nvidia-smi` shows it. */
export interface Gpu {
  /** In the order of the PCI bus, from 0: what `CUDA_VISIBLE_DEVICES` means under `CUDA_DEVICE_ORDER=PCI_BUS_ID`. */
  readonly index: number;
  readonly name: string;
  /** `GPU-…`, unique in the world. */
  readonly uuid: string;
  readonly memoryMiB: number;
  /** At the time of asking. */
  readonly freeMiB: number;
}

/** A driver that hangs (a GPU that fell off the bus) must not hang the agent. */
const TIMEOUT_MS = 10_000;

const QUERY = ['--query-gpu=index,name,uuid,memory.total,memory.free', '--format=csv,noheader,nounits'];

/** All GPUs of this host; none where there is no `nvidia-smi`, or where it fails or hangs. */
export async function listGpus(): Promise<readonly Gpu[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', QUERY, {
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    return parseGpus(stdout);
  } catch {
    return [];
  }
}

/** `0, NVIDIA A100-SXM4-40GB, GPU-…, 40960, 40337`; a value that the driver can't tell reads `[N/A]`. */
export function parseGpus(text: string): readonly Gpu[] {
  const gpus: Gpu[] = [];
  for (const line of text.split(/\r?\n/)) {
    const fields = line.split(',').map((field) => field.trim());
    // A name may hold commas; what stands around it may not.
    if (fields.length < 5 || !/^\d+$/.test(fields[0]!)) continue;
    const [uuid, memory, free] = fields.slice(-3) as [string, string, string];
    gpus.push({
      index: Number(fields[0]),
      name: fields.slice(1, -3).join(', '),
      uuid,
      memoryMiB: mebibytes(memory),
      freeMiB: mebibytes(free),
    });
  }
  return gpus.sort((a, b) => a.index - b.index);
}

function mebibytes(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
}
