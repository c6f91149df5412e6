import type { Provider } from "oidc-provider";
import { type Clock, later, second } from "../clock.ts";
import { signingKeyOf } from "./key-plan.ts";
import type { KeyStore, SigningKey } from "./key-store.ts";

/** The provider with the keys of now. */
export type ProviderSource = () => Promise<Provider>;

/** A new key is seen this long after it was made: well before it signs. */
const keysHoldMs = 30 * second;

const signingFirst = (keys: readonly SigningKey[], now: Date): SigningKey[] => {
  const signing = signingKeyOf(keys, now);
  // With no clock as it should be, the oldest is the one that others know.
  return signing ? [signing, ...keys.filter((key) => key !== signing)] : [...keys];
};

/** Makes the provider anew when its keys are others: all that it knows is in the registry, so nothing is lost by it. */
export const createProviderSource = (
  keyStore: Pick<KeyStore, "list">,
  clock: Clock,
  create: (keys: readonly SigningKey[]) => Provider,
): ProviderSource => {
  let keys: Promise<SigningKey[]> | null = null;
  let readAgainAt = new Date(0);
  let made: { readonly order: string; readonly provider: Provider } | null = null;
  const currentKeys = (): Promise<SigningKey[]> => {
    const now = clock.now();
    if (keys === null || readAgainAt <= now) {
      readAgainAt = later(now, keysHoldMs);
      keys = keyStore.list().catch((error: unknown) => {
        keys = null;
        throw error;
      });
    }
    return keys;
  };
  return async () => {
    const sorted = signingFirst(await currentKeys(), clock.now());
    const order = sorted.map(({ id }) => id).join(" ");
    if (made?.order !== order) made = { order, provider: create(sorted) };
    return made.provider;
  };
};
