import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { TfsweepError } from '../../errors.ts';

const run = promisify(execFile);

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const SHOWN_ERROR_LINES = 5;

/** apt or dpkg is missing, or one of them failed. */
export class DebianPackagesError extends TfsweepError {
  constructor(message: string, cause?: unknown) {
    super('DEBIAN_PACKAGES', message, { cause });
  }
}

export interface UnpackOptions {
  readonly packages: readonly string[];
  /** The folder that then holds `usr/…`; made whole or not at all. One that exists is left as it is. */
  readonly into: string;
  readonly note: (line: string) => void;
}

/**
 * Brings packages of the distribution, with those of their dependencies that this machine lacks, into a folder: without
 * root, and without a change to the system. For Debian and Ubuntu. Any number of callers may do so at once.
 *
 * @throws DebianPackagesError
 */
export async function unpackDebianPackages({ packages, into, note }: UnpackOptions): Promise<void> {
  if (existsSync(into)) return;
  mkdirSync(dirname(into), { recursive: true });
  const work = mkdtempSync(`${into}.part-`);
  try {
    const apt = await PrivateApt.create(work);
    note(`Fetching the list of ${packages.join(', ')} from this system's package mirror (about 10 s) …`);
    await apt.update();
    const files = await apt.download([...new Set([...packages, ...(await apt.missing(packages))])]);
    note(`Unpacking ${files.length} packages below ${into} …`);
    const root = join(work, 'root');
    mkdirSync(root);
    for (const file of files) await runTool('dpkg', ['-x', file, root], work);
    moveInto(root, into);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Somebody else may have been faster: theirs is as good. */
function moveInto(root: string, into: string): void {
  try {
    renameSync(root, into);
  } catch (error) {
    if (!existsSync(into)) throw error;
  }
}

/** Commands that the system wants run around apt: they may write to it. */
const HOOKS = /^(APT::Update::(Pre|Post)-Invoke|DPkg::(Pre|Post)-|Dir::Etc::(parts|main)\b)/i;

/** apt with state of its own below a folder: it reads the system's sources and status, and writes nothing of it. */
class PrivateApt {
  readonly #work: string;
  readonly #archives: string;

  private constructor(work: string) {
    this.#work = work;
    this.#archives = join(work, 'archives');
  }

  static async create(work: string): Promise<PrivateApt> {
    const apt = new PrivateApt(work);
    for (const folder of ['lists/partial', 'cache/archives/partial', 'archives']) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    const settings = {
      'Dir::State': join(work, 'state'),
      'Dir::State::Lists': join(work, 'lists'),
      'Dir::State::status': '/var/lib/dpkg/status',
      'Dir::Cache': join(work, 'cache'),
      'Dir::Log': join(work, 'log'),
      'Dir::Etc::parts': '/dev/null',
      'Dir::Etc::main': '/dev/null',
      'Debug::NoLocking': '1',
      // As root, apt would change to a user that may not write here.
      'APT::Sandbox::User': 'root',
      'Acquire::Languages': 'none',
      'Acquire::Retries': '3',
    };
    const system = (await runTool('apt-config', ['dump'], work))
      .split('\n')
      .filter((line) => !HOOKS.test(line));
    const own = Object.entries(settings).map(([key, value]) => `${key} "${value}";`);
    writeFileSync(apt.#configFile, `${[...system, ...own].join('\n')}\n`);
    return apt;
  }

  get #configFile(): string {
    return join(this.#work, 'apt.conf');
  }

  async update(): Promise<void> {
    await this.#apt(['update']);
  }

  /** Names of the packages that an installation would add, as apt itself works them out. */
  async missing(packages: readonly string[]): Promise<string[]> {
    const plan = await this.#apt(['install', '--simulate', '--no-install-recommends', ...packages]);
    return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
  }

  async download(packages: readonly string[]): Promise<string[]> {
    await this.#apt(['download', ...packages], this.#archives);
    return readdirSync(this.#archives)
      .filter((name) => name.endsWith('.deb'))
      .map((name) => join(this.#archives, name));
  }

  async #apt(args: readonly string[], cwd = this.#work): Promise<string> {
    return await runTool('apt-get', ['-q', '-y', ...args], cwd, { APT_CONFIG: this.#configFile });
  }
}

async function runTool(
  tool: string,
  args: readonly string[],
  cwd: string,
  extraEnv: NodeJS.ProcessEnv = {},
): Promise<string> {
  try {
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive', ...extraEnv };
    const { stdout } = await run(tool, [...args], { cwd, env, maxBuffer: MAX_OUTPUT_BYTES });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new DebianPackagesError(`${tool} is not here: this is no Debian or Ubuntu.`, error);
    }
    const lines = String((error as { stderr?: unknown }).stderr ?? error)
      .trim()
      .split('\n');
    throw new DebianPackagesError(`${tool} failed: ${lines.slice(-SHOWN_ERROR_LINES).join(' / ')}`, error);
  }
}
