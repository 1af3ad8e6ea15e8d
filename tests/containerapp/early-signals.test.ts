import { expect, test } from '@jest/globals';
import { signalWhileLoading, startCommand } from './command.ts';

test.each([
  ['housekeep', 'SIGTERM'],
  ['housekeep', 'SIGINT'],
  ['work', 'SIGTERM'],
  ['serve', 'SIGTERM'],
  ['redrive', 'SIGINT'],
] as const)('%s that gets %s before it is loaded begins nothing and ends with 0', async (name, signal) => {
  // Nothing answers there.
  const settings = { STORAGE: 'UseDevelopmentStorage=true' };
  const preload = signalWhileLoading(signal, '/core/config.ts');
  const command = startCommand([name], { settings, preload });
  expect([await command.ended, command.output()]).toEqual([0, '']);
});
