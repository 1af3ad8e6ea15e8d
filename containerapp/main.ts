import './stop.ts';
import './last-words.ts';

// Imported once the program runs: to load all of it takes a while, in which it may be asked to end already.
await import('./commands.ts');
