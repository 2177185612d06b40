import nodeUtil from 'node:util';

/**
 * Puts back what tfjs-node 4.22 calls of Node's `util`: `isNullOrUndefined`, which Node 23 removed and Node 22 warns about
 * (tensorflow/tfjs#8609), and `isArray`, which is deprecated and may go next. To be called before tfjs-node is loaded.
 */
export function restoreRemovedUtil(util: object = nodeUtil): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
    isArray: Array.isArray,
  });
}
