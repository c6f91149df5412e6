import { z } from "zod";
import { generation, instant } from "./field.ts";

/** A condition as in Kubernetes' metav1.Condition. */
export const Condition = z
  .object({
    type: z.string().max(316).describe("What is judged, in CamelCase. Written by the operator only."),
    status: z.enum(["True", "False", "Unknown"]).describe("Whether it holds. Written by the operator only."),
    reason: z
      .string()
      .min(1)
      .max(128)
      .describe("One CamelCase word, stable, for programs and runbooks. Written by the operator only."),
    message: z.string().max(2048).describe("For people: what is so and what to do next. Written by the operator only."),
    lastTransitionTime: instant().describe("When status last changed. Written by the operator only."),
    observedGeneration: generation()
      .optional()
      .describe("The generation of the object that was judged. Written by the operator only."),
  })
  .describe("One judgement about the object. Written by the operator only.");
export type Condition = z.infer<typeof Condition>;

/** The list of conditions, at most one of each type. */
export const conditions = () =>
  z
    .array(Condition)
    .max(24)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
    .describe("What holds and what does not, with reasons. Written by the operator only.");
