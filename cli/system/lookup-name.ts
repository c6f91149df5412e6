import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";

/** Names under .localhost are this machine (RFC 6761); Debian's resolver and Node do not know that. */
export const lookupName: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith(".localhost")) {
    lookup(hostname, options, callback);
    return;
  }
  if ((options as { all?: boolean }).all) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};
