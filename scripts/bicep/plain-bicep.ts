/** Each line break stays where it is, so that a finding names the right line. */
const blank = (text: string) => text.replace(/[^\n]/g, '');

/**
 * The same resources in the Bicep of 2022, which is all that checkov's parser knows: it leaves out a file that has anything
 * newer in it, and says nothing of that. Types are lost, which it does not look at; the value of no property is.
 */
export function plainBicep(source: string): string {
  return (
    source
      .replace(/^import .*$/gm, blank)
      .replace(/^@(?:export|sealed)\(\)$/gm, blank)
      .replace(/^type \w+ = \{[\s\S]*?^\}$/gm, blank)
      .replace(/^(param \w+) \w+\[\]/gm, '$1 array')
      .replace(/^(param \w+) (?:\{[^}]*\}|[A-Z]\w*)/gm, '$1 object')
      // Operators for what may not be there.
      .replace(/(\w)!\./g, '$1.')
      .replaceAll('.?', '.')
      .replaceAll('[?', '[')
      .replace(/map\([^\n]*=> \{[^}]*\}\)/g, '[]')
      .replace(/\n\s+([?:] )/g, ' $1')
  );
}
