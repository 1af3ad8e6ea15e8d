import { type Config, parseConfig } from '../core/config.ts';
import type { DescribeSettings } from '../core/describe/describe-bytes.ts';
import { describeImage } from '../core/describe/describe-image.ts';
import { createLog } from '../core/log.ts';
import { createProgram } from '../core/program.ts';

export interface Product {
  readonly config: Config;
  readonly describing: DescribeSettings;
  /** From the moment an image has been noticed until its prompt is stored. */
  describe(name: string): Promise<void>;
}

/** The program as a host puts it together from its settings. */
export async function product(settings: Readonly<Record<string, string>>): Promise<Product> {
  const config = parseConfig(settings);
  if (config.storage === null) throw new Error('the settings name no storage');
  const { blobs, settings: describing } = await createProgram(config, config.storage, createLog('silent'));
  const { signal } = new AbortController();
  return {
    config,
    describing,
    async describe(name) {
      const outcome = await describeImage({ container: blobs.container, name }, blobs, describing, {
        signal,
      });
      if (outcome.status !== 'done' || outcome.document === null) {
        throw new Error(`the image ended as ${outcome.status}`, {
          cause: 'error' in outcome ? outcome.error : undefined,
        });
      }
    },
  };
}
