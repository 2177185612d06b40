import { search } from './search.js';

document.title = JSON.stringify({ tpe: await search('tpe'), auto: await search('auto') });
