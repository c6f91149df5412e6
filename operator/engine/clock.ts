export { type Clock, systemTimer, type Timer } from "../../kube/clock.ts";
