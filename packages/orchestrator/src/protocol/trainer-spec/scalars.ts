import { z } from 'zod';

export const positiveInt = z.number().int().min(1);
export const fraction = z.number().min(0).max(1);
