import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;

type Entry = {
  readonly name: string;
  readonly method: number;
  readonly size: number;
  readonly offset: number;
};

function readEntry(zip: Buffer, at: number): { entry: Entry; next: number } {
  const nameLength = zip.readUInt16LE(at + 28);
  const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
  const entry = {
    name,
    method: zip.readUInt16LE(at + 10),
    size: zip.readUInt32LE(at + 20),
    offset: zip.readUInt32LE(at + 42),
  };
  return { entry, next: at + 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32) };
}

function readDirectory(zip: Buffer): Entry[] {
  const end = zip.lastIndexOf(Buffer.from(Uint32Array.of(END_OF_DIRECTORY).buffer));
  const entries: Entry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const { entry, next } = readEntry(zip, at);
    entries.push(entry);
    at = next;
  }
  return entries;
}

function readContent(zip: Buffer, { name, method, size, offset }: Entry): Buffer {
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  const content = zip.subarray(start, start + size);
  if (method === STORED) return content;
  if (method === DEFLATED) return inflateRawSync(content);
  throw new Error(`Cannot unzip ${name}: it is packed with method ${method}`);
}

/**
 * Unpacks a zip file. Node has no function for that.
 *
 * @throws {Error} If a file would land outside the directory
 */
export function unzip(file: string, directory: string): void {
  const zip = readFileSync(file);
  for (const entry of readDirectory(zip)) {
    const target = join(directory, entry.name);
    if (relative(directory, target).startsWith('..'))
      throw new Error(`Cannot unzip ${entry.name}: it leads outside`);
    mkdirSync(dirname(target), { recursive: true });
    if (!entry.name.endsWith('/')) writeFileSync(target, readContent(zip, entry));
  }
}
