import { resolve } from 'node:path';
import { bundle } from './bundle.ts';

/** Writes dist/functions and dist/containerapp, or the same two folders elsewhere. */
const dist = resolve(process.argv[2] ?? 'dist');
await bundle({
  entry: 'functions/main.ts',
  outdir: resolve(dist, 'functions'),
  files: ['host.json', 'local.settings.sample.json'],
});
await bundle({
  entry: 'containerapp/main.ts',
  parts: { commands: 'containerapp/commands.ts' },
  outdir: resolve(dist, 'containerapp'),
  files: [],
});
console.log(`${dist} holds functions and containerapp, for Linux on x64.`);
