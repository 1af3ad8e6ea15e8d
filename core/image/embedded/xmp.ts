/** The properties of XMP that are looked at, as text. No XML is built from it, and no entity is ever declared. */

/** UTF-8; sidecar-like packets of editors are larger, those of generators are not. */
const MAX_PACKET = 512 * 1024;

const NAMESPACES = {
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
} as const;

/** Where a property is asked for: its namespace by its usual prefix, and its name. */
export type XmpProperty = `${keyof typeof NAMESPACES}:${string}`;

export class Xmp {
  readonly #packet: string;

  constructor(packet: Uint8Array | undefined) {
    const readable = packet !== undefined && packet.length <= MAX_PACKET;
    this.#packet = readable ? new TextDecoder().decode(packet) : '';
  }

  /**
   * The value of a simple property, or of the first item of an array or of alternatives. It may stand in an attribute,
   * in an element, or as an element's resource (XMP specification, part 1, section 7).
   */
  get(property: XmpProperty): string | null {
    const [prefix, name] = property.split(':');
    if (this.#packet === '' || !this.#packet.includes(`:${name}`)) return null;
    const own = `${this.#prefixOf(NAMESPACES[prefix as keyof typeof NAMESPACES]) ?? prefix}:${name}`;
    return this.#attribute(own) ?? this.#element(own);
  }

  /** A file may bind any prefix to a namespace. */
  #prefixOf(namespace: string): string | null {
    const at = Math.max(this.#packet.indexOf(`="${namespace}"`), this.#packet.indexOf(`='${namespace}'`));
    const before = this.#packet.slice(Math.max(0, at - 64), Math.max(0, at));
    return /xmlns:([\w.-]+)\s*$/.exec(before)?.[1] ?? null;
  }

  #attribute(name: string): string | null {
    for (const quote of ['"', "'"]) {
      const start = this.#packet.indexOf(` ${name}=${quote}`.replace(/^ /, ''));
      if (start < 1 || !/\s/.test(this.#packet.charAt(start - 1))) continue;
      const from = start + name.length + 2;
      const to = this.#packet.indexOf(quote, from);
      // An attribute's line breaks are spaces (XML 1.0, section 3.3.3).
      if (to >= 0) return decodeEntities(this.#packet.slice(from, to).replace(/\r\n?|[\n\t]/g, ' '));
    }
    return null;
  }

  #element(name: string): string | null {
    const start = new RegExp(`<${name.replace(/[.]/g, '\\.')}(?=[\\s/>])`).exec(this.#packet)?.index ?? -1;
    const opened = start < 0 ? -1 : this.#packet.indexOf('>', start);
    if (opened < 0) return null;
    const tag = this.#packet.slice(start, opened);
    if (tag.endsWith('/')) {
      const [, resource] = /\srdf:resource=["']([^"']*)["']/.exec(tag) ?? [];
      return resource === undefined ? null : decodeEntities(resource);
    }
    const closed = this.#packet.indexOf(`</${name}>`, opened);
    return closed < 0 ? null : firstText(this.#packet.slice(opened + 1, closed));
  }
}

/** The text of an element, or of the first item in it. */
function firstText(content: string): string | null {
  const item = content.search(/<rdf:li[\s>]/);
  if (item < 0) return content.includes('<') ? null : decodeEntities(lineBreaks(content));
  const from = content.indexOf('>', item) + 1;
  const to = content.indexOf('</rdf:li>', from);
  const text = from === 0 || to < 0 ? '<' : content.slice(from, to);
  return text.includes('<') ? null : decodeEntities(lineBreaks(text));
}

/** XML 1.0, section 2.11. */
function lineBreaks(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five that XML has without a declaration, and characters by number. Others stay as they are. */
function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi,
    (entity, hex, decimal, name) => {
      if (name) return ENTITIES[name] ?? entity;
      const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : entity;
    },
  );
}
