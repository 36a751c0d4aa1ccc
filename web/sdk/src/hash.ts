// CRC-32 (IEEE), by which a view is compared with what the server sent. Without a
// table: it is for a few kilobytes every few seconds.

export function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const b of bytes) {
    crc ^= b
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320)
  }
  return ~crc >>> 0
}
