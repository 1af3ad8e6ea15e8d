import { PUBLIC, startInternet } from './internet.ts';
import { outcomeOf } from './outcome.ts';

/** The body of a child process whose environment names a proxy: it writes what a fetch came to. */
const internet = await startInternet();
await internet.site((_request, response) => response.end('picture'));
internet.name('photos.example', [PUBLIC]);
process.stdout.write(`${await outcomeOf('http://photos.example/a.jpg', internet)}`);
await internet.close();
