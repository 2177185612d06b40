const silenced = new WeakSet<Console>();

/**
 * Keeps the warnings of TensorFlow.js itself (kernels registered twice, a greeting that advises tfjs-node) away from
 * people: `doctor` says what they can do about the backend. What a trainer prints passes.
 */
export function silenceTensorflowWarnings(): void {
  const target = globalThis.console;
  if (silenced.has(target)) return;
  silenced.add(target);
  const warn = target.warn.bind(target);
  target.warn = (...parts: unknown[]): void => {
    // Line 0 is the error itself, line 1 is this function, line 2 its caller.
    const caller = new Error().stack?.split('\n')[2] ?? '';
    if (!/[\\/]@tensorflow[\\/]/.test(caller)) warn(...parts);
  };
}
