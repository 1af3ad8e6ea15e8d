import { once } from 'node:events';
import { createServer } from 'node:net';
import { ListenError } from '../server.ts';

/** @throws ListenError naming the setting of the first port that cannot be listened on */
export async function requireFreePorts(host: string, ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [setting, port] of Object.entries(ports)) {
    const probe = createServer().listen(port, host);
    await once(probe, 'listening').catch((error: NodeJS.ErrnoException) => {
      throw new ListenError(error, port, setting);
    });
    probe.close();
    await once(probe, 'close');
  }
}
