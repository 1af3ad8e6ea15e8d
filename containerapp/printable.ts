/** Without what would steer a terminal or turn the direction of its text. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
