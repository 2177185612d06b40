// `pnpm build`: the packages and the dashboard's page, only where a source has changed.
import { prepare } from './setup/prepare.mjs';

await prepare(['build']);
