import { getFleetHealth } from "../contract/fleet-health.ts";
import { defineRoute } from "../http/define-route.ts";

export const fleetHealthRoutes = [defineRoute(getFleetHealth, (_call, { fleetHealth }) => fleetHealth())];
