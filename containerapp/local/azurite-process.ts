/**
 * Azurite in a process of its own, which ends when its parent does: also when the parent is killed and can say nothing.
 * Its command line is Azurite's.
 */
const CLOSE_DEADLINE_MS = 5_000;

// It says that it closes, and with its parent gone nobody listens: that must not end it before it has saved.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.on('disconnect', () => {
  // Azurite's own handler saves what it holds and closes its servers; before it is there, nothing is held.
  if (!process.emit('SIGTERM')) process.exit(1);
  setTimeout(() => process.exit(1), CLOSE_DEADLINE_MS).unref();
});

// Its module starts it, and brings no types.
const azurite: string = 'azurite/dist/src/azurite.js';
await import(azurite);
