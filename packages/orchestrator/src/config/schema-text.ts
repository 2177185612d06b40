/** What the JSON Schema and docs/config.md say of a key. A default is named for readers only. */
export const about = (description: string, defaultValue?: unknown) =>
  defaultValue === undefined ? { description } : { description, default: defaultValue };
