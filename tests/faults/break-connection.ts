import type { Socket } from 'node:net';

/**
 * Breaks a connection with a reset. One that is being ended already is only closed: after a reset in that moment Node keeps
 * the handle, and this process would never come to its end.
 */
export function breakConnection(socket: Socket | null): void {
  if (socket?.writableEnded) socket.destroy();
  else socket?.resetAndDestroy();
}
