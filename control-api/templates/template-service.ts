import type { TemplateView } from "../contract/templates.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { invalid } from "../errors.ts";
import { templateRepository } from "./template-repository.ts";

export interface TemplateService {
  offered(): Promise<TemplateView[]>;
  /** Throws 422 for a template that cannot be registered for. Lets all through while no worker has told of any. */
  mustBeOffered(name: string): Promise<void>;
}

export const createTemplateService = (registry: RegistryDatabase): TemplateService => {
  const offered = () => registry.asPlatform((transaction) => templateRepository(transaction).offered());
  return {
    offered,
    mustBeOffered: async (name) => {
      const names = (await offered()).map((template) => template.name);
      if (names.length === 0 || names.includes(name)) return;
      const detail = `Nothing called "${name}" can be registered for. Choose one of: ${names.join(", ")}.`;
      throw invalid([{ pointer: "/template", detail }]);
    },
  };
};
