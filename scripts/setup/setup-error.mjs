/** What stops set-up and is meant for a person: shown without a stack. */
export class SetupError extends Error {}
