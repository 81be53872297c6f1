export function zip(files: readonly { readonly name: string; readonly bytes: Buffer }[]): Buffer;
export function crc32(bytes: Uint8Array): number;
