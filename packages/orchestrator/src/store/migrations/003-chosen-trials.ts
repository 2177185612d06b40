/** Trials whose parameters the user chose: a replay has to tell them from those that the study asked for. */
export const chosenTrials = `
ALTER TABLE trials ADD COLUMN chosen INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1));
`;
