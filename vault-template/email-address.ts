import { domainToASCII } from "node:url";

// Local part as RFC 5321's dot-string; quoted local parts exist on paper only. No character of it can end a header.
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A mail address in the form the vault keeps: local part as typed, domain in lower-case ASCII (IDNA). Returns null for
 * anything that is not one plain address, so that it is safe in mail headers and SMTP commands.
 */
export function emailAddress(raw: string): string | null {
  const text = raw.trim();
  const at = text.lastIndexOf("@");
  if (at < 1 || text.length > 254) return null;
  const local = text.slice(0, at);
  // domainToASCII follows the URL standard and would take "a/b" or "a:1" apart, so only plain letters go in.
  const typed = text.slice(at + 1);
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(typed)) return null;
  const host = domainToASCII(typed);
  const address = `${local}@${host}`;
  const valid = local.length <= 64 && localPart.test(local) && domain.test(host) && address.length <= 254;
  return valid ? address : null;
}

/** Two addresses with the same key are one mailbox to the vault: case does not tell members apart. */
export const emailKey = (address: string): string => address.toLowerCase();
