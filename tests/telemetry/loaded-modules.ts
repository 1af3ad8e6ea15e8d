import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Loaded before a program: writes the address of every module it took into a file, when it ends. */
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
process.on('exit', () => appendFileSync(process.env.LOADED_MODULES ?? '', `${loaded.join('\n')}\n`));
