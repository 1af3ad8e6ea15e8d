/** The same as in package.json, which a test sees to. */
export const VERSION = '0.1.0';
