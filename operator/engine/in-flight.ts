import { createInFlight, type InFlight } from "../../kube/in-flight.ts";

/** A limiter per resource: each database server has its own places, so that a slow one holds up nobody else. */
export interface InFlightPool {
  /** The limiter of this resource; made at its first mention. */
  of(resource: string): InFlight;
  /** Forgets a resource that is gone; work under way in it goes on. */
  forget(resource: string): void;
  resources(): IterableIterator<[string, InFlight]>;
}

/** `limit` at a time for each resource; `limits` says otherwise for some. */
export const createInFlightPool = (limit: number, limits: Readonly<Record<string, number>> = {}): InFlightPool => {
  const limiters = new Map<string, InFlight>();
  return {
    of: (resource) => {
      let limiter = limiters.get(resource);
      if (!limiter) limiters.set(resource, (limiter = createInFlight(limits[resource] ?? limit)));
      return limiter;
    },
    forget: (resource) => void limiters.delete(resource),
    resources: () => limiters.entries(),
  };
};
