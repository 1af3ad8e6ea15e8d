import { once } from 'node:events';
import { createServer } from 'node:net';
import { PortTakenError } from '../server.ts';

/** @throws PortTakenError naming the setting of the first port that another program listens on */
export async function requireFreePorts(host: string, ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [setting, port] of Object.entries(ports)) {
    const probe = createServer().listen(port, host);
    await once(probe, 'listening').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? new PortTakenError(port, setting, { cause: error }) : error;
    });
    probe.close();
    await once(probe, 'close');
  }
}
