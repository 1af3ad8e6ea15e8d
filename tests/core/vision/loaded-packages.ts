import { registerHooks } from 'node:module';
import { buffer } from 'node:stream/consumers';
import { AMPLE_MS } from '../../until.ts';

/**
 * A program of its own: analyses the JPEG on its input with the settings of its argument, and prints the caption and how
 * many modules of each SDK it took, however they were asked for.
 */
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
const count = (packages: RegExp) => loaded.filter((url) => packages.test(url)).length;

const { createVision } = await import('../../../core/vision/create.ts');
const jpeg = await buffer(process.stdin);
const { caption } = await createVision(JSON.parse(process.argv[2] ?? '')).analyze(
  { width: 400, height: 200, jpeg: async () => jpeg },
  { features: ['caption'], language: 'en', signal: AbortSignal.timeout(AMPLE_MS) },
);
console.log(
  JSON.stringify({
    caption: caption?.text ?? null,
    openai: count(/node_modules\/openai\//),
    azure: count(/node_modules\/@azure/),
  }),
);
