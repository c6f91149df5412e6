import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { postRegistration } from "../../../../control-api/contract/registrations.ts";
import { newIdempotencyKey } from "../../api/new-idempotency-key.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import {
  emptyForm,
  type FieldPointer,
  type RegistrationForm,
  registrationOf,
  wrongFields,
} from "./registration-form.ts";
import { useSlug } from "./use-slug.ts";

const localeOf = (language: string | undefined) => (language === "nb" ? "nb" : "en");

/** The state of /register: what is typed, what is wrong with it, and sending it once however often it is pressed. */
export const useRegister = (invitation: string) => {
  const { i18n } = useTranslation();
  const navigate = useNavigate();
  const [form, setForm] = useState<RegistrationForm>(emptyForm);
  const [wrong, setWrong] = useState<readonly FieldPointer[]>([]);
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const inputs = useRef(new Map<FieldPointer, HTMLInputElement>());
  const choice = useSlug(form.name, form.slug);
  const { mutate, isPending, error, reset } = useApiMutation(postRegistration, {
    onDone: ({ mailSentTo, slug }) => navigate("/register/check-mail", { state: { mailSentTo, slug } }),
  });

  const change = (part: Partial<RegistrationForm>): void => {
    setForm({ ...form, ...part });
    setWrong([]);
    setIdempotencyKey(newIdempotencyKey());
    reset();
  };
  const submit = (): void => {
    const circumstances = { slug: choice.slug, locale: localeOf(i18n.resolvedLanguage), invitation } as const;
    const registration = registrationOf(form, circumstances);
    const missing = wrongFields(registration);
    setWrong(missing);
    const [first] = missing;
    if (first === undefined) mutate({ body: registration, idempotencyKey });
    else inputs.current.get(first)?.focus();
  };
  const inputRef =
    (pointer: FieldPointer) =>
    (input: HTMLInputElement | null): void => {
      if (input) inputs.current.set(pointer, input);
      else inputs.current.delete(pointer);
    };
  const isWrong = (pointer: FieldPointer): boolean => wrong.includes(pointer) || error?.field(pointer) !== undefined;
  return { form, change, submit, choice, isWrong, inputRef, isPending, problem: error };
};
