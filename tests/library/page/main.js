import { search } from './search.js';

document.title = JSON.stringify(await search());
