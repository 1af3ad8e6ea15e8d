import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type Server } from 'node:net';
import { INTERNET, type Network } from '../../../core/fetch/network.ts';
import { freePort } from '../../azurite.ts';
import { selfSigned } from '../../faults/certificate.ts';

/** An address of nobody we know: what stands there is placed by a test. */
export const PUBLIC = '93.184.216.34';

/** On port 80 it takes no connection. */
export const CLOSED = '93.184.216.99';

/**
 * An internet on this machine. Names mean what a test says; connections go to servers on 127.0.0.1 over real sockets,
 * by the same code that connects to real addresses. One to an address where nothing was placed arrives inside.
 */
export interface Internet {
  readonly network: Network;
  /** Names that were asked for, in order. */
  readonly asked: readonly string[];
  /** Addresses with their port that were connected to, in order. */
  readonly visited: readonly string[];
  /** Connections to a listener inside, which nobody should ever reach. */
  readonly intrusions: number;
  /** What a name means: each list for one question, the last for all that follow. */
  name(hostname: string, ...answers: readonly (readonly string[])[]): void;
  place(server: Server, port?: number, address?: string): Promise<void>;
  site(listener: RequestListener, address?: string): Promise<void>;
  /** On port 443, with a certificate for the name that is trusted. */
  secureSite(listener: RequestListener, certificate: { host: string; days?: number }): Promise<void>;
  close(): Promise<void>;
}

export async function startInternet(): Promise<Internet> {
  const names = new Map<string, (readonly string[])[]>();
  const ports = new Map<string, number>();
  const servers: Server[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const asked: string[] = [];
  const visited: string[] = [];
  const authorities: string[] = [];
  let intrusions = 0;

  async function listen(server: Server): Promise<number> {
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  const inside = await listen(
    createServer((socket) => {
      intrusions++;
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret');
    }),
  );
  const internet: Internet = {
    network: {
      async resolve(hostname) {
        asked.push(hostname);
        const answers = names.get(hostname);
        const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
        if (answer === undefined) throw Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
        return answer;
      },
      connectOptions([address], port) {
        visited.push(`${address}:${port}`);
        const local = ports.get(`${address}:${port}`) ?? inside;
        return { ...INTERNET.connectOptions(['127.0.0.1'], local), ca: authorities };
      },
    },
    asked,
    visited,
    get intrusions() {
      return intrusions;
    },
    name(hostname, ...answers) {
      names.set(hostname, [...answers]);
    },
    async place(server, port = 80, address = PUBLIC) {
      ports.set(`${address}:${port}`, await listen(server));
    },
    site: (listener, address) => internet.place(createHttp(listener), 80, address),
    async secureSite(listener, certificate) {
      const { key, cert } = selfSigned(certificate);
      authorities.push(cert);
      await internet.place(createHttps({ key, cert }, listener), 443);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => once(server.close(), 'close')));
    },
  };
  ports.set(`${CLOSED}:80`, await freePort());
  return internet;
}
