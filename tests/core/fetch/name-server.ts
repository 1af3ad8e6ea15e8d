import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Addresses as bytes: four for an A record, sixteen for an AAAA record. A word is what the server does instead. */
export type Zone = Readonly<Record<string, readonly (readonly number[])[] | 'servfail' | 'silence'>>;

export interface NameServer {
  /** As `Resolver.setServers` takes it. */
  readonly address: string;
  /** Resolves with the first question. */
  readonly questioned: Promise<void>;
  close(): Promise<void>;
}

const TYPES: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [28, 16],
]);
const SERVFAIL = 2;
const NXDOMAIN = 3;

/** Starts a name server (RFC 1035, over UDP) on a free port of this machine. */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const { promise: questioned, resolve } = Promise.withResolvers<void>();
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    resolve();
    const reply = answer(query, zone);
    if (reply) socket.send(reply, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questioned,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function answer(query: Buffer, zone: Zone): Buffer | null {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const type = query.readUInt16BE(at + 1);
  const found = zone[labels.join('.').toLowerCase()];
  if (found === 'silence') return null;
  const code = found === 'servfail' ? SERVFAIL : found === undefined ? NXDOMAIN : 0;
  const records = typeof found === 'object' ? found.filter(({ length }) => length === TYPES.get(type)) : [];
  const header = Buffer.from([0, 0, 0x81, 0x80 | code, 0, 1, 0, records.length, 0, 0, 0, 0]);
  query.copy(header, 0, 0, 2);
  // Each refers to the name in the question, is of class IN, and may be kept for no time at all.
  const resources = records.map((bytes) => [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]);
  return Buffer.concat([header, question, Buffer.from(resources.flat())]);
}
