import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM']);

/**
 * Runs a program to its end on this terminal. A signal goes on to the program, and this process stays until the program
 * has ended: npm would otherwise say that it is over while it still drains. A Ctrl-C reaches the program twice, from the
 * terminal and from here.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>} its exit code; 128 and the signal's number when a signal ended it
 */
export function runChild(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    // On Windows the console tells every process of a Ctrl-C itself, and kill() would end the program at once.
    const handOn = (/** @type {NodeJS.Signals} */ signal) =>
      process.platform !== 'win32' && child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, handOn);
    const release = () => {
      for (const signal of SIGNALS) process.off(signal, handOn);
    };
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      release();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}
