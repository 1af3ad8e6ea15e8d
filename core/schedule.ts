import { Cron } from 'croner';

/** When something is done again and again, in six fields (seconds first), as the Functions host counts them: in UTC. */

export function isSchedule(schedule: string): boolean {
  try {
    return parse(schedule).nextRun() !== null;
  } catch {
    // It says by an error what is wrong.
    return false;
  }
}

/** @throws Error for what is no schedule, or never comes */
export function nextRun(schedule: string, after: Date): Date {
  const next = parse(schedule).nextRun(after);
  if (next === null) throw new Error('the schedule has no next time');
  return next;
}

function parse(schedule: string): Cron {
  return new Cron(schedule, { mode: '6-part', timezone: 'UTC', paused: true });
}
