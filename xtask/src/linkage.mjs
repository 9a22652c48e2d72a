// The names by which a module of WebAssembly and its script call one another.

const [IMPORTS, EXPORTS] = [2, 7];
const [FUNCTION, TABLE, MEMORY] = [0, 1, 2];

/** What wasm-bindgen made up: no one but its own script says it. */
const MADE_UP = /^(__wb|__externref|wasm_bindgen__)/;

/**
 * Gives what wasm-bindgen imports and exports one or two letters in place of names with hashes in them, which
 * hardly compress.
 *
 * @param {Buffer} module
 * @returns {{ module: Buffer, names: Map<string, string> }} the module, and what each name is now, for its script
 */
export function shorten(module) {
  const names = new Map();
  const short = (name) => {
    if (!MADE_UP.test(name)) return name;
    if (!names.has(name)) names.set(name, letters(names.size));
    return names.get(name);
  };
  const parts = [module.subarray(0, 8)];
  for (let at = 8; at < module.length; ) {
    const reader = new Reader(module, at + 1);
    const body = reader.octets(reader.number());
    const section = { [IMPORTS]: imports, [EXPORTS]: exports }[module[at]];
    if (section === undefined) {
      parts.push(module.subarray(at, reader.at));
    } else {
      const written = section(new Reader(body, 0), short);
      parts.push(module.subarray(at, at + 1), number(written.length), written);
    }
    at = reader.at;
  }
  return { module: Buffer.concat(parts), names };
}

function imports(reader, short) {
  const parts = [number(reader.number())];
  while (!reader.done) {
    const from = reader.text();
    const name = reader.text();
    const start = reader.at;
    reader.importType();
    parts.push(text(from), text(short(name)), reader.since(start));
  }
  return Buffer.concat(parts);
}

function exports(reader, short) {
  const parts = [number(reader.number())];
  while (!reader.done) {
    const name = reader.text();
    const start = reader.at;
    reader.octets(1);
    reader.number();
    parts.push(text(short(name)), reader.since(start));
  }
  return Buffer.concat(parts);
}

/** The names of variables: one letter, then two. */
function letters(count) {
  const all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const first = Math.floor(count / all.length) - 1;
  if (first >= all.length) throw new Error("more names than two letters make");
  return (all[first] ?? "") + all[count % all.length];
}

class Reader {
  #octets;

  constructor(octets, at) {
    this.#octets = octets;
    this.at = at;
  }

  get done() {
    return this.at >= this.#octets.length;
  }

  since(start) {
    return this.#octets.subarray(start, this.at);
  }

  octets(count) {
    this.at += count;
    return this.since(this.at - count);
  }

  /** An unsigned number in LEB128. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const octet = this.#octets[this.at++];
      value |= (octet & 127) << shift;
      if (octet < 128) return value >>> 0;
    }
  }

  text() {
    return this.octets(this.number()).toString();
  }

  importType() {
    const kind = this.octets(1)[0];
    if (kind === FUNCTION) {
      this.number();
    } else if (kind === TABLE || kind === MEMORY) {
      if (kind === TABLE) this.octets(1);
      const hasMost = this.number() & 1;
      this.number();
      if (hasMost) this.number();
    } else {
      this.octets(2);
    }
  }
}

function number(value) {
  const octets = [];
  for (; value > 127; value >>>= 7) octets.push((value & 127) | 128);
  return Buffer.from([...octets, value]);
}

function text(value) {
  const octets = Buffer.from(value);
  return Buffer.concat([number(octets.length), octets]);
}
