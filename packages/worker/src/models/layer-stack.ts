import type { SymbolicTensor } from '@tensorflow/tfjs';
import type { LayerStyle } from '@tfsweep/orchestrator/protocol';
import type { Tf } from '../backends/tf.ts';

type Layer = ReturnType<Tf['layers']['dense']>;

/** As tfjs calls them. */
const INITIALIZERS: Readonly<Record<LayerStyle['initializer'], string>> = {
  glorot_normal: 'glorotNormal',
  glorot_uniform: 'glorotUniform',
  he_normal: 'heNormal',
  he_uniform: 'heUniform',
  lecun_normal: 'leCunNormal',
  lecun_uniform: 'leCunUniform',
  orthogonal: 'orthogonal',
};

const LEAK = 0.01;

/** Stacks layers that share one style: a kernel, then normalisation, activation and dropout. */
export class LayerStack {
  readonly #tf: Tf;
  readonly #style: LayerStyle;
  #top: SymbolicTensor;

  constructor(tf: Tf, style: LayerStyle, input: SymbolicTensor) {
    this.#tf = tf;
    this.#style = style;
    this.#top = input;
  }

  get top(): SymbolicTensor {
    return this.#top;
  }

  add(layer: { apply(input: SymbolicTensor): unknown }): this {
    this.#top = layer.apply(this.#top) as SymbolicTensor;
    return this;
  }

  /** Dense layers with all that belongs to each. */
  dense(widths: readonly number[]): this {
    for (const units of widths) {
      this.add(this.#tf.layers.dense({ units, ...this.kernel(), ...this.#fused() }) as Layer);
      this.activate();
      this.drop();
    }
    return this;
  }

  /** A convolution that keeps height and width (or divides them by `strides`), normalised and activated. */
  convolution(filters: number, kernelSize: number, strides = 1): this {
    return this.#convolve(filters, kernelSize, strides, this.#fused()).activate();
  }

  /** Likewise, without the activation: what is to be added to something else. */
  linearConvolution(filters: number, kernelSize: number, strides = 1): this {
    return this.#convolve(filters, kernelSize, strides, {}).#normalise();
  }

  /** Adds what `branch` makes of the same input, then activates the sum. */
  plus(branch: (stack: LayerStack) => void, main: (stack: LayerStack) => void): this {
    const other = new LayerStack(this.#tf, this.#style, this.#top);
    branch(other);
    main(this);
    this.#top = this.#tf.layers.add().apply([this.#top, other.top]) as SymbolicTensor;
    return this.#activation();
  }

  /** Without a seed of its own: with one, a layer would repeat one mask for ever. */
  drop(): this {
    const { dropout } = this.#style;
    return dropout > 0 ? this.add(this.#tf.layers.dropout({ rate: dropout })) : this;
  }

  /** Drops whole channels of images. */
  dropChannels(rate: number): this {
    // What is null has the input's size: one mask for all places.
    const noiseShape = [null, 1, 1, null] as unknown as number[];
    return rate > 0 ? this.add(this.#tf.layers.dropout({ rate, noiseShape })) : this;
  }

  /** Normalisation and activation, as far as the layer below has none of its own. */
  activate(): this {
    this.#normalise();
    return this.#isFused() ? this : this.#activation();
  }

  /** How a layer's weights begin, and what they cost. */
  kernel(): object {
    const { initializer, l1, l2 } = this.#style;
    const regularizer = l1 + l2 > 0 ? { kernelRegularizer: this.#tf.regularizers.l1l2({ l1, l2 }) } : {};
    return { kernelInitializer: INITIALIZERS[initializer], ...regularizer };
  }

  #convolve(filters: number, kernelSize: number, strides: number, fused: object): this {
    return this.add(
      this.#tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same', ...this.kernel(), ...fused }),
    );
  }

  #normalise(): this {
    const { normalization } = this.#style;
    if (normalization === 'batch') this.add(this.#tf.layers.batchNormalization());
    if (normalization === 'layer') this.add(this.#tf.layers.layerNormalization());
    return this;
  }

  #activation(): this {
    const { activation } = this.#style;
    if (activation === 'leaky_relu') return this.add(this.#tf.layers.leakyReLU({ alpha: LEAK }));
    return this.add(this.#tf.layers.activation({ activation }));
  }

  /** One kernel computes product, bias and activation where nothing stands between them. */
  #fused(): object {
    return this.#isFused() ? { activation: this.#style.activation } : {};
  }

  #isFused(): boolean {
    return this.#style.normalization === 'none' && this.#style.activation !== 'leaky_relu';
  }
}
