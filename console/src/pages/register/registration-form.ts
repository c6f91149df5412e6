import type { z } from "zod";
import { NewRegistration } from "../../../../control-api/contract/registrations.ts";
import type { Locale } from "../../../../control-api/contract/fields.ts";

/** What somebody has typed so far. */
export interface RegistrationForm {
  readonly type: "umbrella" | "collective";
  /** undefined until one is chosen of several: then it is the first that is offered. */
  readonly template: string | undefined;
  readonly name: string;
  /** undefined until somebody writes their own: then it follows the name. */
  readonly slug: string | undefined;
  readonly contactName: string;
  readonly email: string;
  readonly umbrella: string;
}

/** The fields of the form, each by its pointer in what is sent. */
export const fieldPointers = ["/name", "/slug", "/contact/name", "/contact/email", "/umbrella"] as const;
export type FieldPointer = (typeof fieldPointers)[number];

export const emptyForm: RegistrationForm = {
  type: "collective",
  template: undefined,
  name: "",
  slug: undefined,
  contactName: "",
  email: "",
  umbrella: "",
};

export interface Circumstances {
  readonly slug: string;
  readonly locale: Locale;
  /** The token of an umbrella's link, "" without one. */
  readonly invitation: string;
}

/** What is sent for a form. Pure. */
export const registrationOf = (
  form: RegistrationForm,
  { slug, locale, invitation }: Circumstances,
): z.input<typeof NewRegistration> => {
  const isCollective = form.type === "collective";
  return {
    type: form.type,
    ...(form.template === undefined ? {} : { template: form.template }),
    name: form.name,
    slug,
    contact: { name: form.contactName, email: form.email },
    locale,
    ...(isCollective && invitation !== "" ? { affiliationInvitation: invitation } : {}),
    ...(isCollective && invitation === "" && form.umbrella.trim() !== "" ? { umbrella: form.umbrella.trim() } : {}),
  };
};

/** Which fields are not right yet, by the contract itself; in the order in which they stand. */
export const wrongFields = (registration: z.input<typeof NewRegistration>): FieldPointer[] => {
  const { error } = NewRegistration.safeParse(registration);
  const pointers = new Set(error?.issues.map(({ path }) => `/${path.join("/")}`));
  return fieldPointers.filter((pointer) => pointers.has(pointer));
};
