import type { ComponentType } from "react";

/** The pages of a folder as the router takes them: all of them are loaded when one of them is first gone to. */
export const lazyFrom =
  <Name extends string>(load: () => Promise<Readonly<Record<Name, ComponentType>>>) =>
  (name: Name) =>
  async (): Promise<{ Component: ComponentType }> => ({ Component: (await load())[name] });
